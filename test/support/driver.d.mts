export interface Driver {
  readonly adapter: { readonly description: string; readonly software: boolean } | null;
  readonly why: string;
  readonly env: Readonly<Record<string, string>>;
}

export function prepareDriver(wanted?: string): Driver;
export function extractSwiftshader(): string;
export function tarFiles(tar: Buffer): Generator<{ name: string; data: Buffer }>;
