import type { AnyAnalytic, Carry, CarrySpec } from '../core/analytic.js';
import type { Physical } from '../core/columns.js';

/** Ordered state of every instrument between tiles; serialisable, so that another night can go on from it. */
export class CarryStore {
  readonly #specs: Readonly<Record<string, CarrySpec>>;
  readonly #state: Record<string, Physical> = {};

  constructor(analytic: AnyAnalytic, instruments: number) {
    this.#specs = analytic.carry ?? {};
    for (const [name, spec] of Object.entries(this.#specs)) {
      const rows = instruments * spec.stride;
      const array =
        spec.type === 'f64'
          ? new Float64Array(rows)
          : spec.type === 'i32'
            ? new Int32Array(rows)
            : new Uint32Array(rows);
      this.#state[name] = array.fill(spec.initial);
    }
  }

  /** A copy of the state of instruments [first, first + count). */
  read(first: number, count: number): Carry {
    return Object.fromEntries(
      Object.entries(this.#specs).map(([name, { stride }]) => [
        name,
        this.#state[name]!.slice(first * stride, (first + count) * stride),
      ]),
    );
  }

  write(first: number, carry: Carry): void {
    for (const [name, { stride }] of Object.entries(this.#specs)) {
      const state = carry[name];
      if (state) this.#state[name]!.set(state, first * stride);
    }
  }
}
