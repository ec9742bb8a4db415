import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/core/errors.js';
import type { ImportReport } from '../../src/dataset/import.js';
import { PartitionReader } from '../../src/dataset/partition-read.js';
import { corpus, type Sample } from '../fuzz/corpus.mjs';
import { integerIn, random } from '../support/random.js';
import { scratch } from '../support/scratch.js';
import { zipOf } from '../support/zip.js';
import { folderHashes, importFiles } from './support.js';

const files = scratch();
const samples = [...(await corpus()).values()].flat();
const ofText = samples.filter(({ binary }) => !binary);
const ofLines = samples.filter(({ lineRecords }) => lineRecords);
const called = (sample: Sample): string => `${sample.format} ${sample.files[0]!.name}`;

let folders = 0;
const fresh = (): string => files.path(`d${++folders}`);

/** Writes a sample's files, changed, under their own names. */
function written(sample: Sample, change: (bytes: Buffer, file: number) => Buffer, ending = ''): string[] {
  const at = fresh();
  mkdirSync(at);
  return sample.files.map(({ name, bytes }, i) => {
    const path = join(at, name + ending);
    writeFileSync(path, change(bytes, i));
    return path;
  });
}

const text = (change: (text: string) => string) => (bytes: Buffer) => Buffer.from(change(bytes.toString()));

function importOf(
  sample: Sample,
  change: (bytes: Buffer, file: number) => Buffer = (bytes) => bytes,
  folder = fresh(),
  ending = '',
): Promise<ImportReport> {
  const { kind, params = {} } = sample;
  return importFiles(folder, sample.format, written(sample, change, ending), {
    params,
    ...(kind === undefined ? {} : { kind }),
  });
}

const pristine = new Map<Sample, Promise<ImportReport>>();

/** The import of a sample as it is. */
function importAsIs(sample: Sample): Promise<ImportReport> {
  const known = pristine.get(sample) ?? importOf(sample);
  pristine.set(sample, known);
  return known;
}

const total = (counts: Readonly<Record<string, number>>): number =>
  Object.values(counts).reduce((sum, n) => sum + n, 0);

/** Counts of all sources; each is asserted to add up. */
function countsOf({ sources, manifest }: ImportReport) {
  const out = { read: 0, kept: 0, duplicates: 0, ledger: 0, skipped: 0 };
  for (const source of sources) {
    const left = total(source.ledger);
    expect(source.rowsRead).toBe(source.rowsKept + source.duplicates + left);
    out.read += source.rowsRead;
    out.kept += source.rowsKept;
    out.duplicates += source.duplicates;
    out.ledger += left;
    out.skipped += source.skipped;
  }
  expect(manifest.partitions.reduce((sum, { rows }) => sum + rows, 0)).toBe(out.kept);
  return out;
}

const rowsOf = ({ manifest }: ImportReport) => manifest.partitions;
const linesOf = (bytes: Buffer): number =>
  bytes
    .toString()
    .split('\n')
    .filter((line) => line.replace(/\r$/, '') !== '').length;

describe('every sample', () => {
  it('is read whole: nothing in the ledger', async () => {
    const empty: string[] = [];
    for (const sample of samples) {
      const { kept, ledger } = countsOf(await importAsIs(sample));
      if (kept === 0 || ledger > 0) empty.push(`${called(sample)}: ${kept} kept, ${ledger} in the ledger`);
    }
    expect(empty).toEqual([]);
  });
});

/** Samples whose rows or counts a change of the text alters. */
async function changedBy(of: readonly Sample[], change: (text: string) => string): Promise<string[]> {
  const out: string[] = [];
  for (const sample of of) {
    const before = await importAsIs(sample);
    try {
      const after = await importOf(sample, text(change));
      const same = JSON.stringify([rowsOf(before), countsOf(before)]);
      if (JSON.stringify([rowsOf(after), countsOf(after)]) !== same) out.push(called(sample));
    } catch (error) {
      out.push(`${called(sample)}: ${(error as Error).message}`);
    }
  }
  return out;
}

describe('what says nothing changes nothing', () => {
  it('CRLF line ends', async () => {
    expect(await changedBy(ofText, (text) => text.replaceAll('\n', '\r\n'))).toEqual([]);
  });

  it('a byte-order mark', async () => {
    expect(await changedBy(ofText, (text) => `\ufeff${text}`)).toEqual([]);
  });

  it('blank lines, but where two files go line by line', async () => {
    const single = ofText.filter(({ files }) => files.length === 1);
    expect(await changedBy(single, (text) => `${text.replaceAll('\n', '\n\n')}\n`)).toEqual([]);
  });

  it('no line end at the end', async () => {
    expect(await changedBy(ofText, (text) => text.replace(/\n+$/, ''))).toEqual([]);
  });

  it('quotes around every field', async () => {
    const quoted = (text: string): string =>
      text.replace(/[^\n]+/g, (line) =>
        line.includes('"')
          ? line
          : line
              .split(',')
              .map((field) => `"${field}"`)
              .join(','),
      );
    expect(await changedBy(ofLines, quoted)).toEqual([]);
  });

  it('columns in another order, where a header names them', async () => {
    const reversed = (text: string): string =>
      text.replace(/[^\n]+/g, (line) => line.split(',').reverse().join(','));
    const named = ofLines.filter(({ files }) => !/^["\d]/.test(files[0]!.bytes.toString()));
    expect(named.length).toBeGreaterThan(10);
    expect(await changedBy(named, reversed)).toEqual([]);
  });

  it('packing', async () => {
    for (const sample of samples.filter(({ kind }) => kind === undefined)) {
      const plain = await importAsIs(sample);
      const zip = files.write(
        `packed${++folders}.zip`,
        zipOf(sample.files.map(({ name, bytes }) => ({ name, content: bytes }))),
      );
      const params = sample.params ?? {};
      for (const packed of [
        await importFiles(fresh(), sample.format, [zip], { params }),
        await importOf(sample, (bytes) => gzipSync(bytes), fresh(), '.gz'),
      ])
        expect([called(sample), rowsOf(packed), countsOf(packed)]).toEqual([
          called(sample),
          rowsOf(plain),
          countsOf(plain),
        ]);
    }
  });
});

describe('what is wrong costs its own row', () => {
  it('a line that is no record goes to the ledger, and changes nothing else', async () => {
    for (const sample of ofLines) {
      const before = await importAsIs(sample);
      const after = await importOf(
        sample,
        text((all) => `${all}x\n`),
      );
      const counts = countsOf(before);
      expect([called(sample), rowsOf(after)]).toEqual([called(sample), rowsOf(before)]);
      expect(countsOf(after)).toEqual({ ...counts, read: counts.read + 1, ledger: counts.ledger + 1 });
      expect(after.manifest.ledger).toEqual({ bad_row: 1 });
    }
  });

  it('a cut at any place loses what is behind it, and at most one record more', async () => {
    const next = random(7);
    for (const sample of ofLines) {
      const { bytes } = sample.files[0]!;
      const header = bytes.indexOf('\n') + 1;
      for (let n = 0; n < 4; n++) {
        const cut = bytes.subarray(0, integerIn(next, header, bytes.length));
        const counts = countsOf(await importOf(sample, () => cut));
        expect([called(sample), counts.read + counts.skipped]).toEqual([called(sample), linesOf(cut)]);
        expect(counts.ledger).toBeLessThanOrEqual(1);
      }
    }
  });

  it('a flipped bit costs at most the records it lies between', async () => {
    const next = random(8);
    for (const sample of ofLines) {
      const { bytes } = sample.files[0]!;
      const header = bytes.indexOf('\n') + 1;
      for (let n = 0; n < 4; n++) {
        const flipped = Buffer.from(bytes);
        const at = integerIn(next, header, bytes.length - 1);
        flipped[at] = flipped[at]! ^ (1 << integerIn(next, 0, 7));
        const counts = countsOf(await importOf(sample, () => flipped));
        expect([called(sample), counts.read + counts.skipped]).toEqual([called(sample), linesOf(flipped)]);
        expect(counts.ledger).toBeLessThanOrEqual(2);
      }
    }
  });

  it('scientific notation is exact, 30 digits are kept or say why not', async () => {
    const trades = (price: string, size: string): Sample => ({
      format: 'kraken-trades',
      files: [{ name: 'X.csv', bytes: Buffer.from(`1672531436,${price},${size}\n1672531437,2.5,1\n`) }],
    });
    expect(rowsOf(await importOf(trades('2.5e3', '25E-1')))).toEqual(
      rowsOf(await importOf(trades('2500', '2.5'))),
    );
    const digits = '123456789012345678901234567890';
    const reasons = async (price: string, size: string) => {
      const report = await importOf(trades(price, size));
      return [countsOf(report).kept, report.manifest.ledger];
    };
    // ticks are below 2^53 and lots below 2^62, in whatever unit holds all rows of the day
    expect(await reasons(digits, '1')).toEqual([1, { tick_overflow: 1 }]);
    expect(await reasons('1', digits)).toEqual([1, { size_overflow: 1 }]);
    expect(await reasons('1e999', '1')).toEqual([1, { tick_overflow: 1 }]);
    expect(await reasons('1', '-0')).toEqual([1, { bad_size: 1 }]);
    expect(await reasons('NaN', 'Infinity')).toEqual([1, { bad_price: 1 }]);
  });
});

/** Expects an InputError, and the folder as it was. */
async function refused(folder: string, work: Promise<unknown>, message: RegExp): Promise<void> {
  const before = existsSync(folder) ? folderHashes(folder) : undefined;
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(InputError);
  expect((error as Error).message).toMatch(message);
  expect(existsSync(folder) ? folderHashes(folder) : undefined).toEqual(before);
}

describe('packed files', () => {
  it('cut in half: an error, and the dataset as it was', async () => {
    for (const sample of samples.filter(({ kind }) => kind === undefined)) {
      const folder = fresh();
      await importOf(sample, (bytes) => bytes, folder);
      const half = (bytes: Buffer): Buffer => {
        const packed = gzipSync(bytes);
        return packed.subarray(0, packed.length >> 1);
      };
      await refused(folder, importOf(sample, half, folder, '.gz'), /truncated/);
      const zip = zipOf(sample.files.map(({ name, bytes }) => ({ name, content: bytes })));
      const cut = files.write('cut.zip', zip.subarray(0, zip.length >> 1));
      await refused(folder, importFiles(folder, sample.format, [cut]), /is damaged/);
    }
  });

  it('bombs are not unpacked', async () => {
    const zeros = Buffer.alloc(160 << 20, '\n');
    const bombs = [
      files.write('bomb.csv.gz', gzipSync(zeros, { level: 9 })),
      files.write('bomb.zip', zipOf([{ name: 'bomb.csv', content: zeros }])),
      // says that it is small
      files.write('liar.zip', zipOf([{ name: 'bomb.csv', content: zeros, size: 1000 }])),
    ];
    const folder = fresh();
    for (const bomb of bombs) {
      const before = process.memoryUsage.rss();
      await refused(
        folder,
        importFiles(folder, 'kraken-trades', [bomb]),
        /unpacks to more than 250 times|is damaged/,
      );
      // a fraction of what the bomb holds
      expect(process.memoryUsage.rss() - before).toBeLessThan(100 << 20);
    }
  });

  it('members whose names climb write nothing outside', async () => {
    const root = fresh();
    mkdirSync(join(root, 'a/b'), { recursive: true });
    const folder = join(root, 'a/b/dataset');
    const trades = '1672531436,90.54,1.1\n';
    const climbing = ['../../evil.csv', '/evil.csv', 'C:\\evil.csv', '..\\evil.csv', 'a/../../evil.csv'];
    for (const name of climbing) {
      const path = files.write('tricks.zip', zipOf([{ name, content: trades }]));
      try {
        countsOf(await importFiles(folder, 'kraken-trades', [path]));
      } catch (error) {
        expect(error).toBeInstanceOf(InputError);
      }
      const outside = Object.keys(folderHashes(root)).filter((file) => !file.startsWith('a/b/dataset/'));
      expect([name, outside]).toEqual([name, []]);
    }
  });
});

describe('names that look like paths', () => {
  const SYMBOLS = ['a/../b', '../../x', '/etc/passwd', '..', '.', 'CON', '__proto__', 'C:\\x', 'é/\u{1F600}'];

  async function instruments(folder: string, { manifest }: ImportReport): Promise<string[]> {
    const out = new Set<string>();
    for (const { path } of manifest.partitions) {
      expect(path).toMatch(/^[a-z_]+\/[a-z0-9_-]+\/\d{4}-\d{2}-\d{2}-[0-9a-f]{16}\.arrow$/);
      const reader = await PartitionReader.open(join(folder, path), path);
      for (const { symbol } of reader.instruments) out.add(symbol);
      await reader.close();
    }
    return [...out].sort();
  }

  it('symbols of a column, and venues, are names only', async () => {
    const root = fresh();
    mkdirSync(root);
    const folder = join(root, 'dataset');
    const at = '1583020803145000,1583020803307160';
    const rows = SYMBOLS.flatMap((symbol, i) => [
      `../${i}/..,${symbol},${at},1,buy,1.5,2`,
      `..,${symbol},${at},1,buy,1.5,2`,
    ]);
    const path = files.write(
      'x_trades_2020-03-01_X.csv',
      `exchange,symbol,timestamp,local_timestamp,id,side,price,amount\n${rows.join('\n')}\n`,
    );
    const report = await importFiles(folder, 'tardis-trades', [path]);
    expect(countsOf(report)).toMatchObject({ kept: rows.length, ledger: 0 });
    expect(await instruments(folder, report)).toEqual([...SYMBOLS].sort());
    const outside = Object.keys(folderHashes(root)).filter((file) => !file.startsWith('dataset/'));
    expect(outside).toEqual([]);
  });

  it("freqtrade's file names become pairs with a slash", async () => {
    const folder = fresh();
    const path = files.write('XRP_ETH-trades.json', '[[1570752011620,"1",null,"sell",0.5,23.0,11.5]]');
    const report = await importFiles(folder, 'freqtrade-trades', [path]);
    expect(await instruments(folder, report)).toEqual(['XRP/ETH']);
  });
});
