import { type ColumnSpec, defineAnalytic } from '../../core/analytic.js';
import { column } from '../../core/column-spec.js';
import { type ParamsOf, param } from '../../core/schema.js';
import * as derive from './derive.js';
import { kernel } from './plan.js';
import { reference } from './reference.js';

const params = {
  every: param.duration({ default: '1m', min: '1ms', doc: 'Width of the bars.' }),
  maxAge: param.duration({
    default: '1d',
    min: '1ms',
    doc: "Open interest that became available longer before a bar's end is not used for it.",
  }),
  measure: param.choice({
    values: ['contracts', 'usd'],
    default: 'contracts',
    doc: 'contracts, or their value in USD, which also moves with price: ratios to volume are then null.',
  }),
};

type Spec = ColumnSpec<ParamsOf<typeof params>>;

const hidden = (unit: string, doc: string): Spec =>
  column('f64', unit, doc, { hidden: true, nulls: 'the interval is not known' });
const derived = (unit: string, doc: string, nulls: string, value: NonNullable<Spec['derive']>): Spec =>
  column('f64', unit, doc, { merge: 'derived', accuracy: 'f64', nulls, derive: value });

const SAME =
  'the observation is not new, one of the two is missing or too old, or the interval began before the bars';

/** Open interest as of every bar, its changes from observation to observation, and volume against them. */
export const openInterest = defineAnalytic({
  name: 'open-interest',
  version: '1.0.0',
  summary: 'Open interest by bar: changes, price and flow quadrants, volume against open interest.',
  doc: {
    formula:
      "Open interest of a bar is the latest observation that is available by the bar's end and became so at most " +
      'maxAge before it. Where that of the bar before is another one: ΔOI = OI - OI₁, Δln OI = ln(OI/OI₁), and B, S, V of ' +
      'all bars after the one where OI₁ was new (the interval); elsewhere these are null, not 0. Quadrant: +1 price up and OI up (new ' +
      'longs), +2 up and down (short covering), -1 down and up (new shorts), -2 down and down (long liquidation), 0 if ' +
      'either stands still; the flow quadrant takes the sign of B - S for that of price. V/|ΔOI|, ΔOI/V, |ΔOI|/V and the ' +
      'short-hold share 1 - min(1, |ΔOI|/V) are of the interval, V/OI of the bar.',
    source: 'Garcia, Leuthold and Zapata (1986) for V/OI; Lucia and Pardo (2010) for ΔOI/V.',
    example: '--every 5m --max-age 1d',
    notes:
      'Open interest is in the contracts of the input, volume in its sizes: both count the same thing, or `excess` shows ' +
      'that they do not. A change of contract or unit must come as another instrument, or with a null observation between.',
  },
  params,
  inputs: { panel: { kind: 'panel', every: (p) => p.every }, oi: 'oi' },
  cut: 'instrument',
  outputs: {
    bars: {
      grain: 'instrument × bar',
      key: ['instrument', 'time'],
      columns: {
        instrument: column('instrument', 'symbol', 'Instrument.', { merge: 'key' }),
        time: column('time', 'UTC', 'Start of the bar.', { merge: 'key' }),
        oi: column('f64', 'contracts', 'Open interest as of the end of the bar.', {
          nulls: 'no observation, a null one, or one too old',
        }),
        oi_time: column('time', 'UTC', 'Time of that observation.', { nulls: 'no observation, or too old' }),
        oi_before: hidden('contracts', 'Open interest as of the bar before.'),
        close: hidden('ticks', 'Last price of the bar.'),
        close_before: hidden('ticks', 'Last price of the bar where the observation before was new.'),
        volume: hidden('lots', 'Volume of the bar.'),
        interval_bars: column('count', 'bars', 'Bars of the interval; 0 where the observation is not new.'),
        interval_buy: hidden('lots', 'Taker-buy volume B of the interval.'),
        interval_sell: hidden('lots', 'Taker-sell volume S of the interval.'),
        interval_unknown: hidden('lots', 'Volume of the interval without a known side.'),
        interval_volume: derived('size', 'Volume V of the interval.', SAME, derive.intervalVolume),
        interval_delta: derived('size', 'B - S of the interval.', SAME, derive.intervalDelta),
        vi: derived('ratio', '(B - S)/(B + S) of the interval.', `${SAME}; B + S = 0`, derive.imbalance),
        delta_oi: derived('contracts', 'ΔOI over the interval.', SAME, derive.deltaOi),
        dln_oi: derived('ratio', 'Δln OI over the interval.', `${SAME}; OI of 0`, derive.logOi),
        return: derived('ratio', 'ln of the price change over the interval.', SAME, derive.logPrice),
        quadrant: derived('code', 'Price and open interest, see above.', SAME, derive.quadrant),
        flow_quadrant: derived(
          'code',
          'Sign of B - S and open interest.',
          `${SAME}; no side is known`,
          derive.flowQuadrant,
        ),
        volume_to_oi: derived('ratio', 'V of the bar / OI.', 'OI = 0 or V = 0', derive.volumeToOi),
        volume_to_delta_oi: derived(
          'ratio',
          'V / |ΔOI| of the interval.',
          `${SAME}; ΔOI = 0 or V = 0`,
          derive.volumeToChange,
        ),
        delta_oi_to_volume: derived(
          'ratio',
          'ΔOI / V of the interval, within ±1 unless units or times are wrong.',
          `${SAME}; V = 0`,
          derive.changeToVolume,
        ),
        abs_delta_oi_to_volume: derived(
          'ratio',
          '|ΔOI| / V of the interval.',
          `${SAME}; V = 0`,
          derive.absChangeToVolume,
        ),
        short_hold_share: derived(
          'ratio',
          'Share of volume that was not held: 1 - min(1, |ΔOI| / V).',
          `${SAME}; V = 0`,
          derive.shortHoldShare,
        ),
        excess: column('index', 'flag', '1 if |ΔOI| > V, else 0.', {
          merge: 'derived',
          derive: derive.excess,
        }),
        available_at: column('time', 'UTC', 'When the bar is complete and known; joins use this.'),
      },
    },
  },
  reference,
  kernel,
  module: import.meta.url,
  exportName: 'openInterest',
});
