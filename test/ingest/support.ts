import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Frame, rowTime } from '../../src/core/columns.js';
import { decimalText } from '../../src/core/decimal.js';
import { bigAt, exactColumn, setBig } from '../../src/core/exact.js';

export { scratch } from '../support/scratch.js';

const data = fileURLToPath(new URL('../../../shared/data/', import.meta.url));

/** Real market data lies beside the checkout, never in it. */
export const haveData = existsSync(data);
export const realData = (name: string): string => join(data, name);
export const dataLine = haveData ? 'real data' : 'real data (SKIPPED: ../shared/data is not there)';

/** Rows of a trades frame as readable text: symbol, µs, ticks and lots in exact decimals, side. */
export function rowsOf(
  frame: Frame,
): { symbol: string; time: number; price: string; size: string; side: number }[] {
  const out: ReturnType<typeof rowsOf> = [];
  const tick = frame.columns.tick as Int32Array;
  const size = frame.columns.size as Uint32Array;
  const high = frame.columns.sizeHi as Uint32Array | undefined;
  frame.instruments.forEach((instrument, s) => {
    for (let i = frame.offsets[s]!; i < frame.offsets[s + 1]!; i++) {
      const lots = (BigInt(high?.[i] ?? 0) << 30n) | BigInt(size[i]! >>> 2);
      out.push({
        symbol: instrument.symbol,
        time: rowTime(frame, i),
        price: scaled(BigInt(instrument.base + tick[i]!), instrument.tick),
        size: scaled(lots, instrument.lot),
        side: size[i]! & 3,
      });
    }
  });
  return out;
}

function scaled(n: bigint, unit: { coef: number; scale: number }): string {
  const digits = (n * BigInt(unit.coef)).toString().padStart(unit.scale + 1, '0');
  const text = unit.scale === 0 ? digits : `${digits.slice(0, -unit.scale)}.${digits.slice(-unit.scale)}`;
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

/** Lots of one side, exactly, in decimals. */
export function volume(frame: Frame, side: number): string {
  const sum = exactColumn(1);
  const size = frame.columns.size as Uint32Array;
  const high = frame.columns.sizeHi as Uint32Array | undefined;
  for (let i = 0; i < frame.rows; i++)
    if ((size[i]! & 3) === side)
      setBig(sum, 0, bigAt(sum, 0) + ((BigInt(high?.[i] ?? 0) << 30n) | BigInt(size[i]! >>> 2)));
  return scaled(bigAt(sum, 0), frame.instruments[0]!.lot);
}

export const unitText = (unit: { coef: number; scale: number }): string => decimalText(unit);
