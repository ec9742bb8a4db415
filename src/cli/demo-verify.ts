import type { Opened } from '../engine/open.js';
import { tradeAnalytics } from '../engine/trade-analytics.js';
import { count } from './progress.js';
import { worstLine } from './worst-line.js';

/**
 * Verifies every analytic on both backends over a sample of instruments, evenly spread from the most active to
 * the least. True if they agree, or if there is no adapter, which it says.
 */
export async function verifySample(
  path: string,
  opened: Opened,
  size: number,
  params: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
  say: (line: string) => void,
): Promise<boolean> {
  const { doctor } = await import('../engine/doctor.js');
  const report = await doctor();
  if (report.adapters.length === 0) {
    say(
      'verified   NOTHING: no WebGPU adapter was found, so the CPU results stand alone; see `steelyard doctor`',
    );
    return true;
  }
  const { openTrades } = await import('../engine/open.js');
  const { verify } = await import('../engine/verify.js');
  const sample = await openTrades([path], { instruments: spread(opened, size) });
  let ok = true;
  for (const [name, analytic] of tradeAnalytics()) {
    const found = await verify(analytic, sample.frame, params[name] ?? {}, {
      adapter: 'any',
      inputHash: sample.inputHash,
    });
    const rows = found.tables.reduce((sum, table) => sum + table.rows, 0);
    const what = `${name} on ${sample.frame.instruments.length} instruments, ${count(sample.frame.rows)} trades, ${count(rows)} result rows`;
    const against = `CPU and WebGPU (${found.adapter} adapter ${found.device})`;
    say(
      `verified   ${what}: ${against} ${found.ok ? 'agree' : `differ in ${count(found.mismatches)} cells`}`,
    );
    if (found.worst) say(`           ${worstLine(found.worst)}`);
    ok &&= found.ok;
  }
  return ok;
}

function spread(opened: Opened, size: number): string[] {
  const { offsets, instruments } = opened.frame;
  const order = instruments.map((_, i) => i);
  order.sort((a, b) => offsets[b + 1]! - offsets[b]! - (offsets[a + 1]! - offsets[a]!) || a - b);
  const step = Math.max(1, (order.length - 1) / Math.max(1, size - 1));
  const chosen = new Set<number>();
  for (let i = 0; i < size && Math.round(i * step) < order.length; i++)
    chosen.add(order[Math.round(i * step)]!);
  return [...chosen].map((i) => instruments[i]!.symbol);
}
