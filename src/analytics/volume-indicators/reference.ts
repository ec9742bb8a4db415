import type { Tile, TileResult } from '../../core/analytic.js';
import { ema } from '../../core/ema.js';
import { longestSeries } from '../../core/panel-rows.js';
import { adl } from './adl.js';
import { cmf } from './cmf.js';
import { emv } from './emv.js';
import { force } from './force.js';
import { mfi } from './mfi.js';
import { moneyFlow } from './money-flow.js';
import { observedBars } from './observed.js';
import { obv } from './obv.js';
import { type Params, wantedOf } from './parameters.js';
import { pvo } from './pvo.js';
import { pvt } from './pvt.js';
import { finishInstrument, indicatorTable } from './table.js';
import { typicalPrices } from './typical.js';
import { volumeForce } from './volume-force.js';
import { volumeIndexes } from './volume-indexes.js';
import { vroc } from './vroc.js';
import { vwma } from './vwma.js';

/** Indicator after indicator over one instrument's bars, which stay in cache; scratch is shared by all instruments. */
export function reference({ inputs }: Tile, params: Params): TileResult {
  const frame = inputs.panel!;
  const bars = observedBars(frame);
  const wanted = wantedOf(params);
  const table = indicatorTable(frame, wanted, () => new Float64Array(frame.rows));
  const most = longestSeries(bars);
  const scratch = Array.from({ length: 5 }, () => new Float64Array(most)) as Scratch;
  const { cmfPeriod, mfiPeriod, vwmaPeriod, emvPeriod } = params;
  const suffix = new Float64Array(Math.max(cmfPeriod, mfiPeriod, vwmaPeriod, emvPeriod) + 1);
  for (let s = 0; s + 1 < bars.offsets.length; s++) {
    const from = bars.offsets[s]!;
    const to = bars.offsets[s + 1]!;
    const start = frame.offsets[s]!;
    const of = (name: string): Float64Array => bars.columns[name]!.subarray(from, to);
    const out = (name: string): Float64Array =>
      (table.columns[name] as Float64Array).subarray(start, start + to - from);
    priceChanges(of('close'), of('volume'), wanted, params, scratch, out);
    volumes(of('close'), of('volume'), wanted, params, scratch, suffix, out);
    ranges(of, wanted, params, scratch, suffix, out);
    if (wanted.has('mfi')) {
      const [typical, up, down, upSum, downSum] = scratch;
      typicalPrices(bars.columns, params.typicalPrice, from, to, typical);
      mfi(typical, of('volume'), params, suffix, { up, down, upSum, downSum }, out('mfi'));
    }
    finishInstrument(table, frame, bars, s, wanted, params);
  }
  return { outputs: { indicators: table } };
}

type Scratch = [Float64Array, Float64Array, Float64Array, Float64Array, Float64Array];
type Wanted = ReturnType<typeof wantedOf>;
type Named = (name: string) => Float64Array;

/** What follows the change of the close. */
function priceChanges(
  close: Float64Array,
  volume: Float64Array,
  wanted: Wanted,
  { emaSeed }: Params,
  [raw, spare]: Scratch,
  out: Named,
): void {
  if (wanted.has('obv')) obv(close, volume, out('obv'));
  if (wanted.has('pvt')) pvt(close, volume, out('pvt'));
  if (wanted.has('nvi') || wanted.has('pvi'))
    volumeIndexes(
      close,
      volume,
      wanted.has('nvi') ? out('nvi') : spare,
      wanted.has('pvi') ? out('pvi') : spare,
    );
  if (!wanted.has('force')) return;
  force(close, volume, raw);
  ema(raw, volume.length, 2, emaSeed, out('force2'));
  ema(raw, volume.length, 13, emaSeed, out('force13'));
}

/** What weighs or compares volumes. */
function volumes(
  close: Float64Array,
  volume: Float64Array,
  wanted: Wanted,
  params: Params,
  [fast, slow]: Scratch,
  suffix: Float64Array,
  out: Named,
): void {
  const bars = volume.length;
  if (wanted.has('pvo')) {
    const line = out('pvo');
    ema(volume, bars, params.pvoFast, params.emaSeed, fast);
    ema(volume, bars, params.pvoSlow, params.emaSeed, slow);
    pvo(fast, slow, line);
    ema(line, bars, params.pvoSignal, params.emaSeed, out('pvo_signal'));
  }
  if (wanted.has('vroc')) vroc(volume, params.vrocPeriod, out('vroc'));
  if (wanted.has('vwma')) vwma(close, volume, params.vwmaPeriod, suffix, fast, slow, out('vwma'));
}

/** What asks where the close lies in the bar's range, or how wide it is. */
function ranges(
  of: Named,
  wanted: Wanted,
  params: Params,
  [flow, total, fast, slow]: Scratch,
  suffix: Float64Array,
  out: Named,
): void {
  const [high, low, close, volume] = [of('high'), of('low'), of('close'), of('volume')];
  const bars = volume.length;
  const { emaSeed } = params;
  if (wanted.has('adl') || wanted.has('cmf') || wanted.has('adosc'))
    moneyFlow(high, low, close, volume, flow);
  if (wanted.has('cmf')) cmf(flow, volume, params.cmfPeriod, suffix, fast, out('cmf'));
  if (wanted.has('adl')) adl(flow, bars, out('adl'));
  if (wanted.has('adosc')) {
    adl(flow, bars, total);
    ema(total, bars, params.adoscFast, emaSeed, fast);
    ema(total, bars, params.adoscSlow, emaSeed, slow);
    difference(fast, slow, out('adosc'));
  }
  if (wanted.has('emv'))
    emv(high, low, volume, params.emvPeriod, suffix, { terms: fast, sums: slow }, out('emv'), out('emv_sma'));
  if (!wanted.has('kvo')) return;
  const line = out('kvo');
  volumeForce(high, low, close, volume, params, flow);
  ema(flow, bars, params.kvoFast, emaSeed, fast);
  ema(flow, bars, params.kvoSlow, emaSeed, slow);
  difference(fast, slow, line);
  ema(line, bars, params.kvoSignal, emaSeed, out('kvo_signal'));
}

function difference(a: Float64Array, b: Float64Array, out: Float64Array): void {
  for (let i = 0; i < out.length; i++) out[i] = a[i]! - b[i]!;
}
