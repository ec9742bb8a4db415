import type { AnyAnalytic } from '../core/analytic.js';
import { footprint } from './footprint/index.js';
import { imbalanceCorrelation } from './imbalance-correlation/index.js';
import { imbalanceRegression } from './imbalance-regression/index.js';
import { imbalanceSurprise } from './imbalance-surprise/index.js';
import { oiCorrelation } from './oi-correlation/index.js';
import { openInterest } from './open-interest/index.js';
import { orderBookImbalance } from './order-book-imbalance/index.js';
import { orderFlowImbalance } from './order-flow-imbalance/index.js';
import { orderFlowRegression } from './order-flow-regression/index.js';
import { relativeVolume } from './relative-volume/index.js';
import { strategySweep } from './strategy-sweep/index.js';
import { valueArea } from './value-area/index.js';
import { volumeImbalance } from './volume-imbalance/index.js';
import { volumeIndicators } from './volume-indicators/index.js';
import { volumeProfile } from './volume-profile/index.js';
import { vwapDeviation } from './vwap-deviation/index.js';

/** Every analytic that ships with steelyard, by name. */
export const registry: ReadonlyMap<string, AnyAnalytic> = new Map<string, AnyAnalytic>(
  [
    volumeImbalance,
    volumeProfile,
    valueArea,
    footprint,
    vwapDeviation,
    relativeVolume,
    imbalanceSurprise,
    openInterest,
    oiCorrelation,
    imbalanceCorrelation,
    imbalanceRegression,
    volumeIndicators,
    orderBookImbalance,
    orderFlowImbalance,
    orderFlowRegression,
    strategySweep,
  ].map((analytic) => [analytic.name, analytic]),
);
