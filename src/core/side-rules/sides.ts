/** How the side of a trade without a flag is inferred; `flag`: it stays unknown. */
export type SideRule = 'flag' | 'tick' | 'quote' | 'lee-ready';
export const SIDE_RULES: readonly SideRule[] = ['flag', 'tick', 'quote', 'lee-ready'];

/** What a rule says of each row of a trades frame. */
export interface InferredSides {
  /** SIDE_UNKNOWN, SIDE_BUY or SIDE_SELL. */
  readonly side: Uint8Array;
  /** When that is known, µs: the latest availability of the rows it rests on. Absent: at the trade's ts. */
  readonly known?: Float64Array;
}

/** Where the sides of a trades frame come from; results carry it, so that an inferred side is always labelled. */
export interface SideOrigin {
  readonly rule: SideRule;
  /** How quotes were joined, where the rule needs them. */
  readonly asOf?: { readonly at: 'before' | 'at'; readonly lag: number; readonly maxAge?: number };
  /** By instrument 1 - U/V of the exchange's flags alone, before anything was inferred. */
  readonly flagCoverage: Float64Array;
}
