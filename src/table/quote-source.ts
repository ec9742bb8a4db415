import type { QuoteSource, RawQuotes } from '../core/quotes.js';
import { Canonicalizer } from './canonical.js';
import { quoteColumns, quoteMapping } from './quote-columns.js';
import type { ReadOptions, TableSource, Want } from './table-source.js';

const WANTS: Readonly<Record<string, Want>> = {
  ...{ time: 'time', received: 'time', price: 'price', size: 'price', instrument: 'symbol', id: 'id' },
};

/** The quotes of a table, columns as mapped or guessed: a quote is read as a trade whose two numbers are bid and ask. */
export function quotesOf(source: TableSource, options: ReadOptions): QuoteSource {
  const { input, columns } = source;
  const mapping = quoteColumns(input, columns, source.map);
  const canonical = new Canonicalizer(input, mapping, columns, options);
  const wanted = Object.fromEntries(
    Object.entries(mapping).map(([role, column]) => [role, { column, want: WANTS[role]! }]),
  );
  return {
    input,
    instruments: canonical.instruments,
    mapping: quoteMapping(mapping),
    batches: async function* (): AsyncGenerator<RawQuotes> {
      for await (const { rows, columns: cells, bad } of source.read(wanted)) {
        const batch = canonical.batch(rows, cells, bad);
        const { instrument, time, received, price, size, priceNulls, sizeNulls, seq, badRow, firstRow } =
          batch;
        yield {
          ...{ rows, instrument, time, bid: price, ask: size, firstRow },
          ...(received ? { received } : {}),
          ...(priceNulls ? { bidNulls: priceNulls } : {}),
          ...(sizeNulls ? { askNulls: sizeNulls } : {}),
          ...(seq ? { seq } : {}),
          ...(badRow ? { badRow } : {}),
        };
      }
      canonical.close();
    },
  };
}
