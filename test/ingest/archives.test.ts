import { deflateRawSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/core/errors.js';
import { importSources } from '../../src/dataset/source-files.js';
import { binanceTrades } from '../../src/ingest/binance-trades.js';
import { type ZipEntry, zipOf } from '../support/zip.js';
import { readWith } from './import-support.js';
import { scratch } from './support.js';

const files = scratch();
const NAME = 'ETHUSDT-trades-2024-01-05.csv';
const ROWS = ['1,2250.5,0.5,1125.25,1704412800000,true', '2,2250.6,1.5,3375.9,1704412800001,false'];
const CSV = `${ROWS.join('\n')}\n`;

const read = (path: string) => readWith(binanceTrades, [path]);
const zip = (name: string, entries: readonly ZipEntry[]): string => files.write(name, zipOf(entries));

/** The error of reading a file through, which must be one line of an InputError. */
async function errorOf(path: string): Promise<string> {
  const error: unknown = await read(path).then(
    () => expect.unreachable('it was read'),
    (caught) => caught,
  );
  expect(error).toBeInstanceOf(InputError);
  expect((error as Error).message).not.toContain('\n');
  return (error as Error).message;
}

describe('packed inputs read as the plain one does', () => {
  it.each([
    ['plain', () => files.write(NAME, CSV)],
    ['gzip', () => files.write(`${NAME}.gz`, gzipSync(CSV))],
    [
      'gzip in two members',
      () => files.write(`2-${NAME}.gz`, Buffer.concat(ROWS.map((row) => gzipSync(`${row}\n`)))),
    ],
    ['deflated zip', () => zip('a.zip', [{ name: NAME, content: CSV }])],
    ['stored zip', () => zip('b.zip', [{ name: `some/folder/${NAME}`, content: CSV, deflate: false }])],
  ] as const)('%s', async (_, make) => {
    const { rows, instruments } = await readWith(binanceTrades, [make()], { symbol: 'ETHUSDT' });
    expect(instruments.map(({ symbol }) => symbol)).toEqual(['ETHUSDT']);
    expect(rows.map(({ text }) => text)).toEqual(ROWS);
  });

  it('members are read in the order of the archive, folders left out', async () => {
    const path = zip('two.zip', [
      { name: 'data/', content: '' },
      { name: 'data/BTCUSDT-trades-2024-01-05.csv', content: `${ROWS[1]}\n` },
      { name: `data/${NAME}`, content: CSV },
    ]);
    const packed = (text: string): number => deflateRawSync(text).length;
    const sources = await importSources([path], ['two.zip']);
    expect(sources.map(({ label, member, size, file }) => [label, member, size, file.name])).toEqual([
      [
        'two.zip/data/BTCUSDT-trades-2024-01-05.csv',
        true,
        packed(`${ROWS[1]}\n`),
        'BTCUSDT-trades-2024-01-05.csv',
      ],
      [`two.zip/data/${NAME}`, true, packed(CSV), NAME],
    ]);
    expect(sources[0]!.file.sibling(NAME)?.name).toBe(NAME);
    expect(sources[0]!.file.sibling('other.csv')).toBeUndefined();
    const { rows } = await read(path);
    expect(rows.map(({ symbol, cells }) => [symbol, cells.seq])).toEqual([
      ['BTCUSDT', 2],
      ['ETHUSDT', 1],
      ['ETHUSDT', 2],
    ]);
  });

  it('text that begins with PK is text', async () => {
    const { rows } = await read(files.write('PKUSDT-trades-x.csv', `PK${CSV}`));
    expect(rows.map(({ reject }) => reject)).toEqual(['bad_value', undefined]);
  });
});

describe('archives that are refused', () => {
  it('of two members of one name: only one of them could be told from the other', async () => {
    const twice = [1, 2].map(() => ({ name: NAME, content: CSV }));
    expect(await errorOf(zip('twice.zip', twice))).toBe(
      `zip archive twice.zip member ${NAME} must occur once`,
    );
  });

  it('of names that climb out', async () => {
    for (const name of ['../evil.csv', 'a/../../evil.csv', '/etc/evil.csv', 'C:/evil.csv', '..\\evil.csv'])
      expect(await errorOf(zip('climb.zip', [{ name, content: CSV }])), name).toMatch(
        /^zip archive climb\.zip is damaged/,
      );
  });

  it('encrypted', async () => {
    const path = zip('locked.zip', [{ name: NAME, content: CSV, encrypted: true }]);
    expect(await errorOf(path)).toBe('zip archive locked.zip is encrypted');
  });

  it('whose bytes do not match their checksum', async () => {
    for (const deflate of [true, false])
      expect(await errorOf(zip('crc.zip', [{ name: NAME, content: CSV, deflate, crc: 1 }]))).toBe(
        `zip archive crc.zip/${NAME} is damaged (checksum does not match)`,
      );
  });

  it('empty, of folders alone, or of 0 bytes', async () => {
    expect(await errorOf(zip('none.zip', []))).toBe('zip archive none.zip holds no file');
    expect(await errorOf(zip('folder.zip', [{ name: 'a/', content: '' }]))).toMatch(/holds no file$/);
    expect(await errorOf(files.write('nothing.zip', ''))).toBe('input nothing.zip is empty (0 bytes)');
  });

  it('truncated: zip and gzip at every byte', async () => {
    const whole = zipOf([{ name: NAME, content: CSV }]);
    for (let cut = 4; cut < whole.length; cut++)
      await errorOf(files.write('cut.zip', whole.subarray(0, cut)));
    const packed = gzipSync(CSV);
    for (let cut = 2; cut < packed.length; cut++)
      expect(await errorOf(files.write(`${NAME}.cut.gz`, packed.subarray(0, cut)))).toBe(
        `gzip file ${NAME}.cut.gz is truncated`,
      );
  });

  it('a gzip stream of another checksum or with a damaged body', async () => {
    const packed = gzipSync(CSV);
    for (const at of [12, packed.length - 6, packed.length - 2]) {
      const bad = Buffer.from(packed);
      bad[at]! ^= 255;
      expect(await errorOf(files.write(`${NAME}.bad.gz`, bad))).toBe(`gzip file ${NAME}.bad.gz is damaged`);
    }
  });

  it('bombs: one long member, many that share their bytes, and gzip', async () => {
    const zeros = Buffer.alloc(80 << 20, `${'0'.repeat(1023)}\n`);
    const bomb = /unpacks to more than 250 times its \d+ bytes/;
    expect(await errorOf(zip('bomb.zip', [{ name: NAME, content: zeros }]))).toMatch(bomb);
    const some = Array.from({ length: 70 }, (_, i) => ({
      name: `${i}-${NAME}`,
      content: CSV,
      size: 1 << 20,
    }));
    expect(await errorOf(zip('many.zip', some))).toMatch(bomb);
    expect(await errorOf(files.write(`${NAME}.bomb.gz`, gzipSync(zeros)))).toMatch(bomb);
  });

  it('whose member is longer or shorter than it says', async () => {
    for (const size of [0, 10, CSV.length - 1, CSV.length + 1, 5000])
      for (const deflate of [true, false]) {
        const path = zip('size.zip', [{ name: NAME, content: CSV, size, deflate }]);
        expect(await errorOf(path)).toMatch(/^zip archive size\.zip.* is damaged/);
      }
  });
});

it('a flipped byte anywhere in a zip ends in the same rows or in one line', async () => {
  const whole = zipOf([{ name: NAME, content: CSV }]);
  let refused = 0;
  for (let at = 4; at < whole.length; at++)
    for (const flip of [1, 128, 255]) {
      const bad = Buffer.from(whole);
      bad[at]! ^= flip;
      try {
        const { rows } = await readWith(binanceTrades, [files.write('flip.zip', bad)], { symbol: 'X' });
        expect(rows.map(({ text }) => text)).toEqual(ROWS);
      } catch (error) {
        expect(error).toBeInstanceOf(InputError);
        refused++;
      }
    }
  expect(refused).toBeGreaterThan(whole.length);
});
