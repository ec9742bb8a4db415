import type { Instrument } from '../../core/columns.js';
import { InputError } from '../../core/errors.js';
import { type ParamsOf, param } from '../../core/schema.js';

/** The indicators by name; some have several columns. */
export const INDICATORS = [
  ...(['obv', 'adl', 'cmf', 'adosc', 'mfi', 'force', 'pvo'] as const),
  ...(['vwma', 'nvi', 'pvi', 'emv', 'pvt', 'vroc', 'kvo'] as const),
] as const;

export type Indicator = (typeof INDICATORS)[number];

const period = (bars: number, doc: string) => param.integer({ default: bars, min: 1, max: 100_000, doc });

const NAME = `(?:${INDICATORS.join('|')})`;

export const params = {
  every: param.duration({ default: '1m', min: '1ms', doc: 'Width of the bars.' }),
  only: param.text({
    pattern: new RegExp(`^${NAME}(?:,${NAME})*$`),
    values: `names among ${INDICATORS.join(', ')}, with commas between`,
    doc: 'Indicators to compute; columns of the others are null. All of them unless given.',
  }),
  emaSeed: param.choice({
    values: ['sma', 'first'],
    default: 'sma',
    doc: 'Start of every exponential average: the mean of as many values as its period, null before, or the first value (ema.seed).',
  }),
  cmfPeriod: period(20, 'Bars of Chaikin money flow.'),
  adoscFast: period(3, 'Period of the fast average of the Chaikin oscillator.'),
  adoscSlow: period(10, 'Period of its slow average.'),
  mfiPeriod: period(14, 'Changes of the typical price in the money flow index.'),
  mfiBothZero: param.choice({
    values: ['null', '100', '0'],
    default: 'null',
    doc: 'Money flow index where nothing flowed either way (mfi.both_zero).',
  }),
  typicalPrice: param.choice({
    values: ['hlc3', 'ohlc4', 'close', 'bar_vwap'],
    default: 'hlc3',
    doc: 'Price whose change and product with volume make the money flow index (typical_price); bar_vwap is notional / volume of linear contracts.',
  }),
  pvoFast: period(12, 'Period of the fast average of the volume oscillator.'),
  pvoSlow: period(26, 'Period of its slow average.'),
  pvoSignal: period(9, 'Period of its signal line.'),
  vwmaPeriod: period(20, 'Bars of the volume-weighted moving average.'),
  emvScale: param.number({
    default: 1e8,
    min: 1e-12,
    max: 1e18,
    doc: 'Scale of ease of movement: the volume that counts as one.',
  }),
  emvPeriod: period(14, 'Values in the moving average of ease of movement.'),
  vrocPeriod: period(14, 'Bars back that volume is compared with.'),
  kvoFast: period(34, 'Period of the fast average of the Klinger oscillator.'),
  kvoSlow: period(55, 'Period of its slow average.'),
  kvoSignal: period(13, 'Period of its signal line.'),
  kvoForm: param.choice({
    values: ['outer', 'inner'],
    default: 'outer',
    doc: 'Volume force by |2(dm/cm - 1)|, or by |2 dm/cm - 1| (kvo.form).',
  }),
  kvoZeroRange: param.choice({
    values: ['null', '0'],
    default: 'null',
    doc: 'Volume force while the cumulative range cm is 0: null, which the averages pass over, or 0.',
  }),
};

export type Params = ParamsOf<typeof params>;

/** The indicators asked for. */
export const wantedOf = ({ only }: Params): ReadonlySet<Indicator> =>
  new Set(only === undefined ? INDICATORS : (only.split(',') as Indicator[]));

/** Errors: InputError for a fast average that is not the faster one, and for bar_vwap of inverse contracts. */
export function check(p: Params, instruments: readonly Instrument[]): void {
  const pairs = [
    ['adoscFast', p.adoscFast, 'adoscSlow', p.adoscSlow],
    ['pvoFast', p.pvoFast, 'pvoSlow', p.pvoSlow],
    ['kvoFast', p.kvoFast, 'kvoSlow', p.kvoSlow],
  ] as const;
  for (const [fast, bars, slow, most] of pairs)
    if (bars >= most)
      throw new InputError(`volume-indicators ${fast}`, bars, `must be below ${slow} ${most}`);
  if (p.typicalPrice !== 'bar_vwap') return;
  const inverse = instruments.find(({ contract }) => contract === 'inverse');
  if (inverse)
    throw new InputError(
      'volume-indicators typicalPrice',
      'bar_vwap',
      `must be another price: notional of ${inverse.symbol}, an inverse contract, is its face value`,
    );
}
