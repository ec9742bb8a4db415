import { SIDE_BUY, SIDE_SELL } from '../core/columns.js';
import type { Importer } from '../core/importer.js';
import { BOOK_RESET, BOOK_SNAPSHOT } from '../core/kinds.js';
import { levelFault } from './book-level.js';
import { csvRows } from './csv-rows.js';
import { InstrumentIndex } from './instrument-index.js';
import { RowBatch } from './row-batch.js';
import { TARDIS_KEY, TARDIS_SOURCE, tardisFiles, tardisInstrument, tardisRow } from './tardis-csv.js';

/** What the last row of an instrument was part of, and whether the book is still to be cleared. */
interface Run {
  snapshot: boolean;
  reset: boolean;
}

/**
 * Level-2 changes of tardis.dev. A run of is_snapshot rows of an instrument is one snapshot: its first good row clears
 * the book. If none of them is good, the next good row is marked instead, and the book is unknown until the next snapshot.
 * Rows before the first snapshot are kept: replay ignores them until the book is known.
 */
export const tardisIncrementalBookL2: Importer = {
  name: 'tardis-incremental-book-l2',
  summary: 'tardis.dev incremental_book_L2, CSV or csv.gz',
  source: TARDIS_SOURCE,
  fixture: 'real',
  kinds: ['book_delta'],
  params: {},
  files: tardisFiles('incremental_book_L2'),
  read: (file, context) => {
    const batch = new RowBatch('book_delta', {
      ...{ ts: 'f64', recv_ts: 'f64', side: 'codes', price: 'text', size: 'text', flags: 'codes' },
    });
    const instruments = new InstrumentIndex(context);
    const runs = new Map<number, Run>();
    return csvRows(file, context, {
      batch,
      columns: [...TARDIS_KEY, 'is_snapshot', 'side', 'price', 'amount'],
      header: 'always',
      record: (fields, at, record, line) => {
        const instrument = tardisInstrument(instruments, fields, at);
        const i = tardisRow(batch, instrument, fields, at, record, line);
        const price = fields[at.price!]!;
        const size = fields[at.amount!]!;
        batch.text.price![i] = price;
        batch.text.size![i] = size;
        const side = fields[at.side!]!;
        if (side === 'bid') batch.codes.side![i] = SIDE_BUY;
        else if (side === 'ask') batch.codes.side![i] = SIDE_SELL;
        else batch.reject(i, 'bad_side');
        const fault = levelFault(price, size);
        if (fault) batch.reject(i, fault);
        const word = fields[at.is_snapshot!]!.toLowerCase();
        if (word !== 'true' && word !== 'false') {
          batch.reject(i, 'bad_value');
          return;
        }
        const run = runOf(runs, instrument);
        const snapshot = word === 'true';
        if (snapshot && !run.snapshot) run.reset = true;
        run.snapshot = snapshot;
        if (batch.rejected(i)) return;
        batch.codes.flags![i] = (snapshot ? BOOK_SNAPSHOT : 0) | (run.reset ? BOOK_RESET : 0);
        run.reset = false;
      },
    });
  },
};

function runOf(runs: Map<number, Run>, instrument: number): Run {
  let run = runs.get(instrument);
  if (run === undefined) {
    run = { snapshot: false, reset: false };
    runs.set(instrument, run);
  }
  return run;
}
