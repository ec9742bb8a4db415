import type bindingsModule from '@duckdb/node-bindings';

type Bindings = typeof bindingsModule;

/** Words of a DuckDB string: length, then up to 12 bytes, or the first 4 and a pointer. */
const WORDS = 4;
const INLINE = 12;
/** A dictionary beyond starts anew with the next batch: such a column repeats too little to be worth one. */
const MOST_WORDS = 65536;

/** Text of row i of a vector of strings. */
export function stringAt(bindings: Bindings, words: Int32Array, bytes: Buffer, i: number): string {
  const length = words[WORDS * i]! >>> 0;
  if (length <= INLINE) return bytes.toString('utf8', 16 * i + 4, 16 * i + 4 + length);
  const far = bindings.get_data_from_pointer(
    bytes.buffer as ArrayBuffer,
    bytes.byteOffset + 16 * i + 8,
    length,
  );
  return Buffer.from(far.buffer, far.byteOffset, far.byteLength).toString('utf8');
}

/**
 * Codes of a column of few different texts, without making a string of every row. Texts of up to 12 bytes are told
 * apart by their three words; a longer one is a pointer, which means the same text only within its chunk.
 */
export class StringCodes {
  readonly #codes = new Map<string, number>();
  readonly #texts: string[] = [];
  #shared: readonly string[] = [];
  /** Open hash table of short texts: four words a place, and code + 1. */
  #keys = new Int32Array(WORDS * 1024);
  #values = new Int32Array(1024);
  #held = 0;

  /** The dictionary; another array once it grew, so that it may be cached by identity. */
  get texts(): readonly string[] {
    if (this.#shared.length !== this.#texts.length) this.#shared = this.#texts.slice();
    return this.#shared;
  }

  /** Before the first chunk of a batch. */
  begin(): void {
    if (this.#texts.length <= MOST_WORDS) return;
    this.#codes.clear();
    this.#texts.length = 0;
    this.#shared = [];
    this.#values.fill(0);
    this.#held = 0;
  }

  /** Codes of a chunk's strings, from `out[at]` on; rows that are null stay as they are. */
  take(
    bindings: Bindings,
    words: Int32Array,
    bytes: Buffer,
    rows: number,
    valid: Uint8Array | undefined,
    out: Int32Array,
    at: number,
  ): void {
    let far: Map<number, { readonly length: number; readonly code: number }> | undefined;
    let [l0, l1, l2, l3, last] = [-1, 0, 0, 0, 0];
    for (let i = 0; i < rows; i++) {
      if (valid !== undefined && ((valid[i >> 3]! >> (i & 7)) & 1) === 0) continue;
      const w0 = words[WORDS * i]!;
      const w1 = words[WORDS * i + 1]!;
      const w2 = words[WORDS * i + 2]!;
      const w3 = words[WORDS * i + 3]!;
      // the same words mean the same text within a chunk, however long
      if (w0 !== l0 || w1 !== l1 || w2 !== l2 || w3 !== l3) {
        if (w0 >>> 0 <= INLINE) last = this.#short(words, bytes, i);
        else {
          far ??= new Map();
          const pointer = (w3 >>> 0) * 4294967296 + (w2 >>> 0);
          const known = far.get(pointer);
          if (known?.length === w0) last = known.code;
          else {
            last = this.#code(stringAt(bindings, words, bytes, i));
            far.set(pointer, { length: w0, code: last });
          }
        }
        l0 = w0;
        l1 = w1;
        l2 = w2;
        l3 = w3;
      }
      out[at + i] = last;
    }
  }

  #short(words: Int32Array, bytes: Buffer, i: number): number {
    const from = WORDS * i;
    const w0 = words[from]!;
    const w1 = words[from + 1]!;
    const w2 = words[from + 2]!;
    const w3 = words[from + 3]!;
    const mask = this.#values.length - 1;
    let place = slot(w0, w1, w2, w3) & mask;
    for (;;) {
      const value = this.#values[place]!;
      const key = WORDS * place;
      if (value === 0) break;
      if (
        this.#keys[key] === w0 &&
        this.#keys[key + 1] === w1 &&
        this.#keys[key + 2] === w2 &&
        this.#keys[key + 3] === w3
      )
        return value - 1;
      place = (place + 1) & mask;
    }
    const length = w0 >>> 0;
    const code = this.#code(bytes.toString('utf8', 4 * from + 4, 4 * from + 4 + length));
    this.#keys.set(words.subarray(from, from + WORDS), WORDS * place);
    this.#values[place] = code + 1;
    if (++this.#held * 2 > this.#values.length) this.#grow();
    return code;
  }

  #grow(): void {
    const [keys, values] = [this.#keys, this.#values];
    this.#keys = new Int32Array(keys.length * 2);
    this.#values = new Int32Array(values.length * 2);
    const mask = this.#values.length - 1;
    for (let from = 0; from < values.length; from++) {
      if (values[from] === 0) continue;
      const key = keys.subarray(WORDS * from, WORDS * from + WORDS);
      let place = slot(key[0]!, key[1]!, key[2]!, key[3]!) & mask;
      while (this.#values[place] !== 0) place = (place + 1) & mask;
      this.#keys.set(key, WORDS * place);
      this.#values[place] = values[from]!;
    }
  }

  #code(text: string): number {
    let code = this.#codes.get(text);
    if (code === undefined) {
      code = this.#texts.push(text) - 1;
      this.#codes.set(text, code);
    }
    return code;
  }
}

function slot(w0: number, w1: number, w2: number, w3: number): number {
  let hash = Math.imul(w1, 0x9e3779b1) ^ Math.imul(w2, 0x85ebca77) ^ Math.imul(w3, 0xc2b2ae3d) ^ w0;
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return hash ^ (hash >>> 13);
}
