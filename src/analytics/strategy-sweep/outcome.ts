/** What a run comes to beside its account: money in micro-quote, returns in 10^-6 of capital. */
export interface Outcome {
  equity: number;
  /** Largest fall from the peak. */
  fall: number;
  total: number;
  squares: number;
  downside: number;
  lagged: number;
  exposure: number;
  status: number;
}

export const newOutcome = (): Outcome => ({
  ...{ equity: 0, fall: 0, total: 0, squares: 0, downside: 0, lagged: 0, exposure: 0, status: 0 },
});

export function clear(outcome: Outcome): void {
  outcome.equity = 0;
  outcome.fall = 0;
  outcome.total = 0;
  outcome.squares = 0;
  outcome.downside = 0;
  outcome.lagged = 0;
  outcome.exposure = 0;
  outcome.status = 0;
}

const MOST_RETURN = 2 ** 22;
const MOST_SQUARES = 2 ** 52;

/** Adds a return, and its product with the one before; false where it grows past what stays exact. */
export function addReturn(outcome: Outcome, value: number, before: number): boolean {
  if (Math.abs(value) >= MOST_RETURN) return false;
  outcome.total += value;
  outcome.squares += value * value;
  if (value < 0) outcome.downside += value * value;
  outcome.lagged += value * before;
  return outcome.squares < MOST_SQUARES;
}
