import { feeLadder } from '../../core/fee-ladder.js';
import { type ParamsOf, param } from '../../core/schema.js';
import { numberList, trendList } from './lists.js';

/** The axes of the grid, slowest first: the last one changes from trial to trial. */
const axes = {
  theta: numberList({
    default: [1],
    min: 0.001,
    max: 100,
    doc: 'Axis: |z| of VI that confirms an entry, and that warns against a position.',
  }),
  trend: trendList({
    default: [{ fast: 20, slow: 50 }],
    doc: 'Axis: EMA lengths in bars of the trend sign(EMA fast - EMA slow); seeded by the mean of the first closes.',
  }),
  relativeVolume: numberList({
    default: [1.2],
    min: 0,
    max: 1000,
    doc: 'Axis: least volume of the bar by the mean of the bars before; 0 for no gate.',
  }),
  spreadLimit: numberList({
    default: [0],
    min: 0,
    max: 10_000,
    doc: 'Axis: widest spread, bps of the mid, of the last book known with the bar; 0 for no gate, else a book must be given.',
  }),
  stop: numberList({ default: [2], min: 0, max: 100, doc: 'Axis: stop distance in ATR; 0 for none.' }),
  target: numberList({ default: [0], min: 0, max: 100, doc: 'Axis: profit target in ATR; 0 for none.' }),
  timeStop: numberList({
    default: [0],
    min: 0,
    max: 1_000_000,
    whole: true,
    doc: 'Axis: bars after which a position is closed; 0 for never.',
  }),
  targetVolatility: numberList({
    default: [0.4],
    min: 0.001,
    max: 10,
    doc: 'Axis: annual volatility sigma* that a position is sized to, w = min(maxWeight, sigma* / sigma).',
  }),
  reversalWindow: numberList({
    default: [5],
    min: 1,
    max: 1_000_000,
    whole: true,
    doc: 'Axis: bars within which a second warning ends the position.',
  }),
};

const signals = {
  gate: param.number({ default: 1, min: 0, max: 100, doc: 'Least |z| of VI for any entry.' }),
  surpriseBars: param.integer({
    default: 288,
    min: 2,
    max: 1440,
    doc: 'Values of VI before the bar that its z-score is taken over.',
  }),
  volumeBars: param.integer({
    default: 20,
    min: 1,
    max: 10_000,
    doc: 'Bars before that relative volume is measured by, and bars that the impact and participation volume averages.',
  }),
  atrBars: param.integer({ default: 14, min: 1, max: 10_000, doc: 'Traded bars of the average true range.' }),
  volatilityBars: param.integer({
    default: 20,
    min: 2,
    max: 10_000,
    doc: 'Log returns of closes that the volatility sigma is taken over.',
  }),
  divergenceBars: param.integer({
    default: 20,
    min: 1,
    max: 1000,
    doc: 'Traded bars before that a close must pass while CVD does not, for a divergence.',
  }),
  bookAge: param.duration({
    default: '5s',
    min: '1ms',
    doc: 'Oldest book that a bar may look at; of an older one its spread is null, which passes no gate.',
  }),
  climax: param.flag({ doc: 'Whether a volume climax warns too.' }),
  reversal: param.choice({
    values: ['close', 'reverse'],
    default: 'close',
    doc: 'What a second warning does.',
  }),
};

const money = {
  capital: param.integer({
    default: 100_000,
    min: 1,
    max: 100_000_000,
    doc: 'Capital of an instrument and trial, quote currency: what positions are sized on and returns are shares of.',
  }),
  maxWeight: param.number({ default: 1, min: 0.0001, max: 100, doc: 'Largest position by capital.' }),
  participation: param.number({
    default: 0.05,
    min: 0.000001,
    max: 1,
    doc: 'Largest share of volume: of the average known at the decision, and of what the fill bar trades.',
  }),
  halfSpread: param.number({ default: 1, min: 0, max: 1000, doc: 'Half spread, bps of the price.' }),
  impact: param.number({
    default: 1,
    min: 0,
    max: 100,
    doc: 'Y of the impact Y sigma √(q / V), of the bars before the fill.',
  }),
  fees: feeLadder({
    default: [{ threshold: 0, maker: 2, taker: 5 }],
    doc: 'Fee tiers by trailing notional; fills are taker.',
  }),
  feeWindow: param.choice({
    values: ['rolling_30d', 'daily_snapshot'],
    default: 'rolling_30d',
    doc: 'Own notional that sets the tier: of the 30 days before the fill, or before its 00:00 UTC (fees.window).',
  }),
  funding: param.number({
    default: 0,
    min: -0.1,
    max: 0.1,
    doc: 'Funding rate of an interval; longs pay it where positive.',
  }),
  fundingEvery: param.duration({ default: '8h', min: '1s', doc: 'Funding interval, from 00:00 UTC on.' }),
  latency: param.integer({
    default: 0,
    min: 0,
    max: 1_000_000_000_000,
    doc: 'µs from a decision to the earliest open it can fill at.',
  }),
  dailyLoss: param.number({
    default: 0.05,
    min: 0,
    max: 1,
    doc: 'Loss of a UTC day, by capital, that closes the position until the next; 0 for none.',
  }),
  drawdownKill: param.number({
    default: 0.25,
    min: 0,
    max: 1,
    doc: 'Fall from the peak, by capital, that ends trading; 0 for none.',
  }),
};

const outputs = {
  period: param.duration({
    default: '1d',
    min: '1s',
    doc: 'Periods of return, from 00:00 UTC; as wide as a bar where that is wider.',
  }),
  trades: param.flag({ doc: 'List every fill.' }),
  equity: param.flag({ doc: 'List equity and position by bar.' }),
  periods: param.flag({ doc: 'List profit and loss by period.' }),
  firstTrial: param.integer({ default: 0, min: 0, max: 99_999, doc: 'First trial of the grid to run.' }),
  trialCount: param.integer({
    default: 0,
    min: 0,
    max: 100_000,
    doc: 'Trials of the grid to run from the first on; 0 for all that follow.',
  }),
};

export const params = {
  every: param.duration({ default: '1d', min: '1ms', doc: 'Width of the bars.' }),
  ...axes,
  ...signals,
  ...money,
  ...outputs,
};

export type Params = ParamsOf<typeof params>;
export const AXES = Object.keys(axes) as (keyof typeof axes)[];
