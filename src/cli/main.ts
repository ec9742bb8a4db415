#!/usr/bin/env node
import { type Command, CommanderError } from 'commander';
import { writeError } from '../table/atomic.js';
import { command, refuseRepeats } from './command.js';
import { report } from './report.js';

/** Every command: its summary, and its file, loaded only when it is the one called. */
const COMMANDS: Readonly<
  Record<string, { summary: string; load: (args: readonly string[]) => Promise<Command> }>
> = {
  list: { summary: 'list the analytics', load: async () => (await import('./list.js')).listCommand() },
  describe: {
    summary: 'formula, parameters and outputs of an analytic',
    load: async () => (await import('./describe.js')).describeCommand(),
  },
  run: {
    summary: 'run an analytic over trades, bars, books or open interest and write its tables',
    load: async (args) => (await import('./run.js')).runCommand(args),
  },
  merge: {
    summary: 'put the shards of a run together',
    load: async () => (await import('./merge.js')).mergeCommand(),
  },
  sweep: {
    summary: 'backtest a grid of strategies over a universe, counting the trials',
    load: async () => (await import('./sweep.js')).sweepCommand(),
  },
  verify: {
    summary: 'run an analytic on both backends and compare',
    load: async (args) => (await import('./verify.js')).verifyCommand(args),
  },
  audit: {
    summary: 'check what the data says of itself: aggressor sides against the rules',
    load: async () => (await import('./audit.js')).auditCommand(),
  },
  doctor: {
    summary: 'what this machine offers: adapters, limits, the backend that auto takes',
    load: async () => (await import('./doctor.js')).doctorCommand(),
  },
  import: {
    summary: 'read exchange files into a dataset, with a ledger of what was left out',
    load: async (args) => (await import('./import.js')).importCommand(args),
  },
  inspect: {
    summary: 'what a dataset or a file holds, and what is missing in it',
    load: async (args) => (await import('./inspect.js')).inspectCommand(args),
  },
  export: {
    summary: 'write what a dataset holds as Parquet, Arrow or CSV in decimal units',
    load: async () => (await import('./export.js')).exportCommand(),
  },
  replay: {
    summary: 'rebuild order books from snapshots and changes: states, coverage, gaps',
    load: async (args) => (await import('./replay.js')).replayCommand(args),
  },
  formats: {
    summary: 'list the formats that import reads',
    load: async () => (await import('./formats.js')).formatsCommand(),
  },
  generate: {
    summary: 'write a seeded synthetic market',
    load: async () => (await import('./generate.js')).generateCommand(),
  },
  docs: {
    summary: 'write or check ANALYTICS.md and FORMATS.md',
    load: async () => (await import('./docs.js')).docsCommand(),
  },
  demo: {
    summary: 'the main job end to end on a synthetic market',
    load: async () => (await import('./demo.js')).demoCommand(),
  },
};

async function main(args: readonly string[]): Promise<number> {
  const program = command(
    'steelyard',
    'Volume imbalance, order flow and backtests for whole universes, exact on WebGPU and on the CPU.',
  );
  const called = args.find((arg) => Object.hasOwn(COMMANDS, arg));
  for (const [name, { summary, load }] of Object.entries(COMMANDS))
    program.addCommand(
      name === called
        ? refuseRepeats(await load(args.slice(args.indexOf(name) + 1)))
        : command(name, summary),
    );
  const { readFileSync } = await import('node:fs');
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  program.version(version).helpCommand(true);
  if (args.length === 0) {
    process.stdout.write(program.helpInformation());
    return 0;
  }
  try {
    await program.parseAsync(args, { from: 'user' });
    return Number(process.exitCode ?? 0);
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return 0;
    return report(error);
  }
}

// 128 + signal number; the exit handler removes half-written files
for (const [signal, code] of [
  ['SIGHUP', 129],
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)
  process.on(signal, () => process.exit(code));

/** A pipe that closed early is the reader's choice; anything else is lost output. */
const lost = (error: NodeJS.ErrnoException): number =>
  error.code === 'EPIPE' ? 0 : report(writeError('-', error));
process.stdout.on('error', (error) => process.exit(lost(error)));
process.stderr.on('error', () => {});

main(process.argv.slice(2)).then(
  // earlier writes have failed too if the last one has; their event may come after the exit
  (code) => process.stdout.write('', (error) => process.exit(error && code === 0 ? lost(error) : code)),
  (error) => process.exit(report(error)),
);
