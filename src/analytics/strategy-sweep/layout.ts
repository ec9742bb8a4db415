/**
 * Columns of a bar in the order of the shader's `Bar`; whole numbers below 2^31, 0 where there is none. All but `open`,
 * `high`, `low`, `mostFill` and `feeFrom`, which execute in the bar, are known at its available_at.
 */
export const BAR_COLUMNS = [
  'open',
  'high',
  'low',
  /** Last known close. */
  'mark',
  /** z of VI and relative volume, in 2^-10. */
  'z',
  'relative',
  /** 10^-4 bps; the most of a word where it is not known. */
  'spread',
  /** Two bits a trend: up, down. */
  'trends',
  'events',
  /** σ in 10^-6, ATR in ticks. */
  'sigma',
  'range',
  /** Yσ in 10^-8, √V in 2^-5. */
  'impact',
  'root',
  /** Order lots. */
  'mostOrder',
  'mostFill',
  /** First bar that an order decided here fills in. */
  'fillBar',
  /** First bar whose fills count for the fee tier here. */
  'feeFrom',
] as const;

export type BarColumns = Readonly<Record<(typeof BAR_COLUMNS)[number], Int32Array>>;

export const barColumns = (count: number): BarColumns =>
  Object.fromEntries(BAR_COLUMNS.map((name) => [name, new Int32Array(count)])) as BarColumns;

/** Bits of `events`; funding times inside the bar are counted above them. */
export const NEW_DAY = 1;
export const PERIOD_END = 2;
export const WARNS_LONG = 4;
export const WARNS_SHORT = 8;
export const FUNDING_AT_OPEN = 16;
export const FUNDING_INSIDE = 8;

export const MOST_WORD = 2 ** 31 - 1;
