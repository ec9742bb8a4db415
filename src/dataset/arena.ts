const BYTES = 1 << 20;

/**
 * Typed arrays cut from large buffers: a buffer of its own for each of millions of small arrays costs more than their
 * content. Memory lives as long as any array cut from it.
 */
export class Arena {
  #buffer = new ArrayBuffer(0);
  #at = 0;

  f64(n: number): Float64Array {
    return new Float64Array(this.#cut(n * 8), this.#taken, n);
  }

  u32(n: number): Uint32Array {
    return new Uint32Array(this.#cut(n * 4), this.#taken, n);
  }

  u16(n: number): Uint16Array {
    return new Uint16Array(this.#cut(n * 2), this.#taken, n);
  }

  #taken = 0;

  #cut(bytes: number): ArrayBuffer {
    if (bytes > BYTES / 16) {
      this.#taken = 0;
      return new ArrayBuffer(bytes);
    }
    if (this.#at + bytes > this.#buffer.byteLength) {
      this.#buffer = new ArrayBuffer(BYTES);
      this.#at = 0;
    }
    this.#taken = this.#at;
    this.#at += (bytes + 7) & ~7;
    return this.#buffer;
  }
}
