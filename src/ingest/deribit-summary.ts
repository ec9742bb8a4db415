import {
  type ImportContext,
  type Importer,
  NO_INSTRUMENT,
  type RawRows,
  type SourceFile,
} from '../core/importer.js';
import { microsOfStamp } from '../core/stamps.js';
import { csvRows, type Places } from './csv-rows.js';
import { type DeribitName, parseDeribitName } from './deribit-instrument.js';
import { isObject, jsonItems, startsAsJson } from './json-items.js';
import { fillNumber } from './number-cells.js';
import { fractionOfPercent } from './percent.js';
import { RowBatch } from './row-batch.js';

const REQUIRED = ['instrument_name', 'creation_timestamp', 'open_interest'];
/** Columns of options by field of the summary; none can be negative. */
const OPTION_CELLS = Object.entries({
  ...{ open_interest: 'open_interest', volume: 'volume', bid_price: 'bid', ask_price: 'ask' },
  ...{ last: 'last', mark_price: 'mark', underlying_price: 'underlying' },
});
const OTHERS = [
  'volume',
  'bid_price',
  'ask_price',
  'last',
  'mark_price',
  'underlying_price',
  'underlying_index',
];
const COLUMNS = [...REQUIRED, ...OTHERS, 'mark_iv', 'current_funding'];

/**
 * Book summaries of Deribit: one state of every instrument of a currency. Options become `options` rows, futures and
 * perpetuals `oi` rows; spot pairs and combinations have no open interest and are counted by `skip`.
 *
 * Open interest is in coins of the underlying, save for inverse futures and perpetuals, where it is in USD. Prices of
 * coin-settled options are in the coin; `mark_iv` is in per cent and becomes a fraction. A summary without open
 * interest is a `bad_value`: the vendor gives it for every derivative.
 */
export const deribitSummary: Importer = {
  name: 'deribit-summary',
  summary: 'Deribit book summaries, JSON as the API answers or CSV of its fields',
  source: 'Deribit API, public/get_book_summary_by_currency',
  fixture: 'real',
  kinds: ['options', 'oi'],
  params: {},
  files: /\.(csv|json|jsonl|ndjson|zip|gz)$/i,
  read: readSummaries,
};

async function* readSummaries(file: SourceFile, context: ImportContext): AsyncGenerator<RawRows> {
  const rows = new SummaryRows(context);
  const { options, oi } = rows;
  if (!(await startsAsJson(file))) {
    yield* csvRows(file, context, {
      ...{ batch: options, also: oi, columns: COLUMNS, required: REQUIRED, header: 'always' },
      record: (fields, at, record, line) => rows.add(fields, at, record, line),
    });
    return;
  }
  const at = Object.fromEntries(COLUMNS.map((name, i) => [name, i]));
  for await (const { value, record, text } of jsonItems(file, context)) {
    if (isObject(value))
      rows.add(
        COLUMNS.map((name) => cellText(value[name])),
        at,
        record,
        text,
      );
    else options.reject(options.add(NO_INSTRUMENT, record, text), 'bad_row');
    if (options.full) yield options.take();
    if (oi.full) yield oi.take();
  }
  if (options.rows > 0) yield options.take();
  if (oi.rows > 0) yield oi.take();
}

/** A JSON value as a field of a CSV would have it; what is neither text, number nor null stays unreadable. */
const cellText = (value: unknown): string =>
  typeof value === 'string'
    ? value
    : value === null || value === undefined
      ? ''
      : typeof value === 'number'
        ? String(value)
        : '?';

interface Declared {
  readonly id: number;
  readonly says: DeribitName;
}

class SummaryRows {
  readonly options = new RowBatch('options', {
    ...{
      ts: 'f64',
      expiry: 'f64',
      strike: 'f64',
      cp: 'text',
      mult: 'f64',
      open_interest: 'f64',
      volume: 'f64',
    },
    ...{ bid: 'f64', ask: 'f64', last: 'f64', mark: 'f64', mark_iv: 'f64' },
    ...{ underlying: 'f64', underlying_index: 'text' },
  });
  readonly oi = new RowBatch('oi', {
    ...{ ts: 'f64', interval: 'f64', oi_contracts: 'f64', oi_usd: 'f64' },
    ...{ funding: 'f64', mark: 'f64', last: 'f64' },
  });
  readonly #context: ImportContext;
  readonly #known = new Map<string, Declared>();

  constructor(context: ImportContext) {
    this.#context = context;
  }

  add(fields: readonly string[], at: Places, record: number, text: string): void {
    const instrument = this.#instrument(fields[at.instrument_name!]!);
    if (instrument === undefined) {
      this.options.reject(this.options.add(NO_INSTRUMENT, record, text), 'bad_instrument');
      return;
    }
    const { id, says } = instrument;
    if (says.type === 'other') {
      this.#context.skip(1);
      return;
    }
    const batch = says.type === 'option' ? this.options : this.oi;
    const i = batch.add(id, record, text);
    const ts = microsOfStamp(fields[at.creation_timestamp!]!);
    batch.f64.ts![i] = ts;
    if (Number.isNaN(ts)) batch.reject(i, 'bad_time');
    if (fields[at.open_interest!] === '') batch.reject(i, 'bad_value');
    const cell = (name: string): string | undefined => fields[at[name] ?? -1];
    if (says.type === 'option') {
      batch.f64.expiry![i] = says.expiry;
      batch.f64.strike![i] = says.strike;
      batch.text.cp![i] = says.cp;
      // a coin-settled option is of one coin; linear ones have multipliers that the summary does not give
      if (!says.linear) batch.f64.mult![i] = 1;
      for (const [name, column] of OPTION_CELLS) fillNumber(batch, column, i, cell(name), 0);
      fillNumber(batch, 'mark_iv', i, cell('mark_iv'), 0, fractionOfPercent);
      batch.text.underlying_index![i] = cell('underlying_index') || null;
    } else {
      batch.f64.interval![i] = 0;
      fillNumber(batch, says.linear ? 'oi_contracts' : 'oi_usd', i, cell('open_interest'), 0);
      fillNumber(batch, 'funding', i, cell('current_funding'));
      fillNumber(batch, 'mark', i, cell('mark_price'), 0);
      fillNumber(batch, 'last', i, cell('last'), 0);
    }
  }

  #instrument(symbol: string): Declared | undefined {
    const known = this.#known.get(symbol);
    if (known) return known;
    const says = parseDeribitName(symbol);
    const instrument = says && { id: this.#declare(symbol, says), says };
    // names that are none stay out: there may be any number of them
    if (instrument) this.#known.set(symbol, instrument);
    return instrument;
  }

  #declare(symbol: string, says: DeribitName): number {
    const info = { venue: 'deribit', symbol };
    if (says.type === 'other') return NO_INSTRUMENT;
    if (says.type === 'future')
      return this.#context.instrument({
        ...info,
        ...(says.expiry === undefined ? {} : { expiry: says.expiry }),
      });
    const { expiry, strike, cp } = says;
    return this.#context.instrument({ ...info, expiry, option: { expiry, strike, cp } });
  }
}
