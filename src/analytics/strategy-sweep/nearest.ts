/** The nearest integer, halves away from zero: turning a market over turns the sign and nothing else. */
export const nearest = (x: number): number => (x < 0 ? -Math.floor(0.5 - x) : Math.floor(x + 0.5));
