import type { AnyAnalytic } from '../core/analytic.js';
import { footprint } from './footprint/index.js';
import { valueArea } from './value-area/index.js';
import { volumeImbalance } from './volume-imbalance/index.js';
import { volumeProfile } from './volume-profile/index.js';

/** Every analytic that ships with steelyard, by name. */
export const registry: ReadonlyMap<string, AnyAnalytic> = new Map<string, AnyAnalytic>(
  [volumeImbalance, volumeProfile, valueArea, footprint].map((analytic) => [analytic.name, analytic]),
);
