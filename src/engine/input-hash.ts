import { createHash } from 'node:crypto';
import type { Frame } from '../core/columns.js';
import { decimalText } from '../core/decimal.js';

const COLUMNS = ['time', 'fine', 'tick', 'size', 'sizeHi', 'available'] as const;

/**
 * SHA-256 (hex) over the canonical content of a trades frame: symbols, units, contracts, offsets, columns. Equal
 * content hashes equally whatever the format, batch sizes or order of inputs it came from.
 */
export function inputHash(frame: Frame): string {
  const hash = createHash('sha256');
  const instruments = frame.instruments.map((instrument) => [
    instrument.symbol,
    decimalText(instrument.tick),
    decimalText(instrument.lot),
    instrument.tickDeclared,
    instrument.contract,
    decimalText(instrument.multiplier),
    instrument.base,
  ]);
  const present = COLUMNS.filter((name) => frame.columns[name] !== undefined);
  hash.update(JSON.stringify(['trades', frame.rows, frame.time.base, frame.time.unit, present, instruments]));
  hash.update(bytesOf(frame.offsets));
  for (const name of present) hash.update(bytesOf(frame.columns[name] as Uint32Array));
  return hash.digest('hex');
}

const bytesOf = (column: ArrayBufferView): Uint8Array =>
  new Uint8Array(column.buffer, column.byteOffset, column.byteLength);
