import { type ColumnSpec, defineAnalytic } from '../../core/analytic.js';
import { columnSpec } from '../../core/column-spec.js';
import { InputError } from '../../core/errors.js';
import { type ParamsOf, param } from '../../core/schema.js';
import { LONGEST_WINDOW } from '../../core/window-moments.js';
import { kernel } from './plan.js';
import { reference } from './reference.js';

const params = {
  every: param.duration({ default: '1m', min: '1ms', doc: 'Width of the bars.' }),
  bars: param.integer({
    default: 20,
    min: 1,
    max: LONGEST_WINDOW,
    doc: 'Bars before the bar that rvol, z and percentile compare with.',
  }),
  minPeriods: param.integer({
    default: undefined,
    min: 1,
    max: LONGEST_WINDOW,
    doc: 'Observed bars that suffice; unless given, as many bars as the window has must have passed.',
  }),
  includeCurrent: param.flag({ doc: 'The window of bars ends with the bar itself instead of before it.' }),
  session: param.session({
    default: '1d',
    doc: 'Sessions whose slots are compared; days of a zone keep the local time of day.',
  }),
  sessions: param.integer({
    default: 10,
    min: 1,
    max: 1000,
    doc: 'Sessions before the current one whose same slot is compared with.',
  }),
  minSessions: param.integer({
    default: undefined,
    min: 1,
    max: 1000,
    doc: 'Sessions with the slot that suffice; unless given, as many as asked for must have passed.',
  }),
  baseline: param.choice({
    values: ['prior_sessions', 'include_current', 'day_of_month'],
    default: 'prior_sessions',
    doc:
      'Sessions of the at-time baseline: those before the current one; with include_current it is one of them; ' +
      'day_of_month takes the same day of earlier months, a known fault, and is flagged (rvol.baseline).',
  }),
};

type Spec = ColumnSpec<ParamsOf<typeof params>>;

const size = (doc: string, nulls: string): Spec =>
  columnSpec({ dtype: 'f64', unit: 'size', accuracy: 'rounded', doc, nulls });
const ratio = (doc: string, nulls: string): Spec =>
  columnSpec({ dtype: 'f64', unit: 'ratio', accuracy: 'rounded', doc, nulls });

/** Volume against the bars before it and against the same time of earlier sessions. */
export const relativeVolume = defineAnalytic({
  name: 'relative-volume',
  version: '1.0.0',
  summary:
    'Volume of each bar over the mean of the bars before it, and of the same time in earlier sessions.',
  doc: {
    formula:
      'rvol = V_t / mean(V_{t-n} … V_{t-1}), n = bars; z = (V_t - mean) / sd of the same window, ddof = 1; percentile = ' +
      'share of it below V_t, ties half. At slot j of session d with n = sessions: rvol_regular = V_{d,j} / mean(V_{d-n,j} … ' +
      'V_{d-1,j}); rvol_cumulative = C_{d,j} / mean(C_{d-n,j} … C_{d-1,j}), C the volume since the session began, so that ' +
      'a partial session meets partial ones.',
    source: 'Market practice.',
    example: '--every 5m --session day@America/New_York',
    notes:
      'Means leave out what was not observed: a bar nobody saw, a slot a session does not have, cumulative volume after ' +
      'an outage or of a session seen only from its middle on. A mean of 0 gives null. Of an hour that clocks repeat both ' +
      'bars are in the slot. Sums are integers, so no value depends on anything but its window.',
  },
  params,
  inputs: { panel: { kind: 'panel', every: (p) => p.every } },
  cut: 'instrument',
  cost: () => 10,
  outputs: {
    bars: {
      grain: 'instrument × bar, without gaps',
      key: ['instrument', 'time'],
      columns: {
        instrument: columnSpec({ dtype: 'instrument', merge: 'key', unit: 'symbol', doc: 'Instrument.' }),
        time: columnSpec({ dtype: 'time', merge: 'key', unit: 'UTC', doc: 'Start of the bar.' }),
        volume: size('Volume of the bar.', 'not observed'),
        rvol: ratio('Volume over the mean of the bars before it.', 'warm-up; volume null; mean 0'),
        z: columnSpec({
          ...{ dtype: 'f64', unit: 'sd', accuracy: 'f64', nulls: 'warm-up; volume null; sd 0' },
          doc: 'z-score of the volume among the bars before it.',
        }),
        percentile: ratio('Share of the bars before it with less volume, ties half.', 'warm-up; volume null'),
        cumulative_volume: size(
          'Volume since the session began.',
          'the session or a bar in it not observed from its start on',
        ),
        rvol_cumulative: ratio(
          'Cumulative volume over its mean at the same slot of the baseline sessions.',
          'warm-up; cumulative_volume null; mean 0',
        ),
        rvol_regular: ratio(
          'Volume over its mean in the same slot of the baseline sessions.',
          'warm-up; volume null; mean 0',
        ),
        flagged: columnSpec({
          ...{ dtype: 'index', unit: 'flag' },
          doc: '1 if the baseline has a known fault (day_of_month), else 0.',
        }),
        available_at: columnSpec({
          ...{ dtype: 'time', unit: 'UTC' },
          doc: 'When the bar and all before it are known.',
        }),
      },
    },
  },
  check: ({ baseline, session }) => {
    if (baseline === 'day_of_month' && !/^(1d|day@.+)$/.test(session))
      throw new InputError(
        'relative-volume session',
        session,
        'must be 1d or day@<IANA zone> for day_of_month',
      );
  },
  reference,
  kernel,
  module: import.meta.url,
  exportName: 'relativeVolume',
});
