/**
 * Has `lanes` lanes at a time take the jobs, each the next when it is free. The first error lets no lane take another job
 * and is thrown when all have ended, so that none works on over memory that the caller has left.
 */
export async function inLanes<Job>(
  jobs: readonly Job[],
  lanes: number,
  run: (job: Job, lane: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  let failed = false;
  const takeAll = async (lane: number): Promise<void> => {
    try {
      while (next < jobs.length && !failed) await run(jobs[next++]!, lane);
    } catch (error) {
      failed = true;
      throw error;
    }
  };
  const ends = await Promise.allSettled(
    Array.from({ length: Math.min(lanes, jobs.length) }, (_, lane) => takeAll(lane)),
  );
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
}
