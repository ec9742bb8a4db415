import type { ColumnSpec } from './analytic.js';

/** A column that is never null, equal to the bit, and of cells that no tile cuts, where nothing else is said. */
export const columnSpec = <P>(
  column: Partial<ColumnSpec<P>> & Pick<ColumnSpec<P>, 'dtype' | 'unit' | 'doc'>,
): ColumnSpec<P> => ({ merge: 'whole', nulls: 'never', accuracy: 'exact', ...column });

/** The same with what every column says in front. */
export const column = <P>(
  dtype: ColumnSpec<P>['dtype'],
  unit: string,
  doc: string,
  more: Partial<ColumnSpec<P>> = {},
): ColumnSpec<P> => columnSpec({ dtype, unit, doc, ...more });
