import { defineAnalytic } from '../../core/analytic.js';
import { columns } from './columns.js';
import { check, params } from './parameters.js';
import { kernel } from './plan.js';
import { reference } from './reference.js';

/** The classic volume indicators of every bar, fourteen of them, over a dense panel. */
export const volumeIndicators = defineAnalytic({
  name: 'volume-indicators',
  version: '1.0.0',
  summary:
    'Fourteen volume indicators of bars: OBV, ADL, CMF, Chaikin oscillator, MFI, force index, PVO, VWMA, NVI, PVI, EMV, PVT, VROC and KVO.',
  doc: {
    formula:
      'OBV: + sign(C - C₁) V. MFM = ((C - L) - (H - C)) / (H - L), 0 where H = L; ADL: + MFM V; ' +
      'CMF = Σ MFM V / Σ V; Chaikin oscillator = EMA(ADL) - EMA(ADL). ' +
      'MFI = 100 - 100 / (1 + P / N), P and N the sums of typical price · V where the typical price rose and fell. ' +
      'Force = EMA((C - C₁) V). PVO = 100 (EMA - EMA) / EMA of V, its signal EMA(PVO). VWMA = Σ C V / Σ V. ' +
      'NVI and PVI, from 1000: × C / C₁ where V < V₁, V > V₁. EMV = Δ((H + L) / 2) (H - L) scale / V. ' +
      'PVT: + V (C / C₁ - 1). VROC = 100 (V / Vₙ - 1). KVO = EMA(VF) - EMA(VF), its signal EMA(KVO), ' +
      'VF = V |2 (dm / cm - 1)| T 100: T = sign Δ(H + L + C), a tie -1; dm = H - L; ' +
      'cm = cm₁ + dm while T stays, else dm₁ + dm, from 0 at the second bar; its averages start at the third. ' +
      'EMA: + 2 / (period + 1) (x - EMA).',
    source:
      'Granville (1963) for OBV; Chaikin for ADL, CMF and the oscillator; Quong and Soudack (1989) for MFI; ' +
      'Elder (1993) for force; Fosback (1976) for NVI and PVI; Arms for EMV; Klinger (1997) for KVO; the rest by market practice.',
    example: '--every 1d --only obv,mfi,kvo',
    notes:
      'A bar without a trade is data: its volume is 0, and it has no price, so nothing changed; the next bar is compared ' +
      'with the last price there was. A bar that was not observed is null in every column and otherwise passed over: ' +
      'windows and averages count observed bars, changes are against the last observed price, and running totals are of ' +
      'observed volume. Windows are sums of two blocks from which nothing is subtracted, so that errors do not pile up; ' +
      'bounds are those of the columns in ticks and lots, decimals round once or twice more.',
  },
  params,
  inputs: { panel: { kind: 'panel', every: (p) => p.every } },
  // totals and averages reach back to the first bar
  cut: 'instrument',
  cost: () => 25,
  outputs: {
    indicators: { grain: 'instrument × bar', key: ['instrument', 'time'], columns },
  },
  check,
  reference,
  kernel,
  module: import.meta.url,
  exportName: 'volumeIndicators',
});
