/** The nearest integer, halves away from zero: turning a market over turns the sign and nothing else. */
export const nearest = (x: number): number => Math.sign(x) * Math.round(Math.abs(x));
