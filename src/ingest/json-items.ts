import { InputError } from '../core/errors.js';
import type { ImportContext, SourceFile } from '../core/importer.js';

/** Longest JSON document, or line of JSON lines, that is read, in characters. */
const LONGEST = 64 << 20;

/** One item of a JSON file. */
export interface JsonItem {
  /** Item number from 0. */
  readonly record: number;
  /** Undefined where a line is no JSON. */
  readonly value: unknown;
  readonly text: string;
}

/** An object of JSON; arrays and null are none. */
export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** True where the first character that is no white space begins a JSON object or array. */
export async function startsAsJson(file: SourceFile): Promise<boolean> {
  const decoder = new TextDecoder();
  for await (const chunk of file.bytes()) {
    const text = decoder.decode(chunk, { stream: true }).trimStart();
    if (text !== '') return text[0] === '{' || text[0] === '[';
  }
  return false;
}

/** The text of a JSON file that is one document. Throws an InputError above 64 MiB. */
export async function documentText(file: SourceFile): Promise<string> {
  const document = new Lines(file);
  for await (const lines of longLines(file)) for (const line of lines) document.add(line);
  return document.join('\n');
}

/** A parsed document; an InputError names a file that is none. */
export function parseDocument(file: SourceFile, text: string): unknown {
  const value = parsed(text);
  if (value === undefined) throw new InputError(file.name, text.trim().slice(0, 60), 'is no JSON document');
  return value;
}

/**
 * Items of a JSON file: one a line, or one document. An array, and the `result` array of a JSON-RPC answer, stand for
 * their elements; an empty one is counted by `skip`. Which it is, the first line tells: it is JSON by itself, or the
 * file is one document. Throws an InputError for a document that is no JSON, and above 64 MiB a document or line.
 */
export async function* jsonItems(file: SourceFile, context: ImportContext): AsyncGenerator<JsonItem> {
  let record = 0;
  let byLine = false;
  let document: Lines | undefined;
  for await (const lines of longLines(file)) {
    for (const line of lines) {
      if (document !== undefined) document.add(line);
      else if (line.trim() !== '') {
        const value = parsed(line);
        if (value === undefined && !byLine) {
          document = new Lines(file);
          document.add(line);
        } else {
          byLine = true;
          for (const item of itemsOf(value, line, context)) yield { record: record++, ...item };
        }
      }
    }
  }
  if (document === undefined) return;
  const text = document.join('\n');
  for (const item of itemsOf(parseDocument(file, text), text, context)) yield { record: record++, ...item };
}

function* itemsOf(
  value: unknown,
  text: string,
  context: ImportContext,
): Generator<{ value: unknown; text: string }> {
  const list = isObject(value) ? value.result : value;
  if (!Array.isArray(list)) yield { value, text };
  else if (list.length === 0) context.skip(1);
  else for (const item of list) yield { value: item, text: shown(item) };
}

/** JSON of a value as the ledger shows it. */
export function shown(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch {
    // parsing takes any depth, printing does not
    return '(nested too deep)';
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Pieces of one text, held up to the bound. */
class Lines {
  #parts: string[] = [];
  #held = 0;

  constructor(readonly file: SourceFile) {}

  add(part: string): void {
    this.#parts.push(part);
    // a piece of no length still costs its place
    this.#held += part.length + 1;
    if (this.#held > LONGEST)
      throw new InputError(`${this.file.name} JSON document`, '', 'must be at most 64 MiB long');
  }

  join(separator: string): string {
    return this.#parts.join(separator);
  }
}

/** Lines of any length up to the bound: a document may be one line of 64 MiB. */
async function* longLines(file: SourceFile): AsyncGenerator<string[]> {
  const decoder = new TextDecoder();
  let open = new Lines(file);
  for await (const chunk of file.bytes()) {
    const lines = decoder.decode(chunk, { stream: true }).split('\n');
    open.add(lines[0]!);
    if (lines.length === 1) continue;
    lines[0] = open.join('');
    open = new Lines(file);
    open.add(lines.pop()!);
    yield lines;
  }
  open.add(decoder.decode());
  yield [open.join('')];
}
