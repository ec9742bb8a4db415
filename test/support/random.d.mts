export function random(seed: number): () => number;
export function integerIn(next: () => number, from: number, to: number): number;
