import type { ColumnSpec, DeriveContext } from '../core/analytic.js';
import { param } from '../core/schema.js';
import { benjaminiHochberg } from './benjamini-hochberg.js';
import { correlationOf, fisherBound, fisherError, fisherP } from './correlation-of-sums.js';
import { MOST_LAGS, type PairSums, pairLags } from './pair-sums.js';

/** Parameters of tables of correlations. */
export const correlationParams = {
  minPairs: param.integer({
    default: 30,
    min: 4,
    max: 1_000_000_000,
    doc: 'Fewest pairs of a correlation; with fewer it is null.',
  }),
  level: param.number({ default: 0.95, min: 0.5, max: 0.999999, doc: 'Confidence level of the intervals.' }),
  hacLags: param.integer({
    default: undefined,
    min: 0,
    max: MOST_LAGS,
    doc: 'Bartlett lags of the long-run variance, in pairs. Default ⌊4(n/100)^{2/9}⌋ of n pairs (Newey and West 1994).',
  }),
};

interface Params {
  readonly minPairs: number;
  readonly level: number;
  readonly hacLags: number | undefined;
}

type Context = DeriveContext<Params>;
/** Of the values, or of their ranks. */
type Prefix = '' | 'rank_';

const cells = ({ table }: Context, name: string): Float64Array => table.columns[name] as Float64Array;

/** What backends give of every correlation. */
export type CorrelationSums = ReturnType<typeof correlationSums>;

/** Columns of `rows` correlations, for a backend to fill. */
export const correlationSums = (rows: number) => {
  const column = (): Float64Array => new Float64Array(rows);
  return {
    n_pairs: new Uint32Array(rows),
    ...{ xy: column(), scale: column(), windows: column() },
    ...{ rank_xy: column(), rank_scale: column(), rank_windows: column() },
  };
};

/** Writes one correlation's sums, symmetric in the two series. */
export function setSums(columns: CorrelationSums, prefix: Prefix, row: number, sums: PairSums): void {
  columns.n_pairs[row] = sums.n;
  columns[`${prefix}xy`][row] = sums.xy;
  columns[`${prefix}scale`][row] = Math.sqrt(sums.xx) * Math.sqrt(sums.yy);
  columns[`${prefix}windows`][row] = sums.windows;
}

const rho =
  (prefix: Prefix) =>
  (c: Context): Float64Array => {
    const pairs = c.table.columns.n_pairs as Uint32Array;
    const scale = cells(c, `${prefix}scale`);
    return cells(c, `${prefix}xy`).map((xy, i) =>
      pairs[i]! < c.params.minPairs ? Number.NaN : correlationOf(xy, scale[i]!),
    );
  };

const error =
  (of: string, prefix: Prefix) =>
  (c: Context): Float64Array => {
    const pairs = c.table.columns.n_pairs as Uint32Array;
    const [scale, windows] = [cells(c, `${prefix}scale`), cells(c, `${prefix}windows`)];
    return cells(c, of).map((r, i) =>
      fisherError(r, pairs[i]!, scale[i]!, windows[i]!, pairLags(pairs[i]!, c.params.hacLags)),
    );
  };

const bound =
  (side: -1 | 1) =>
  (c: Context): Float64Array => {
    const errors = cells(c, 'pearson_error');
    return cells(c, 'pearson').map((r, i) => fisherBound(r, errors[i]!, c.params.level, side));
  };

const pValue =
  (of: string) =>
  (c: Context): Float64Array => {
    const errors = cells(c, `${of}_error`);
    return cells(c, of).map((r, i) => fisherP(r, errors[i]!));
  };

const qValue =
  (p: string) =>
  (c: Context): Float64Array =>
    benjaminiHochberg(cells(c, p));

/** When the last row is known. */
function lastAvailable(c: Context): Float64Array {
  const available = cells(c, 'available_at');
  let last = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < available.length; i++) last = Math.max(last, available[i]!);
  return new Float64Array(available.length).fill(last);
}

/**
 * Columns of a table of correlations of `what`, derived from the sums of its pairs: Pearson's with interval, p and q,
 * Spearman's with p and q; q by Benjamini and Hochberg over all rows. The table adds its keys, and `available_at` before
 * these. Spearman's p takes ranks as data: under independence, which it tests, estimating them costs nothing.
 */
export function correlationColumns(what: string): Record<string, ColumnSpec<Params>> {
  const few = 'fewer pairs than minPairs, or zero variance';
  const untested = `${few}, or a perfect correlation`;
  const sum = (doc: string): ColumnSpec<Params> => ({
    ...{ dtype: 'f64', merge: 'whole', unit: 'sum', nulls: 'never', accuracy: 'f64', hidden: true, doc },
  });
  const derived = (
    unit: string,
    doc: string,
    nulls: string,
    derive: NonNullable<ColumnSpec<Params>['derive']>,
  ): ColumnSpec<Params> => ({ dtype: 'f64', merge: 'derived', accuracy: 'f64', unit, doc, nulls, derive });
  const known = (doc: string): ColumnSpec<Params> => ({
    ...{ dtype: 'time', merge: 'derived', unit: 'UTC', nulls: 'never', accuracy: 'exact', doc },
    derive: lastAvailable,
  });
  return {
    n_pairs: {
      ...{ dtype: 'count', merge: 'whole', unit: 'pairs', nulls: 'never', accuracy: 'exact' },
      doc: `Rows where both are known: ${what}.`,
    },
    xy: sum('Σ(x - x̄)(y - ȳ), means of the pairs.'),
    scale: sum('√Σ(x - x̄)² · √Σ(y - ȳ)².'),
    windows: sum('Σ of squared sums of lags + 1 consecutive influences.'),
    rank_xy: sum('As xy, of the ranks.'),
    rank_scale: sum('As scale, of the ranks.'),
    rank_windows: sum('As windows, of the ranks.'),
    pearson: derived('ratio', `Pearson's correlation: ${what}.`, few, rho('')),
    pearson_error: derived(
      'ratio',
      "HAC standard error of Fisher's z of pearson.",
      untested,
      error('pearson', ''),
    ),
    lo: derived('ratio', 'Lower end of the interval about pearson.', untested, bound(-1)),
    hi: derived('ratio', 'Upper end of the interval about pearson.', untested, bound(1)),
    p: derived('probability', 'Two-sided p of pearson = 0.', untested, pValue('pearson')),
    q: derived('probability', 'Benjamini-Hochberg q over all rows.', untested, qValue('p')),
    spearman: derived('ratio', `Spearman's correlation: ${what}.`, few, rho('rank_')),
    spearman_error: derived(
      'ratio',
      "HAC standard error of Fisher's z of spearman.",
      untested,
      error('spearman', 'rank_'),
    ),
    spearman_p: derived('probability', 'Two-sided p of spearman = 0.', untested, pValue('spearman')),
    spearman_q: derived('probability', 'Benjamini-Hochberg q over all rows.', untested, qValue('spearman_p')),
    q_available_at: known('When q is known: all rows are.'),
    spearman_q_available_at: known('When spearman_q is known: all rows are.'),
  };
}
