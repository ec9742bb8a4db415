export interface Sample {
  readonly format: string;
  readonly kind?: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly lineRecords?: boolean;
  readonly binary?: boolean;
  readonly files: readonly { readonly name: string; readonly bytes: Buffer }[];
}

export function corpus(): Promise<Map<string, Sample[]>>;
