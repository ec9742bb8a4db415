import type { Ledger } from '../core/raw.js';
import { present } from '../table/present.js';
import type { PresentedTable } from '../table/presented.js';
import type { Result } from './result.js';
import { sidesMetadata } from './sides-metadata.js';
import { isAsked } from './table-names.js';

/**
 * A result's tables that were asked for, as a reader sees them, by table name. Schema metadata names analytic, version, params,
 * backend, adapter, input hash, the origin of the sides and the ledger's counts; nothing in it depends on time, and of the machine it
 * tells only backend and kind of adapter.
 */
export function presentResult(
  result: Result,
  options: { exact?: boolean; ledger?: Ledger; ledgerCounts?: Readonly<Record<string, number>> } = {},
): Record<string, PresentedTable> {
  const counts = options.ledger ? ledgerCounts(options.ledger) : options.ledgerCounts;
  const common = {
    'steelyard.analytic': result.analytic,
    'steelyard.version': result.version,
    'steelyard.params': JSON.stringify(result.params),
    'steelyard.backend': result.backend,
    'steelyard.adapter': result.adapter,
    'steelyard.inputHash': result.inputHash,
    'steelyard.sign': 'positive means buying pressure or rising price',
    ...sidesMetadata(result),
    ...(counts ? { 'steelyard.ledger': JSON.stringify(counts) } : {}),
  };
  return Object.fromEntries(
    Object.entries(result.tables)
      .filter(([, { spec, params }]) => isAsked(spec, params))
      .map(([name, table]) => [
        name,
        present(table, {
          exact: options.exact ?? false,
          metadata: { ...common, 'steelyard.table': name, 'steelyard.grain': table.spec.grain },
        }),
      ]),
  );
}

/** The ledger without its rows. */
export function ledgerCounts(ledger: Ledger): Record<string, number> {
  const { rowsRead, rowsKept, filtered, outOfOrder, clockSkew, counts } = ledger;
  return { rowsRead, rowsKept, filtered, ...counts, outOfOrder, clockSkew };
}
