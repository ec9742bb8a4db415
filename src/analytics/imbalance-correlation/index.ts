import { type ColumnSpec, defineAnalytic } from '../../core/analytic.js';
import { InputError } from '../../core/errors.js';
import { param } from '../../core/schema.js';
import { correlationColumns, correlationParams } from '../../stats/correlation-columns.js';
import { kernel } from './plan.js';
import { reference } from './reference.js';

/** Eight million pairs, of which a table of two dozen columns is 1.6 GB. */
const MOST_INSTRUMENTS = 4096;

const params = {
  every: param.duration({ default: '1m', min: '1ms', doc: 'Width of the bars.' }),
  ...correlationParams,
};

const column = (
  dtype: ColumnSpec<unknown>['dtype'],
  merge: ColumnSpec<unknown>['merge'],
  unit: string,
  doc: string,
): ColumnSpec<unknown> => ({ dtype, merge, unit, doc, nulls: 'never', accuracy: 'exact' });

/** Correlations of volume imbalance between instruments. */
export const imbalanceCorrelation = defineAnalytic({
  name: 'imbalance-correlation',
  version: '1.0.0',
  summary: 'Pearson and Spearman correlation of volume imbalance for every pair of instruments.',
  doc: {
    formula:
      'ρ = Σ(x - x̄)(y - ȳ) / √(Σ(x - x̄)² · Σ(y - ȳ)²) over the bars in which the imbalances x, y = (B - S)/(B + S) of ' +
      'both instruments are known, means and counts being those of the pair. Interval tanh(artanh ρ ± e·Φ⁻¹) and ' +
      'p = 2Φ(-|artanh ρ|/e) with e = √(Ω/(n - 3))/(1 - ρ²), Ω the Newey-West long-run variance of the influences ' +
      'z_x z_y - ρ(z_x² + z_y²)/2; q by Benjamini and Hochberg over all pairs. The matrix is symmetric with ones on its ' +
      'diagonal: every pair is given once.',
    source:
      'Newey and West (1987, 1994); Fisher (1921); Benjamini and Hochberg (1995); Datta and Du (2012) for pairs with gaps.',
    example: '--every 1m',
    notes:
      'Spearman ranks each instrument once, over its own bars: exact for pairs that miss no bar, otherwise a correlation ' +
      'of ranks among more bars than the pair has. All sums are binary64 on every backend, in the order of the bars.',
  },
  params,
  inputs: { panel: { kind: 'panel', every: (p) => p.every } },
  cut: 'never',
  outputs: {
    pairs: {
      grain: 'instrument × other instrument',
      key: ['instrument', 'other'],
      columns: {
        instrument: column('instrument', 'key', 'symbol', 'Instrument.'),
        other: column(
          'instrument',
          'key',
          'symbol',
          'The other instrument, later in the order of the input.',
        ),
        available_at: column('time', 'whole', 'UTC', 'When the last bars of both are known.'),
        ...correlationColumns('imbalance of the two'),
      },
    },
  },
  check: (_, { length }) => {
    if (length > MOST_INSTRUMENTS)
      throw new InputError(
        'imbalance-correlation instruments',
        length,
        `must be at most ${MOST_INSTRUMENTS}`,
      );
  },
  reference,
  kernel,
  module: import.meta.url,
  exportName: 'imbalanceCorrelation',
});
