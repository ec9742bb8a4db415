import { readFile, writeFile } from 'node:fs/promises';
import type { BlockInfo } from './block.js';
import type { Shape, StoredBlock } from './block-bytes.js';

/** Numbers of a block, in this order; the lengths of its texts lie behind all blocks. */
const FIELDS = [
  ...(['id', 'day', 'rows', 'priceScale', 'sizeScale', 'maxPrice', 'maxSize'] as const),
  ...(['offset', 'bytes', 'shape', 'texts'] as const),
];
const WIDTH = FIELDS.length;

/** Columns of blocks, and which of them hold some value: kept once. */
interface KnownShape {
  readonly columns: Shape;
  readonly present: readonly string[];
}

interface Head {
  readonly blocks: number;
  readonly shapes: readonly KnownShape[];
}

const numbersPath = (path: string): string => `${path}.index`;
const headPath = (path: string): string => `${path}.json`;

/** Collects what is known of a run's blocks. A run may have hundreds of thousands: no object each. */
export class RunIndexWriter {
  readonly #numbers: number[] = [];
  readonly #texts: number[] = [];
  readonly #shapes: KnownShape[] = [];
  readonly #known = new Map<string, number>();

  add(info: BlockInfo, stored: Pick<StoredBlock, 'offset' | 'bytes' | 'shape' | 'texts'>): void {
    const key = JSON.stringify([stored.shape, info.present]);
    let shape = this.#known.get(key);
    if (shape === undefined) {
      shape = this.#shapes.push({ columns: stored.shape, present: info.present }) - 1;
      this.#known.set(key, shape);
    }
    const texts = this.#texts.length;
    this.#texts.push(...stored.texts);
    const { id, day, rows, priceScale, sizeScale, maxPrice, maxSize } = info;
    this.#numbers.push(id, day, rows, priceScale, sizeScale, maxPrice, maxSize);
    this.#numbers.push(stored.offset, stored.bytes, shape, texts);
  }

  /** Writes the index of the run at `path`; its head comes last: a run without one was not finished. */
  async write(path: string): Promise<void> {
    const numbers = Float64Array.from([...this.#numbers, ...this.#texts]);
    await writeFile(numbersPath(path), numbers);
    const head: Head = { blocks: this.#numbers.length / WIDTH, shapes: this.#shapes };
    await writeFile(headPath(path), JSON.stringify(head));
  }
}

/** Index of a finished run: its blocks by place, by day and then instrument. */
export class RunIndex {
  private constructor(
    readonly run: string,
    readonly head: Head,
    readonly numbers: Float64Array,
  ) {}

  static async open(path: string): Promise<RunIndex> {
    const head = JSON.parse(await readFile(headPath(path), 'utf8')) as Head;
    const bytes = await readFile(numbersPath(path));
    // own memory: a pooled buffer would not start at a multiple of 8
    const numbers = new Float64Array(bytes.length / 8);
    new Uint8Array(numbers.buffer).set(bytes);
    return new RunIndex(path, head, numbers);
  }

  get blocks(): number {
    return this.head.blocks;
  }

  field(block: number, name: 'id' | 'day' | 'rows'): number {
    return this.numbers[block * WIDTH + FIELDS.indexOf(name)]!;
  }

  block(at: number): StoredBlock {
    const [id, day, rows, priceScale, sizeScale, maxPrice, maxSize, offset, bytes, shape, texts] =
      this.numbers.subarray(at * WIDTH, (at + 1) * WIDTH) as unknown as number[];
    const { columns, present } = this.head.shapes[shape!]!;
    const lengths = columns.filter(([, encoding]) => encoding === 'text' || encoding === 'big').length;
    const from = this.blocks * WIDTH + texts!;
    return {
      ...{ id: id!, day: day!, rows: rows!, priceScale: priceScale!, sizeScale: sizeScale! },
      ...{ maxPrice: maxPrice!, maxSize: maxSize!, present, offset: offset!, bytes: bytes! },
      shape: columns,
      texts: Array.from(this.numbers.subarray(from, from + lengths)),
    };
  }
}
