import type { LineBatch, SourceFile } from '../core/importer.js';

/** Reads a file's lines one by one without waiting for each: `fill`, then as many `next` as it says. */
export class LineCursor {
  /** Lines taken so far. */
  taken = 0;
  readonly #batches: AsyncIterator<LineBatch>;
  #lines: readonly string[] = [];
  #at = 0;

  constructor(file: SourceFile) {
    this.#batches = file.lines()[Symbol.asyncIterator]();
  }

  /** Lines at hand; 0 at the end of the file. */
  async fill(): Promise<number> {
    while (this.#at === this.#lines.length) {
      const { done, value } = await this.#batches.next();
      if (done) return 0;
      this.#lines = value.lines;
      this.#at = 0;
    }
    return this.#lines.length - this.#at;
  }

  next(): string {
    this.taken++;
    return this.#lines[this.#at++]!;
  }

  /** Releases the file, read to its end or not. */
  async close(): Promise<void> {
    await this.#batches.return?.();
  }
}
