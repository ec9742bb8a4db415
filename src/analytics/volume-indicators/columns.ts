import type { ColumnSpec } from '../../core/analytic.js';
import type { Params } from './parameters.js';

type Spec = ColumnSpec<Params>;

const UNOBSERVED = 'a bar that was not observed, an indicator not asked for';

const column = (unit: string, nulls: string, doc: string): Spec => ({
  ...{ dtype: 'f64', merge: 'last', accuracy: 'f64' },
  ...{ unit, doc, nulls: nulls === '' ? UNOBSERVED : `${nulls}; ${UNOBSERVED}` },
});

const key = (dtype: 'instrument' | 'time', unit: string, merge: 'key' | 'last', doc: string): Spec => ({
  ...{ dtype, merge, unit, doc, nulls: 'never', accuracy: 'exact' },
});

/** Columns of `indicators`; what each does in an empty bar stands with it. n is the number of observed bars so far. */
export const columns: Readonly<Record<string, Spec>> = {
  instrument: key('instrument', 'symbol', 'key', 'Instrument.'),
  time: key('time', 'UTC', 'key', 'Start of the bar.'),
  obv: {
    ...column(
      'size',
      '',
      'On-balance volume: + V where the close rose, - V where it fell. Carries on in an empty bar.',
    ),
    ...{ dtype: 'lots', accuracy: 'exact' },
  },
  adl: column(
    'size',
    '',
    'Accumulation distribution line Σ MFM · V, 0 where H = L. Carries on in an empty bar. Error below n · 2^-53 · Σ|MFM · V|.',
  ),
  cmf: column(
    'ratio',
    'fewer bars than its period, no volume in them',
    'Chaikin money flow Σ MFM · V / Σ V, in [-1, 1]. An empty bar counts with 0. Error below (period + 3) · 2^-53.',
  ),
  adosc: column(
    'size',
    'before the slow average has its seed',
    'Chaikin oscillator: fast less slow average of the line. Error: that of adl, and (slow + 14) · 2^-53 · max|adl|.',
  ),
  mfi: column(
    'percent',
    'fewer changes of price than its period; nothing flowed either way, unless mfiBothZero says otherwise',
    'Money flow index, in [0, 100]. An empty bar flows neither way. Error below (period + 4) · 2^-52, relative.',
  ),
  force2: column(
    'price · size',
    'before the average has its seed',
    'Force index of 2 bars, EMA of (C - C₁) · V. An empty bar counts with 0. Error below 8 · 2^-53 · max|(C - C₁) · V|.',
  ),
  force13: column(
    'price · size',
    'before the average has its seed',
    'Force index of 13 bars. An empty bar counts with 0. Error below 14 · 2^-53 · max|(C - C₁) · V|.',
  ),
  pvo: column(
    'percent',
    'before the slow average has its seed; nothing was traded yet',
    'Volume oscillator of two averages of V. An empty bar counts with 0. Error below 100 · (slow + 16) · 2^-53 · max V / slow average.',
  ),
  pvo_signal: column(
    'percent',
    'before it has its seed; where pvo is null',
    'Average of pvo. Error: that of pvo, and (period + 14) · 2^-54 · max|pvo|.',
  ),
  vwma: column(
    'price',
    'fewer bars than its period, no volume in them',
    'Volume-weighted moving average Σ C · V / Σ V. An empty bar adds nothing. Error below (period + 3) · 2^-53, relative.',
  ),
  nvi: column(
    'index',
    '',
    'Negative volume index: × C / C₁ where V fell. Carries on in an empty bar. Error below 2 n · 2^-53, relative.',
  ),
  pvi: column(
    'index',
    '',
    'Positive volume index: × C / C₁ where V rose. Carries on in an empty bar. Error below 2 n · 2^-53, relative.',
  ),
  emv: column(
    'scale · price² / size',
    'before the second price; V = 0',
    'Ease of movement Δ((H + L) / 2) · (H - L) · scale / V. Error below 5 · 2^-53, relative.',
  ),
  emv_sma: column(
    'scale · price² / size',
    'fewer values of emv than its period; where emv is null',
    'Mean of the last values of emv. Error below (period + 6) · 2^-53 · max|emv| of them.',
  ),
  pvt: column(
    'size',
    '',
    'Price-volume trend Σ V (C / C₁ - 1). Carries on in an empty bar. Error below (n + 3) · 2^-53 · Σ|V (C / C₁ - 1)|.',
  ),
  vroc: column(
    'percent',
    'before the bar it looks back to; V there is 0',
    'Volume rate of change 100 (V / Vₙ - 1); -100 in an empty bar. Error below 3 · 2^-53, relative.',
  ),
  kvo: column(
    'size',
    'before the slow average has its seed; volume force is null',
    'Klinger oscillator: fast less slow average of volume force. An empty bar counts with 0. Error below (slow + 20) · 2^-53 · max|force|.',
  ),
  kvo_signal: column(
    'size',
    'before it has its seed; where kvo is null',
    'Average of kvo. Error: that of kvo, and (period + 14) · 2^-54 · max|kvo|.',
  ),
  available_at: key('time', 'UTC', 'last', 'When the bar and all before it are known; joins use this.'),
};
