import { fork } from 'node:child_process';
import { accessSync, constants, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const WORKER = fileURLToPath(new URL('./worker.mjs', import.meta.url));
/** Mutants are small: nothing about them may take this long or this much. */
const HANG_MS = 30_000;
const START_MS = 60_000;
const HEAP_MB = 384;
const MOST_RSS = 1.5 * 2 ** 30;
const MOST_FILES = 128;

/** In memory where there is room for files: an import makes and removes a dozen of them, which a disk would be timed by. */
function scratchFolder() {
  try {
    accessSync('/dev/shm', constants.W_OK);
    return '/dev/shm';
  } catch {
    return tmpdir();
  }
}

/** A child that runs cases; `ask` gives its answer, or how it died. */
class Child {
  #process;
  #root;
  #errors = '';

  constructor(worker, hangMs) {
    this.worker = worker;
    this.hangMs = hangMs;
  }

  async start() {
    this.#root = mkdtempSync(join(scratchFolder(), 'steelyard-fuzz-'));
    this.#process = fork(this.worker, [this.#root], {
      execArgv: [`--max-old-space-size=${HEAP_MB}`],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.#process.stderr.on('data', (data) => {
      this.#errors = (this.#errors + data).slice(-4000);
    });
    const first = await this.#answer(START_MS);
    if (!first.ready) throw new Error(`the fuzz worker did not start: ${first.died}`);
  }

  async ask(message) {
    if (this.#process === undefined) await this.start();
    const answer = this.#answer(this.hangMs);
    this.#process.send(message);
    const got = await answer;
    if (got.died !== undefined) this.stop();
    return got;
  }

  /** The next message, or `died` with the reason. */
  #answer(limit) {
    const child = this.#process;
    return new Promise((resolve) => {
      const done = (answer) => {
        clearTimeout(timer);
        child.removeAllListeners('message').removeAllListeners('close');
        resolve(answer);
      };
      const timer = setTimeout(() => done({ died: `no answer within ${limit / 1000} s: it hangs` }), limit);
      child.on('message', done);
      child.on('close', (code, signal) =>
        done({
          died: `the process died (${signal ?? `exit code ${code}`}): ${this.#errors.trim().slice(-1500)}`,
        }),
      );
    });
  }

  stop() {
    this.#process?.kill('SIGKILL');
    this.#process = undefined;
    this.#errors = '';
    if (this.#root !== undefined && existsSync(this.#root))
      rmSync(this.#root, { recursive: true, force: true });
  }
}

const emptyRow = (format) => ({
  ...{ format, cases: 0, imported: 0, refused: 0, read: 0, kept: 0, ledger: 0, duplicates: 0, skipped: 0 },
  ...{ errors: new Map(), ms: 0, slowest: 0, findings: 0 },
});

/**
 * Runs cases `from` to `to` of each format on `workers` children at once. Returns a row of counts for each format, and
 * findings: `{ format, seed, index, what }`.
 */
export async function campaign({
  formats,
  seed,
  from = 0,
  to,
  workers = 2,
  worker = WORKER,
  hangMs = HANG_MS,
  progress = () => {},
}) {
  const rows = new Map(formats.map((format) => [format, emptyRow(format)]));
  const findings = [];
  const queue = formats.map((format) => ({ format, next: from }));
  // a child keeps to one format while there are others for its siblings
  const take = () => {
    const at = queue.findIndex(({ busy, next }) => !busy && next < to);
    return at < 0 ? undefined : queue[at];
  };
  const work = async () => {
    const child = new Child(worker, hangMs);
    try {
      for (let job = take(); job !== undefined; job = take()) {
        job.busy = true;
        for (; job.next < to; job.next++) {
          const { format, next: index } = job;
          const answer = await child.ask({ format, seed, index });
          const what = record(rows.get(format), answer);
          for (const found of what) findings.push({ format, seed, index, what: found });
          progress({ format, done: index + 1, findings: findings.length });
        }
      }
    } finally {
      child.stop();
    }
  };
  await Promise.all(Array.from({ length: Math.min(workers, formats.length) }, work));
  return { rows: [...rows.values()], findings };
}

/** Adds an answer to its format's row; returns what is wrong with it. */
function record(row, answer) {
  row.cases++;
  const what =
    answer.died !== undefined
      ? [answer.died]
      : answer.faults.map((fault) => `${fault} [${answer.file}, ${answer.mode}: ${answer.steps.join(', ')}]`);
  if (answer.rss > MOST_RSS) what.push(`${Math.round(answer.rss / 2 ** 20)} MiB in use`);
  if (answer.files > MOST_FILES) what.push(`${answer.files} files open: some are never closed`);
  row.findings += what.length;
  if (answer.died !== undefined) return what;
  row.ms += answer.ms;
  row.slowest = Math.max(row.slowest, answer.ms);
  if (answer.counts) {
    row.imported++;
    for (const [name, n] of Object.entries(answer.counts)) row[name] += n;
  } else {
    row.refused++;
    const kind = answer.error.replace(/\d+/g, '#').slice(0, 44);
    row.errors.set(kind, (row.errors.get(kind) ?? 0) + 1);
  }
  return what;
}
