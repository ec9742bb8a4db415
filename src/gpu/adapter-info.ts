import type { Limits } from '../core/plan.js';

// apart from adapters.ts, whose declarations need the WebGPU types: these are public

export type AdapterKind = 'hardware' | 'software' | 'null';

/** What an adapter says of itself. */
export interface AdapterInfo {
  readonly description: string;
  readonly vendor: string;
  readonly architecture: string;
  readonly kind: AdapterKind;
}

/** One adapter found, for `doctor`. */
export interface AdapterReport extends AdapterInfo {
  readonly limits: Limits;
  readonly timestamps: boolean;
}
