import { InputError } from '../core/errors.js';
import type { ImportContext, Importer, RawRows, SourceFile } from '../core/importer.js';
import { csvRows } from './csv-rows.js';
import { firstLine } from './first-line.js';
import { InstrumentIndex } from './instrument-index.js';
import { type Fill, RowBatch } from './row-batch.js';
import { splitCsv } from './split-csv.js';
import { TARDIS_KEY, TARDIS_SOURCE, tardisFiles, tardisInstrument, tardisRow } from './tardis-csv.js';

/** tardis.dev publishes 5 and 25 levels; what is made with its own server has as many as were asked for. */
const MOST_LEVELS = 200;

/** Source columns of a level, numbered from 0, and ours, numbered from 1. */
const LEVEL = [
  ['bids', 'price', 'bid_price'],
  ['bids', 'amount', 'bid_size'],
  ['asks', 'price', 'ask_price'],
  ['asks', 'amount', 'ask_size'],
] as const;

/** Book states of tardis.dev at any number of levels; the header tells how many. A missing level is null. */
export const tardisBookSnapshot: Importer = {
  name: 'tardis-book-snapshot',
  summary: 'tardis.dev book_snapshot_5, book_snapshot_25 and other depths, CSV or csv.gz',
  source: TARDIS_SOURCE,
  fixture: 'real',
  kinds: ['book_snapshot'],
  params: {},
  files: tardisFiles('book_snapshot_\\d+'),
  read: readSnapshots,
};

async function* readSnapshots(file: SourceFile, context: ImportContext): AsyncGenerator<RawRows> {
  const levels = levelsOf(file, splitCsv(await firstLine(file), ',') ?? []);
  const sources: string[] = [];
  const targets: string[] = [];
  for (let level = 0; level < levels; level++)
    for (const [side, what, ours] of LEVEL) {
      sources.push(`${side}[${level}].${what}`);
      targets.push(`${ours}_${level + 1}`);
    }
  const batch = new RowBatch('book_snapshot', {
    ...{ ts: 'f64', recv_ts: 'f64' },
    ...Object.fromEntries(targets.map((name): [string, Fill] => [name, 'text'])),
  });
  const instruments = new InstrumentIndex(context);
  yield* csvRows(file, context, {
    batch,
    columns: [...TARDIS_KEY, ...sources],
    header: 'always',
    record: (fields, at, record, line) => {
      const instrument = tardisInstrument(instruments, fields, at);
      const i = tardisRow(batch, instrument, fields, at, record, line);
      for (let c = 0; c < sources.length; c++)
        batch.text[targets[c]!]![i] = fields[at[sources[c]!]!]! || null;
    },
  });
}

/** The deepest level the header names, counted from 1. */
function levelsOf(file: SourceFile, header: readonly string[]): number {
  let levels = 0;
  for (const name of header) {
    const place = /^(?:asks|bids)\[(\d{1,9})\]\.(?:price|amount)$/.exec(name.trim());
    if (place) levels = Math.max(levels, Number(place[1]) + 1);
  }
  if (levels < 1 || levels > MOST_LEVELS)
    throw new InputError(
      `${file.name} levels`,
      levels,
      `must be 1 to ${MOST_LEVELS}, as the header names them: asks[0].price,asks[0].amount,bids[0].price, …`,
    );
  return levels;
}
