import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { integerIn, random } from '../support/random.mjs';
import { zipOf } from '../support/zip.mjs';
import { BINARY_FAULTS, BYTE_FAULTS } from './mutate-bytes.mjs';
import { JSON_FAULTS } from './mutate-json.mjs';
import { TEXT_FAULTS } from './mutate-text.mjs';

const anyOf = (list, next) => list[integerIn(next, 0, list.length - 1)];

/** What is done with a mutant: into a new dataset, into one with rows, spilling after every batch, or twice. */
const MODES = ['new', 'new', 'new', 'new', 'new', 'existing', 'existing', 'spill', 'again', 'replace'];
const MEMBER_TRICKS = ['../', '../../', '/', 'a/', './', 'a/../../', 'C:\\', '..\\', '\u0000', '__proto__/'];

/** Seeds differ by format, or formats would share their faults. */
const seedOf = (format, seed, index) =>
  createHash('sha256').update(`${format} ${seed} ${index}`).digest().readUInt32LE();

/** Case `index` of a format: which sample, what was done to it (`steps`), and the files that come of it. */
export function caseOf(samples, format, seed, index) {
  const next = random(seedOf(format, seed, index));
  const sample = anyOf(samples, next);
  const steps = [];
  const files = sample.files.map(({ name, bytes }) => ({ name, bytes }));
  const at = integerIn(next, 0, files.length - 1);
  // a file packed whole and then damaged, or a damaged one packed, or both
  const pack = anyOf(packings(sample), next);
  const damage = pack === 'plain' ? 'inside' : anyOf(['inside', 'inside', 'outside', 'both'], next);
  if (damage !== 'outside') files[at].bytes = faulted(files[at].bytes, sample, next, steps);
  const lineRecords = sample.lineRecords === true && damage === 'inside' ? lines(files[at].bytes) : undefined;
  if (pack !== 'plain') steps.push(pack);
  if (pack === 'gzip')
    files[at] = { name: `${files[at].name}.gz`, bytes: gzipSync(files[at].bytes, { level: 1 }) };
  if (pack === 'zip')
    files.splice(0, files.length, { name: 'archive.zip', bytes: zipped(files, next, steps) });
  if (damage === 'outside' || damage === 'both') {
    const place = pack === 'zip' ? 0 : at;
    files[place].bytes = applied(files[place].bytes, BINARY_FAULTS, next, steps, 3);
  }
  return { sample, files, steps, mode: anyOf(MODES, next), lineRecords };
}

function packings({ kind, format }) {
  if (kind === undefined) return ['plain', 'plain', 'plain', 'gzip', 'zip'];
  return format === 'csv' || format === 'json' ? ['plain', 'plain', 'plain', 'gzip'] : ['plain'];
}

function faulted(bytes, sample, next, steps) {
  if (sample.binary) return applied(bytes, BINARY_FAULTS, next, steps, 4);
  let text = bytes.toString('latin1');
  const isJson = /[[{]/.test(text.slice(0, 40));
  for (let faults = next() < 0.5 ? 1 : integerIn(next, 2, 4); faults > 0; faults--) {
    const pick = next();
    if (isJson && pick < 0.5) text = applied(text, JSON_FAULTS, next, steps, 1);
    else if (pick < 0.8) text = applied(text, TEXT_FAULTS, next, steps, 1);
    else text = applied(Buffer.from(text, 'latin1'), BYTE_FAULTS, next, steps, 1).toString('latin1');
  }
  return Buffer.from(text, 'latin1');
}

function applied(input, faults, next, steps, most) {
  let out = input;
  for (let n = next() < 0.6 ? 1 : integerIn(next, 1, most); n > 0; n--) {
    const name = anyOf(Object.keys(faults), next);
    steps.push(name);
    out = faults[name](out, next);
  }
  return out;
}

function zipped(files, next, steps) {
  const trick = next() < 0.3 ? anyOf(MEMBER_TRICKS, next) : '';
  if (trick !== '') steps.push(`members below ${JSON.stringify(trick)}`);
  return zipOf(
    files.map(({ name, bytes }) => ({
      ...{ name: trick + name, content: bytes, deflate: next() < 0.7 },
      ...(next() < 0.05 ? { size: integerIn(next, 0, 0xffffffff) } : {}),
      ...(next() < 0.05 ? { crc: 1 } : {}),
    })),
  );
}

/** Lines that are not blank, as the contract of `SourceFile.lines` cuts them. */
const lines = (bytes) =>
  new TextDecoder()
    .decode(bytes)
    .split('\n')
    .filter((line) => line !== '' && line !== '\r').length;
