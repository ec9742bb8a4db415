import type { AnyAnalytic } from '../core/analytic.js';
import type { Frame } from '../core/columns.js';
import { InputError } from '../core/errors.js';
import { moneyUnit } from '../table/money-decimals.js';

/**
 * Refuses, before anything is computed, an instrument with a trade whose notional has more than 38 decimals, where
 * the analytic gives money. Sums over such trades would fit by luck alone.
 */
export function checkMoney(analytic: AnyAnalytic, frame: Frame): void {
  const money = Object.values(analytic.outputs).some((output) =>
    Object.values(output.columns).some((column) => column.dtype === 'money'),
  );
  if (!money) return;
  const tick = frame.columns.tick as Int32Array;
  const size = frame.columns.size as Uint32Array;
  const sizeHi = frame.columns.sizeHi as Uint32Array | undefined;
  frame.instruments.forEach((instrument, i) => {
    const unit = moneyUnit(instrument);
    if (unit.scale <= 38) return;
    const divisor = 10n ** BigInt(unit.scale - 38);
    for (let row = frame.offsets[i]!; row < frame.offsets[i + 1]!; row++) {
      const lots = ((BigInt(sizeHi?.[row] ?? 0) << 32n) + BigInt(size[row]!)) >> 2n;
      const ticks = instrument.contract === 'inverse' ? 1n : BigInt(instrument.base) + BigInt(tick[row]!);
      const digits = ticks * lots * unit.coef;
      if (digits % divisor !== 0n)
        throw new InputError(
          `${instrument.symbol} notional`,
          `${digits} · 10^-${unit.scale}`,
          `must have at most 38 decimals; leave ${instrument.symbol} out by --instruments, or declare a coarser --tick or --lot`,
        );
    }
  });
}
