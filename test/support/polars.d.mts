/** The part of nodejs-polars that tests use. */
export interface Polars {
  /** From a Buffer: given a path it does not find our files' footer. */
  readonly readIPC: (data: Buffer) => PolarsFrame;
  readonly readParquet: (path: string) => PolarsFrame;
  readonly readCSV: (path: string, options: Readonly<Record<string, unknown>>) => PolarsFrame;
  readonly col: (name: string) => { cast: (type: unknown) => unknown };
  readonly Int64: unknown;
  readonly Utf8: unknown;
}

export interface PolarsFrame {
  readonly height: number;
  readonly schema: Readonly<Record<string, unknown>>;
  readonly withColumns: (...columns: readonly unknown[]) => PolarsFrame;
  readonly toRecords: () => Record<string, unknown>[];
}

export declare function loadPolars(): Polars | undefined;
