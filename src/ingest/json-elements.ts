import { InputError } from '../core/errors.js';
import type { SourceFile } from '../core/importer.js';

/** Elements of a JSON array as texts; the first has number `first`. */
export interface ElementBatch {
  readonly first: number;
  readonly elements: readonly string[];
}

const LONGEST = 1 << 16;
const BLANK = /^[\s]*$/;
const [QUOTE, COMMA, ESCAPE] = [0x22, 0x2c, 0x5c];
const [OPEN, CLOSE, OPEN_BRACE, CLOSE_BRACE] = [0x5b, 0x5d, 0x7b, 0x7d];

/**
 * Elements of the array a JSON file holds, as raw text so that numbers keep their digits, one input block at a time:
 * memory does not grow with the file. An element that is no JSON is handed on as it is. No array, an array that does not
 * end, text behind it, or an element above 64 Ki characters is an InputError.
 */
export async function* jsonElements(file: SourceFile): AsyncGenerator<ElementBatch> {
  const decoder = new TextDecoder();
  const scanner = new ElementScanner(file.name);
  let first = 0;
  for await (const chunk of file.bytes()) {
    const elements = scanner.scan(decoder.decode(chunk, { stream: true }));
    if (elements.length > 0) yield { first, elements };
    first += elements.length;
  }
  scanner.scan(decoder.decode());
  scanner.end();
}

class ElementScanner {
  #place: 'before' | 'inside' | 'after' = 'before';
  #depth = 0;
  #quoted = false;
  #escaped = false;
  /** The element begun in earlier blocks. */
  #begun = '';
  #count = 0;

  constructor(readonly name: string) {}

  /** Elements that end in this block. */
  scan(text: string): string[] {
    const elements: string[] = [];
    let start = this.#place === 'before' ? this.#enter(text) : 0;
    for (let i = start; i < text.length && this.#place === 'inside'; i++) {
      const c = text.charCodeAt(i);
      if (this.#quoted) {
        if (this.#escaped) this.#escaped = false;
        else if (c === ESCAPE) this.#escaped = true;
        else if (c === QUOTE) this.#quoted = false;
      } else if (c === QUOTE) this.#quoted = true;
      else if (c === OPEN || c === OPEN_BRACE) this.#depth++;
      else if (this.#depth > 0) {
        if (c === CLOSE || c === CLOSE_BRACE) this.#depth--;
      } else if (c === COMMA || c === CLOSE) {
        const element = this.#bounded(this.#begun + text.slice(start, i));
        start = i + 1;
        this.#begun = '';
        if (c === CLOSE) this.#place = 'after';
        // only `[]` has nothing between its brackets
        if (c === CLOSE && this.#count === 0 && BLANK.test(element)) break;
        this.#count++;
        elements.push(element.trim());
      }
    }
    if (this.#place === 'inside') this.#begun = this.#bounded(this.#begun + text.slice(start));
    else if (this.#place === 'after' && !BLANK.test(text.slice(start)))
      throw new InputError(
        `${this.name} text behind its JSON array`,
        text.slice(start, start + 40),
        'is not allowed',
      );
    return elements;
  }

  end(): void {
    if (this.#place === 'before') throw new InputError(this.name, undefined, 'must hold a JSON array');
    if (this.#place === 'inside')
      throw new InputError(`${this.name} JSON array after element`, this.#count, 'must end in ]');
  }

  /** Place behind the opening bracket. */
  #enter(text: string): number {
    const begin = text.search(/\S/);
    if (begin === -1) return text.length;
    if (text.charCodeAt(begin) !== OPEN)
      throw new InputError(`${this.name} text`, text.slice(begin, begin + 40), 'must be a JSON array');
    this.#place = 'inside';
    return begin + 1;
  }

  #bounded(element: string): string {
    if (element.length > LONGEST)
      throw new InputError(`${this.name} element`, this.#count, 'must be at most 64 Ki characters long');
    return element;
  }
}
