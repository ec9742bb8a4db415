/** Ids by (key, id), the smallest first: a binary heap that allocates nothing once it has grown. */
export class ArrivalQueue {
  size = 0;
  #keys = new Float64Array(64);
  #ids = new Uint32Array(64);

  /** Smallest key, infinity if there is none. */
  get firstKey(): number {
    return this.size > 0 ? this.#keys[0]! : Number.POSITIVE_INFINITY;
  }

  push(key: number, id: number): void {
    if (this.size === this.#ids.length) this.#grow();
    let at = this.size++;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!before(key, id, this.#keys[parent]!, this.#ids[parent]!)) break;
      this.#keys[at] = this.#keys[parent]!;
      this.#ids[at] = this.#ids[parent]!;
      at = parent;
    }
    this.#keys[at] = key;
    this.#ids[at] = id;
  }

  /** Takes the first id out; there must be one. */
  pop(): number {
    const first = this.#ids[0]!;
    const size = --this.size;
    const key = this.#keys[size]!;
    const id = this.#ids[size]!;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= size) break;
      if (
        child + 1 < size &&
        before(this.#keys[child + 1]!, this.#ids[child + 1]!, this.#keys[child]!, this.#ids[child]!)
      )
        child++;
      if (!before(this.#keys[child]!, this.#ids[child]!, key, id)) break;
      this.#keys[at] = this.#keys[child]!;
      this.#ids[at] = this.#ids[child]!;
      at = child;
    }
    this.#keys[at] = key;
    this.#ids[at] = id;
    return first;
  }

  /** The ids held, in no order. */
  ids(): Uint32Array {
    return this.#ids.subarray(0, this.size);
  }

  /** Renames ids; the new names must be in the order of the old ones. */
  rename(name: (id: number) => number): void {
    for (let i = 0; i < this.size; i++) this.#ids[i] = name(this.#ids[i]!);
  }

  #grow(): void {
    const keys = new Float64Array(this.size * 2);
    const ids = new Uint32Array(this.size * 2);
    keys.set(this.#keys);
    ids.set(this.#ids);
    this.#keys = keys;
    this.#ids = ids;
  }
}

const before = (keyA: number, a: number, keyB: number, b: number): boolean =>
  keyA < keyB || (keyA === keyB && a < b);
