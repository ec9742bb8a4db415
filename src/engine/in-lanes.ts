/**
 * Has lanes take the jobs, each the next when it is free. After an error no job is started, and when those that were have
 * ended, the error of the earliest is thrown: the one that a single lane would have met.
 */
export async function inLanes<Job>(
  jobs: readonly Job[],
  lanes: number,
  run: (job: Job, lane: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  let failed = jobs.length;
  let error: unknown;
  async function takeAll(lane: number): Promise<void> {
    while (next < jobs.length && failed === jobs.length) {
      const at = next++;
      try {
        await run(jobs[at]!, lane);
      } catch (reason) {
        if (at < failed) error = reason;
        failed = Math.min(failed, at);
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(lanes, jobs.length) }, (_, lane) => takeAll(lane)));
  if (failed < jobs.length) throw error;
}
