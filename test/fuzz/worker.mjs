// A child process that imports mutants with the built package, one after another, and says what came of each.
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { importDataset } from '../../dist/dataset/import.js';
import { importSources } from '../../dist/dataset/source-files.js';
import { findImporter, nativeFormat, tableFormat } from '../../dist/engine/import-formats.js';
import { caseOf } from './case.mjs';
import { corpus } from './corpus.mjs';
import { datasetFaults, differences, errorFaults, treeOf } from './inspect.mjs';

const [root] = process.argv.slice(2);
// the dataset lies deep inside what is watched
const watched = join(root, 'watched');
const input = join(watched, 'input');
const folder = join(watched, 'a', 'b', 'dataset');
const bases = join(root, 'bases');
for (const path of [input, join(watched, 'a', 'b'), join(watched, 'tmp'), join(watched, 'home'), bases])
  mkdirSync(path, { recursive: true });
for (const path of ['', 'a', 'a/b', 'tmp', 'home']) writeFileSync(join(watched, path, 'sentinel'), path);
process.chdir(join(watched, 'home'));
Object.assign(process.env, { TMPDIR: join(watched, 'tmp'), HOME: join(watched, 'home') });

const samples = await corpus();

const importInto = async (target, { sample, files }, paths, more = {}) =>
  importDataset({
    folder: target,
    sources: await importSources(
      paths,
      files.map(({ name }) => name),
    ),
    format:
      sample.kind === undefined
        ? nativeFormat(findImporter(sample.format), sample.params ?? {})
        : tableFormat({ format: sample.format, kind: sample.kind }),
    ...more,
  });

function write(files, to) {
  rmSync(to, { recursive: true, force: true });
  mkdirSync(to);
  return files.map(({ name, bytes }) => {
    writeFileSync(join(to, name), bytes);
    return join(to, name);
  });
}

/** A dataset that holds the sample as it is. */
async function baseOf(sample) {
  const of = samples.get(sample.format).indexOf(sample);
  const base = join(bases, `${sample.format}-${of}`);
  if (!existsSync(base)) await importInto(base, { sample, files: sample.files }, write(sample.files, input));
  return base;
}

async function run({ format, seed, index }) {
  const of = caseOf(samples.get(format), format, seed, index);
  const { mode } = of;
  for (const path of [folder, `${folder}.other`]) rmSync(path, { recursive: true, force: true });
  if (mode === 'existing' || mode === 'replace') cpSync(await baseOf(of.sample), folder, { recursive: true });
  const before = treeOf(folder);
  const paths = write(of.files, input);
  const around = treeOf(watched, folder);
  const replace = mode === 'replace';
  const out = { steps: of.steps, mode, file: of.files[0].name, faults: [] };
  const started = performance.now();
  try {
    const report = await importInto(folder, of, paths, { replace });
    out.ms = performance.now() - started;
    out.counts = countsOf(report);
    out.faults.push(...datasetFaults(folder, report, replace), ...lineFaults(of, report));
    out.faults.push(...(await modeFaults(of, paths)));
  } catch (error) {
    out.ms = performance.now() - started;
    out.error = String(error?.bound ?? error?.message).slice(0, 80);
    out.faults.push(...errorFaults(error));
    const changed = differences(before, treeOf(folder));
    if (changed.length > 0) out.faults.push(`a failed import changed ${changed.join(', ')}`);
    if (Object.keys(before).length === 0 && existsSync(folder))
      out.faults.push('a failed import left a folder');
  }
  rmSync(`${folder}.other`, { recursive: true, force: true });
  const moved = differences(around, treeOf(watched, folder));
  if (moved.length > 0) out.faults.push(`written outside the dataset: ${moved.join(', ')}`);
  out.rss = process.memoryUsage.rss();
  out.files = readdirSync('/proc/self/fd').length;
  return out;
}

function countsOf({ sources }) {
  const sum = (of) => sources.reduce((total, source) => total + of(source), 0);
  return {
    read: sum(({ rowsRead }) => rowsRead),
    kept: sum(({ rowsKept }) => rowsKept),
    duplicates: sum(({ duplicates }) => duplicates),
    ledger: sum(({ ledger }) => Object.values(ledger).reduce((a, b) => a + b, 0)),
    skipped: sum(({ skipped }) => skipped),
  };
}

/** Formats of one record a line: every line is a row or skipped. */
function lineFaults({ lineRecords }, { sources, known }) {
  if (lineRecords === undefined || known.length > 0) return [];
  const seen = sources.reduce((total, { rowsRead, skipped }) => total + rowsRead + skipped, 0);
  return seen === lineRecords ? [] : [`${seen} rows and skipped records of ${lineRecords} lines`];
}

/** The same import with the smallest buffer gives the same bytes; done again, it changes nothing. */
async function modeFaults(of, paths) {
  const first = treeOf(folder);
  if (of.mode === 'spill') {
    await importInto(`${folder}.other`, of, paths, { bufferBytes: 1 });
    const changed = differences(first, treeOf(`${folder}.other`));
    return changed.length > 0 ? [`spilling changed ${changed.join(', ')}`] : [];
  }
  if (of.mode === 'again') {
    await importInto(folder, of, paths);
    const changed = differences(first, treeOf(folder));
    return changed.length > 0 ? [`a second import changed ${changed.join(', ')}`] : [];
  }
  return [];
}

process.on('message', async (message) => process.send(await run(message)));
process.send({ ready: true });
