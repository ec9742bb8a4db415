export interface FuzzRow {
  readonly format: string;
  readonly cases: number;
  readonly imported: number;
  readonly refused: number;
  readonly read: number;
  readonly kept: number;
  readonly ledger: number;
  readonly duplicates: number;
  readonly skipped: number;
  /** Refusals by the bound they name. */
  readonly errors: ReadonlyMap<string, number>;
  /** Time of the imports. */
  readonly ms: number;
  readonly slowest: number;
  readonly findings: number;
}

export interface Finding {
  readonly format: string;
  readonly seed: number;
  readonly index: number;
  readonly what: string;
}

export function campaign(options: {
  readonly formats: readonly string[];
  readonly seed: number;
  /** Cases `from` (default 0) up to `to`. */
  readonly from?: number;
  readonly to: number;
  readonly workers?: number;
  /** Module of the child process, and how long an answer may take: for tests of the campaign itself. */
  readonly worker?: string;
  readonly hangMs?: number;
  readonly progress?: (at: { format: string; done: number; findings: number }) => void;
}): Promise<{ rows: FuzzRow[]; findings: Finding[] }>;
