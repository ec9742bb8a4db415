import { type Importer, NO_INSTRUMENT } from '../core/importer.js';
import { param } from '../core/schema.js';
import { microsOfStamp, numberOf } from '../core/stamps.js';
import { csvRows } from './csv-rows.js';
import { InstrumentIndex } from './instrument-index.js';
import { fillNumber } from './number-cells.js';
import { fractionOfPercent } from './percent.js';
import { RowBatch } from './row-batch.js';
import { TARDIS_KEY, TARDIS_SOURCE, tardisFiles, tardisRow } from './tardis-csv.js';

/** Source column of each of ours that cannot be negative. */
const NUMBERS = [
  ['open_interest', 'open_interest'],
  ['last_price', 'last'],
  ['bid_price', 'bid'],
  ['bid_amount', 'bid_size'],
  ['ask_price', 'ask'],
  ['ask_amount', 'ask_size'],
  ['mark_price', 'mark'],
  ['underlying_price', 'underlying'],
] as const;
const GREEKS = ['delta', 'gamma', 'vega', 'theta', 'rho'] as const;
const VOLATILITIES = ['bid_iv', 'ask_iv', 'mark_iv'] as const;

/** Venues whose own feed has volatilities in per cent; tardis.dev passes every venue's numbers on as they are. */
const PER_CENT = new Set(['deribit']);

/** States of option chains of tardis.dev. Volatilities come out as fractions; what the venue did not send is null. */
export const tardisOptionsChain: Importer = {
  name: 'tardis-options-chain',
  summary: 'tardis.dev options_chain, CSV or csv.gz',
  source: TARDIS_SOURCE,
  fixture: 'synthetic',
  kinds: ['options'],
  params: {
    iv: param.choice({
      values: ['venue', 'percent', 'fraction'],
      default: 'venue',
      doc: 'unit of the volatilities in the file; venue: per cent on deribit, fractions elsewhere',
    }),
  },
  files: tardisFiles('options_chain'),
  read: (file, context) => {
    const batch = new RowBatch('options', {
      ...{ ts: 'f64', recv_ts: 'f64', expiry: 'f64', strike: 'f64', cp: 'text', underlying_index: 'text' },
      ...{ open_interest: 'f64', last: 'f64', bid: 'f64', bid_size: 'f64', ask: 'f64', ask_size: 'f64' },
      ...{ mark: 'f64', underlying: 'f64', bid_iv: 'f64', ask_iv: 'f64', mark_iv: 'f64' },
      ...{ delta: 'f64', gamma: 'f64', vega: 'f64', theta: 'f64', rho: 'f64' },
    });
    const instruments = new InstrumentIndex(context);
    const unit = context.params.iv;
    return csvRows(file, context, {
      batch,
      columns: [
        ...[...TARDIS_KEY, 'type', 'strike_price', 'expiration', 'open_interest', 'last_price'],
        ...[
          'bid_price',
          'bid_amount',
          'bid_iv',
          'ask_price',
          'ask_amount',
          'ask_iv',
          'mark_price',
          'mark_iv',
        ],
        ...['underlying_index', 'underlying_price', 'delta', 'gamma', 'vega', 'theta', 'rho'],
      ],
      header: 'always',
      record: (fields, at, record, line) => {
        const venue = fields[at.exchange!]!.toLowerCase();
        const symbol = fields[at.symbol!]!;
        const expiry = microsOfStamp(fields[at.expiration!]!);
        const strike = numberOf(fields[at.strike_price!]!);
        const type = fields[at.type!]!;
        const cp = type === 'call' ? 'C' : type === 'put' ? 'P' : undefined;
        // without its facts a row names no option
        const known = cp !== undefined && strike > 0 && !Number.isNaN(expiry);
        let instrument = NO_INSTRUMENT;
        if (known && venue !== '' && symbol !== '') {
          instrument = instruments.find(venue, symbol);
          if (instrument === NO_INSTRUMENT)
            instrument = instruments.declare({ venue, symbol, option: { expiry, strike, cp } });
        }
        const i = tardisRow(batch, instrument, fields, at, record, line);
        const { f64, text } = batch;
        f64.expiry![i] = expiry;
        f64.strike![i] = strike;
        text.cp![i] = cp ?? null;
        text.underlying_index![i] = fields[at.underlying_index!]! || null;
        for (const [source, ours] of NUMBERS) fillNumber(batch, ours, i, fields[at[source]!], 0);
        for (const name of GREEKS) fillNumber(batch, name, i, fields[at[name]!]);
        const read =
          unit === 'percent' || (unit === 'venue' && PER_CENT.has(venue)) ? fractionOfPercent : numberOf;
        for (const name of VOLATILITIES) fillNumber(batch, name, i, fields[at[name]!], 0, read);
      },
    });
  },
};
