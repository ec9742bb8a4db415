import type { AnyAnalytic, Carry, CarrySpec } from '../core/analytic.js';
import type { Physical } from '../core/columns.js';
import { InputError } from '../core/errors.js';

/** Ordered state of every instrument between tiles; serialisable, so that another night can go on from it. */
export class CarryStore {
  readonly #strides: Readonly<Record<string, number>>;
  readonly #state: Record<string, Physical> = {};

  /** `start` is the state an earlier run of the same instruments ended with. */
  constructor(analytic: AnyAnalytic, params: unknown, instruments: number, start: Carry = {}) {
    // biome-ignore lint/suspicious/noExplicitAny: of an analytic of any parameters
    const specs: Readonly<Record<string, CarrySpec<any>>> = analytic.carry ?? {};
    this.#strides = Object.fromEntries(
      Object.entries(specs).map(([name, { stride }]) => [
        name,
        typeof stride === 'number' ? stride : stride(params),
      ]),
    );
    for (const [name, spec] of Object.entries(specs)) {
      const rows = instruments * this.#strides[name]!;
      const array =
        spec.type === 'f64'
          ? new Float64Array(rows)
          : spec.type === 'i32'
            ? new Int32Array(rows)
            : new Uint32Array(rows);
      const given = start[name];
      if (given && (given.length !== rows || given.constructor !== array.constructor))
        throw new InputError(
          `carry ${name} of ${analytic.name}`,
          `${given.length} values`,
          `must be ${rows} of ${spec.type}`,
        );
      if (given) array.set(given);
      else array.fill(spec.initial);
      this.#state[name] = array;
    }
  }

  /** A copy of the state of instruments [first, first + count). */
  read(first: number, count: number): Carry {
    return Object.fromEntries(
      Object.entries(this.#strides).map(([name, stride]) => [
        name,
        this.#state[name]!.slice(first * stride, (first + count) * stride),
      ]),
    );
  }

  write(first: number, carry: Carry): void {
    for (const [name, stride] of Object.entries(this.#strides)) {
      const state = carry[name];
      if (state) this.#state[name]!.set(state, first * stride);
    }
  }
}
