import { footprint } from './footprint.mjs';
import { indicators } from './indicators.mjs';
import { lagCorrelation } from './lag-correlation.mjs';
import { orderFlow } from './order-flow.mjs';
import { sweep } from './sweep.mjs';

/** By the name that --only takes, in the order they run. */
export const WORKLOADS = { lag: lagCorrelation, footprint, ofi: orderFlow, indicators, sweep };
