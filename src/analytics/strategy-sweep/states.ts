/** How a run stands after its last bar. */
export const [ACTIVE, KILLED, OVERFLOW] = [0, 1, 2];

/** Why a fill was ordered, by code. */
export const REASONS = {
  entry: 1,
  warning: 2,
  reversal: 3,
  stop: 4,
  target: 5,
  time: 6,
  loss: 7,
  kill: 8,
} as const;
