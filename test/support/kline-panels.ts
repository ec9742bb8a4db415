import type { Frame } from '../../src/core/columns.js';
import { binanceKlines } from '../../src/ingest/binance-klines.js';
import { readWith } from '../ingest/import-support.js';
import { realData } from '../ingest/support.js';
import { type BarRow, panelFrameOf } from './panel-frames.js';

export const DAY = 86_400_000_000;

const units = (text: unknown, scale: number): number => Math.round(Number(text) * 10 ** scale);

/**
 * Real daily klines of some symbols, through the importer: their rows, and the panel of them. Prices in 10^-scale, sizes
 * rounded to 10^-3, so that years of volume stay below 2^53 lots.
 */
export async function klinePanel(
  symbols: readonly string[],
  scale: number,
): Promise<{ lists: BarRow[][]; frame: Frame }> {
  const lists: BarRow[][] = [];
  for (const symbol of symbols) {
    const { rows } = await readWith(binanceKlines, [realData(`binance-klines/${symbol}.csv`)]);
    lists.push(
      rows.map(({ cells: c }): BarRow => {
        const volume = units(c.volume, 3);
        const buy = Math.min(volume, units(c.buy_volume, 3));
        return {
          ...{
            t: Number(c.ts),
            a: Number(c.available_at),
            trades: Number(c.trades),
            notional: Number(c.notional),
          },
          ...{
            o: units(c.open, scale),
            h: units(c.high, scale),
            l: units(c.low, scale),
            c: units(c.close, scale),
          },
          ...{ buy, sell: volume - buy },
        };
      }),
    );
  }
  const tick = `0.${'1'.padStart(scale, '0')}`;
  return { lists, frame: panelFrameOf(lists, DAY, { tick, lot: '0.001' }) };
}
