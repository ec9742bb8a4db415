import { createHash } from 'node:crypto';
import { existsSync, lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { tableFromIPC } from 'apache-arrow';

const DAY = 86_400_000_000n;
const OWN = ['instruments.arrow', 'ledger.arrow', 'manifest.json'];
const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');
const sum = (values) => Object.values(values).reduce((total, n) => total + n, 0);

/** Every path of a folder, files with the hash of their content; `skip` leaves out what lies below that path. */
export function treeOf(folder, skip) {
  const out = {};
  const walk = (at, name) => {
    for (const entry of readdirSync(at).sort()) {
      const path = join(at, entry);
      const shown = name === '' ? entry : `${name}/${entry}`;
      if (path === skip) continue;
      if (lstatSync(path).isDirectory()) {
        out[`${shown}/`] = '';
        walk(path, shown);
      } else out[shown] = sha256(readFileSync(path));
    }
  };
  if (existsSync(folder)) walk(folder, '');
  return out;
}

/** Paths that differ between two trees. */
export const differences = (a, b) =>
  [...new Set([...Object.keys(a), ...Object.keys(b)])].filter((path) => a[path] !== b[path]);

/** What is wrong with a dataset and the report of the import that made it; nothing, if all is well. */
export function datasetFaults(folder, report, replaced) {
  const faults = [];
  const expect = (ok, what) => ok || faults.push(what);
  const manifest = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'));
  for (const { source, rowsRead, rowsKept, duplicates, ledger } of [...report.sources, ...manifest.sources]) {
    const counts = [rowsRead, rowsKept, duplicates, ...Object.values(ledger)];
    expect(
      rowsRead === rowsKept + duplicates + sum(ledger) &&
        counts.every((n) => Number.isSafeInteger(n) && n >= 0),
      `${source}: ${rowsRead} read is not ${rowsKept} kept + ${duplicates} duplicates + ${sum(ledger)} in the ledger`,
    );
  }
  const files = manifest.partitions.map(({ path }) => path);
  const expected = [...OWN, ...files].sort();
  const found = Object.keys(treeOf(folder)).filter((path) => !path.endsWith('/'));
  expect(String(found.sort()) === String(expected), `files ${found} are not ${expected}`);
  for (const entry of manifest.partitions) faults.push(...partitionFaults(folder, entry));
  const rows = manifest.partitions.reduce((total, partition) => total + partition.rows, 0);
  expect(
    rows === sum(manifest.rows),
    `partitions hold ${rows} rows, the manifest says ${sum(manifest.rows)}`,
  );
  const kept = manifest.sources.reduce((total, source) => total + source.rowsKept, 0);
  expect(replaced || rows === kept, `partitions hold ${rows} rows of ${kept} kept`);
  return [...faults, ...ledgerFaults(folder, manifest)];
}

/** A partition's file is the one named, holds the rows said, in order, and only those of its day. */
function partitionFaults(folder, { path, sha256: hash, rows, day }) {
  const bytes = readFileSync(join(folder, path));
  if (sha256(bytes) !== hash) return [`${path} is not the file that was hashed`];
  const table = tableFromIPC(bytes);
  if (table.numRows !== rows) return [`${path} holds ${table.numRows} rows, the manifest says ${rows}`];
  const from = BigInt(Date.parse(day)) * 1000n;
  const names = table.getChild('instrument');
  let [name, last] = ['', -1n];
  let at = 0;
  for (const { values } of table.getChild('ts').data)
    for (const ts of values) {
      if (ts < from || ts >= from + DAY) return [`${path} holds a row of another day: ${ts}`];
      const own = names.get(at++);
      if (own === name && ts < last) return [`${path} is out of order at row ${at - 1}`];
      [name, last] = [own, ts];
    }
  return at === rows ? [] : [`${path} has ${at} times in ${rows} rows`];
}

/** The ledger file lists what the manifest counts, by reason. */
function ledgerFaults(folder, { ledger, ledgerCut }) {
  const table = tableFromIPC(readFileSync(join(folder, 'ledger.arrow')));
  const counts = {};
  for (const reason of table.getChild('reason') ?? []) counts[reason] = (counts[reason] ?? 0) + 1;
  const same = (a, b) =>
    JSON.stringify(Object.entries(a).sort()) === JSON.stringify(Object.entries(b).sort());
  return ledgerCut > 0 || same(counts, ledger)
    ? []
    : [`ledger.arrow holds ${JSON.stringify(counts)}, the manifest says ${JSON.stringify(ledger)}`];
}

/** What is wrong with an error: it must be an InputError of one printable line. */
export function errorFaults(error) {
  const { name, message } = error ?? {};
  if (name !== 'InputError') return [`no InputError: ${error?.stack ?? String(error)}`];
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
  const unfit = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/.test(message);
  if (unfit || message.trim() === '' || message.length > 1500)
    return [`the error's message is no short line: ${JSON.stringify(message.slice(0, 300))}`];
  return [];
}
