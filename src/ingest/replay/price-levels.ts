/** Levels of a block. Small enough that an insert moves little, large enough that most books have a few dozen. */
const BLOCK = 128;

interface Block {
  count: number;
  /** Ascending, the best last. */
  readonly keys: Float64Array;
  readonly lots: Float64Array;
}

/**
 * Price levels of one side of a book, exact and in order. Levels lie in sorted blocks with the best price at the very
 * end, where most updates are: an update searches the last block first and moves at most one block's levels, whatever
 * the depth. Blocks are reused, so that a book in its stride allocates nothing.
 */
export class PriceLevels {
  /** Levels with a size. */
  size = 0;
  readonly #blocks: Block[] = [];
  readonly #spare: Block[] = [];
  readonly #sign: 1 | -1;

  /** `sign` +1: the highest tick is best (bids); -1: the lowest (asks). */
  constructor(sign: 1 | -1) {
    this.#sign = sign;
  }

  /** Best tick, NaN if there is none. */
  get best(): number {
    const last = this.#blocks[this.#blocks.length - 1];
    return last === undefined ? Number.NaN : this.#sign * last.keys[last.count - 1]!;
  }

  /** Sets the absolute size of a level; 0 deletes it, also where there is none. */
  set(tick: number, lots: number): void {
    const key = this.#sign * tick;
    const b = this.#blockOf(key);
    const block = this.#blocks[b];
    if (block === undefined) {
      if (lots !== 0) this.#insert(this.#addBlock(0), 0, key, lots);
      return;
    }
    const at = lowerBound(block, key);
    if (at < block.count && block.keys[at] === key) {
      if (lots === 0) this.#remove(b, at);
      else block.lots[at] = lots;
    } else if (lots !== 0) {
      if (block.count < BLOCK) this.#insert(block, at, key, lots);
      else {
        const upper = this.#split(b);
        if (at > block.count) this.#insert(upper, at - block.count, key, lots);
        else this.#insert(block, at, key, lots);
      }
    }
  }

  removeBest(): void {
    const b = this.#blocks.length - 1;
    if (b >= 0) this.#remove(b, this.#blocks[b]!.count - 1);
  }

  /** Writes the best `count` levels, best first, from `at` on; returns how many there are. */
  top(count: number, ticks: Float64Array, lots: Float64Array, at = 0): number {
    let written = 0;
    for (let b = this.#blocks.length - 1; b >= 0 && written < count; b--) {
      const block = this.#blocks[b]!;
      for (let i = block.count - 1; i >= 0 && written < count; i--) {
        ticks[at + written] = this.#sign * block.keys[i]!;
        lots[at + written++] = block.lots[i]!;
      }
    }
    return written;
  }

  clear(): void {
    this.#spare.push(...this.#blocks.splice(0));
    this.size = 0;
  }

  /** The last block that begins at or before `key`, else the first. */
  #blockOf(key: number): number {
    const blocks = this.#blocks;
    let high = blocks.length - 1;
    if (high <= 0 || blocks[high]!.keys[0]! <= key) return Math.max(high, 0);
    let low = 0;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (blocks[middle]!.keys[0]! <= key) low = middle;
      else high = middle;
    }
    return low;
  }

  #insert(block: Block, at: number, key: number, lots: number): void {
    for (let i = block.count; i > at; i--) {
      block.keys[i] = block.keys[i - 1]!;
      block.lots[i] = block.lots[i - 1]!;
    }
    block.keys[at] = key;
    block.lots[at] = lots;
    block.count++;
    this.size++;
  }

  #remove(b: number, at: number): void {
    const block = this.#blocks[b]!;
    block.count--;
    for (let i = at; i < block.count; i++) {
      block.keys[i] = block.keys[i + 1]!;
      block.lots[i] = block.lots[i + 1]!;
    }
    this.size--;
    if (block.count === 0) this.#spare.push(...this.#blocks.splice(b, 1));
  }

  #addBlock(b: number): Block {
    const block = this.#spare.pop() ?? {
      count: 0,
      keys: new Float64Array(BLOCK),
      lots: new Float64Array(BLOCK),
    };
    block.count = 0;
    this.#blocks.splice(b, 0, block);
    return block;
  }

  /** Moves the better half of a full block into a new one behind it. */
  #split(b: number): Block {
    const block = this.#blocks[b]!;
    const upper = this.#addBlock(b + 1);
    upper.keys.set(block.keys.subarray(BLOCK / 2));
    upper.lots.set(block.lots.subarray(BLOCK / 2));
    block.count = upper.count = BLOCK / 2;
    return upper;
  }
}

/** First place of a block whose key is not below `key`. */
function lowerBound({ count, keys }: Block, key: number): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (keys[middle]! < key) low = middle + 1;
    else high = middle;
  }
  return low;
}
