import { InputError } from '../../core/errors.js';
import { trialAt, trialRange } from './grid.js';
import { MOST_WORD } from './layout.js';
import { nearest } from './nearest.js';
import { AXES, type Params } from './params.js';

/** Units of the integers that decisions and money are made of. */
export const Z_UNIT = 1024;
export const RATE_UNIT = 1e8;
/** Of a bp. */
export const SPREAD_UNIT = 1e4;
/** Wider than any: a spread that is not known, and the limit that lets it pass. */
export const NO_SPREAD = MOST_WORD;
export const MICROS = 1e6;

/** Fields of a trial in the order of the shader's `Trial`. */
export const TRIAL_FIELDS = [
  /** |z| that enters, |z| that warns, least relative volume: 2^-10. */
  'entry',
  'warn',
  'relative',
  /** Widest spread, 10^-4 bps. */
  'limit',
  /** First bit of its trend. */
  'trend',
  /** 2^-8 ATR. */
  'stop',
  'target',
  'timeStop',
  /** Of a bar, 10^-6. */
  'volatility',
  'window',
] as const;

/** One parameter set as integers. */
export type TrialRule = Readonly<Record<(typeof TRIAL_FIELDS)[number], number>>;

/** More than any amount: a limit that is never reached. */
const NEVER = 2 ** 52;
const YEAR = 365 * 86_400_000_000;
/** Of a bar: 10^4 times it must fit a word. */
const MOST_VOLATILITY = 0.4;

/** Parameters as integers: what the walk compares and multiplies with. */
export interface Rules {
  readonly first: number;
  readonly trials: readonly TrialRule[];
  readonly capital: number;
  /** 10^-4. */
  readonly maxWeight: number;
  /** Rates in 10^-8. */
  readonly halfSpread: number;
  readonly funding: number;
  /** Micro-quote; falls that end the day or the run. */
  readonly dailyLoss: number;
  readonly drawdownKill: number;
  readonly reverses: boolean;
  /** Micro-quote from which each tier holds, and its taker rate. */
  readonly thresholds: Float64Array;
  readonly takers: Int32Array;
}

/** Errors: InputError for combinations that no single parameter shows to be wrong. */
export function rulesOf(params: Params): Rules {
  const { first, end } = trialRange(params);
  const { capital, maxWeight, every } = params;
  if (capital * maxWeight > 1e8)
    throw new InputError(
      'strategy-sweep capital times maxWeight',
      capital * maxWeight,
      'must be at most 100000000',
    );
  const trials: TrialRule[] = [];
  for (let number = first; number < end; number++) trials.push(trialRule(params, number));
  const intervals = Math.ceil(every / params.fundingEvery);
  if (intervals > 1_000_000 || intervals * Math.abs(params.funding) > 0.5)
    throw new InputError(
      'strategy-sweep funding intervals of a bar',
      intervals,
      'must be at most 1000000, and together charge at most 0.5',
    );
  // a rate of each bar's volatility, which is below 1
  inUnits('impact', params.impact, RATE_UNIT);
  const limit = (name: string, share: number): number =>
    share === 0 ? NEVER : inUnits(name, share, capital * MICROS);
  return {
    ...{ first, trials, capital, maxWeight: Math.round(maxWeight * 1e4) },
    halfSpread: inUnits('halfSpread', params.halfSpread, 1e4),
    funding: inUnits('funding', params.funding, RATE_UNIT),
    dailyLoss: limit('dailyLoss', params.dailyLoss),
    drawdownKill: limit('drawdownKill', params.drawdownKill),
    reverses: params.reversal === 'reverse',
    thresholds: Float64Array.from(params.fees, ({ threshold }) =>
      Math.min(NEVER, Math.round(threshold * MICROS)),
    ),
    takers: Int32Array.from(params.fees, ({ taker }) => Math.round(taker * 1e4)),
  };
}

/**
 * Sets that the walk cannot tell apart would be one trial counted twice. Fields depend on one axis each, so the trials that
 * differ from the first in one axis tell of all. Errors: InputError for the first trial that is another's twin.
 */
export function checkDistinct(params: Params): void {
  let stride = 1;
  for (const axis of [...AXES].reverse()) {
    const seen = new Map<string, number>();
    for (let i = 0; i < params[axis].length; i++) {
      const number = i * stride;
      const rule = trialRule(params, number);
      const key = TRIAL_FIELDS.map((field) => rule[field]).join();
      const twin = seen.get(key);
      if (twin !== undefined)
        throw new InputError(
          'strategy-sweep trial',
          number,
          `must differ from trial ${twin} by 1/1024 of a z or relative volume, 10^-4 bps of spread, 1/256 ATR or 10^-6 of a bar's volatility`,
        );
      seen.set(key, number);
    }
    stride *= params[axis].length;
  }
}

function trialRule(params: Params, number: number): TrialRule {
  const trial = trialAt(params, number);
  const perBar = trial.targetVolatility * Math.sqrt(params.every / YEAR);
  if (perBar > MOST_VOLATILITY)
    throw new InputError(
      'strategy-sweep targetVolatility of',
      perBar,
      `a bar must be at most ${MOST_VOLATILITY}: take narrower bars or a lower target`,
    );
  if (perBar * MICROS < 0.5)
    throw new InputError(
      'strategy-sweep targetVolatility of',
      perBar,
      'a bar must be at least 5e-7: take wider bars or a higher target',
    );
  return {
    entry: Math.max(1, Math.round(Math.max(trial.theta, params.gate) * Z_UNIT)),
    warn: Math.max(1, Math.round(trial.theta * Z_UNIT)),
    relative: inUnits('relativeVolume', trial.relativeVolume, Z_UNIT),
    limit: trial.spreadLimit === 0 ? NO_SPREAD : inUnits('spreadLimit', trial.spreadLimit, SPREAD_UNIT),
    trend: 2 * params.trend.indexOf(trial.trend),
    stop: inUnits('stop', trial.stop, 256),
    target: inUnits('target', trial.target, 256),
    timeStop: trial.timeStop,
    volatility: Math.round(perBar * MICROS),
    window: trial.reversalWindow,
  };
}

/** The nearest integer of units. Errors: InputError for a value that is not 0 and would become it, which means off. */
function inUnits(name: string, value: number, units: number): number {
  const whole = nearest(value * units);
  if (value !== 0 && whole === 0)
    throw new InputError(`strategy-sweep ${name}`, value, `must be 0 or at least ${0.5 / units} in size`);
  return whole;
}
