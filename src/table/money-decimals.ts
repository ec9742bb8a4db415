import type { Instrument } from '../core/columns.js';
import { InputError } from '../core/errors.js';
import { bigAt, type ExactColumn, exactColumn, setBig } from '../core/exact.js';
import type { PresentedData } from './presented.js';
import { type Unit, unitOf } from './scaled-f64.js';
import { scaledWords } from './scaled-words.js';

/** Rows `[from, to)` that belong to one instrument. */
export interface Run {
  readonly from: number;
  readonly to: number;
  readonly instrument: Instrument;
}

const DIGITS = 38;

/** Linear notional counts ticks · lots · multiplier; an inverse contract's face value lots · multiplier. */
export const moneyUnit = (i: Instrument): Unit =>
  i.contract === 'inverse' ? unitOf(i.lot, i.multiplier) : unitOf(i.tick, i.lot, i.multiplier);

/**
 * Money of all instruments in one Decimal128 column, exactly: at the scale of the finest unit, or, where that does
 * not leave room for the largest value, at the finest decimal that any value really has. `column` holds no null.
 * Throws an InputError that names the instrument of the finest unit where 38 digits are too few even so.
 */
export function moneyDecimals(
  runs: readonly Run[],
  column: ExactColumn,
  name: string,
  instruments: readonly Instrument[],
): PresentedData {
  let scale = 0;
  for (const instrument of instruments) scale = Math.max(scale, moneyUnit(instrument).scale);
  const words = new Uint32Array(column.values.length * 4);
  if (fill(words, runs, column, scale) === undefined) return { type: 'decimal', words, scale };
  const finest = finestDecimal(runs, column);
  if (finest.scale < scale) {
    words.fill(0);
    scale = finest.scale;
    if (fill(words, runs, column, scale) === undefined) return { type: 'decimal', words, scale };
  }
  throw tooWide(runs, column, name, finest);
}

/** Writes `column` at `scale`, which holds every value exactly; returns the run that does not fit. */
function fill(words: Uint32Array, runs: readonly Run[], column: ExactColumn, scale: number): Run | undefined {
  for (const run of runs) if (scale > DIGITS || !fillRun(words, run, column, scale)) return run;
  return undefined;
}

function fillRun(words: Uint32Array, run: Run, column: ExactColumn, scale: number): boolean {
  const { from, to, instrument } = run;
  const unit = moneyUnit(instrument);
  if (unit.scale <= scale)
    return scaledWords(words, column, from, to, unit.coef * 10n ** BigInt(scale - unit.scale)) < 0;
  const shorter = exactColumn(to - from);
  const divisor = 10n ** BigInt(unit.scale - scale);
  for (let row = from; row < to; row++)
    setBig(shorter, row - from, (bigAt(column, row) * unit.coef) / divisor);
  return scaledWords(words.subarray(4 * from, 4 * to), shorter, 0, to - from, 1n) < 0;
}

/** A value `digits · 10^-scale` without trailing zeros, and whose it is. */
interface Finest {
  readonly digits: bigint;
  readonly scale: number;
  readonly instrument: Instrument | undefined;
}

/** The value of the most decimals. */
function finestDecimal(runs: readonly Run[], column: ExactColumn): Finest {
  let finest: Finest = { digits: 0n, scale: 0, instrument: undefined };
  for (const run of runs) {
    const unit = moneyUnit(run.instrument);
    for (let row = run.from; row < run.to && finest.scale < unit.scale; row++) {
      let value = bigAt(column, row) * unit.coef;
      if (value === 0n) continue;
      let { scale } = unit;
      for (; scale > finest.scale && value % 10n === 0n; scale--) value /= 10n;
      if (scale > finest.scale) finest = { digits: value, scale, instrument: run.instrument };
    }
  }
  return finest;
}

function tooWide(runs: readonly Run[], column: ExactColumn, name: string, finest: Finest): InputError {
  let most = 0;
  let largest = runs[0]!.instrument;
  for (const { from, to, instrument } of runs) {
    const unit = moneyUnit(instrument);
    const one = Number(unit.coef) / 10 ** unit.scale;
    for (let row = from; row < to; row++) {
      const value = Math.abs(column.values[row]!) * one;
      if (value <= most) continue;
      most = value;
      largest = instrument;
    }
  }
  const { symbol } = finest.instrument ?? largest;
  const beside = largest.symbol === symbol ? '' : ` beside ${largest.symbol} ${most}`;
  return new InputError(
    `${symbol} ${name}`,
    finest.scale > 0 ? `${finest.digits} · 10^-${finest.scale}` : most,
    `must fit ${DIGITS} decimal digits${beside}; leave ${symbol} out by --instruments, or declare a coarser --tick or --lot`,
  );
}
