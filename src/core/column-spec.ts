import type { ColumnSpec } from './analytic.js';

/** A column that is never null, equal to the bit, and of cells that no tile cuts, where nothing else is said. */
export const columnSpec = <P>(
  column: Partial<ColumnSpec<P>> & Pick<ColumnSpec<P>, 'dtype' | 'unit' | 'doc'>,
): ColumnSpec<P> => ({ merge: 'whole', nulls: 'never', accuracy: 'exact', ...column });
