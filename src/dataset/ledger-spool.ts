import { closeSync, createReadStream, ftruncateSync, openSync, writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { LedgerReason } from '../core/raw.js';

/** Rows of one import that are listed; those beyond are counted only. */
const MOST_LISTED = 250_000;
const TEXT_CHARACTERS = 200;
const FLUSH_CHARACTERS = 1 << 16;

/** A rejected row: its input by number, record, reason, and the start of its text. */
export interface SpooledRow {
  readonly source: number;
  readonly record: number;
  readonly reason: LedgerReason;
  readonly text: string;
}

/** Rejected rows on their way to the ledger, one JSON line each, in a file that outlives a killed import. */
export class LedgerSpool {
  listed: number;
  #bytes: number;
  #pending = '';
  readonly #file: number;

  /** Goes on behind the first `bytes` bytes of an earlier, unfinished spool that held `listed` rows. */
  constructor(
    readonly path: string,
    bytes = 0,
    listed = 0,
  ) {
    this.#file = openSync(path, bytes > 0 ? 'r+' : 'w');
    ftruncateSync(this.#file, bytes);
    this.#bytes = bytes;
    this.listed = listed;
  }

  /** False where the row is beyond those that are listed. */
  add(source: number, record: number, reason: LedgerReason, text: string): boolean {
    if (this.listed >= MOST_LISTED) return false;
    this.listed++;
    // half a surrogate pair is no text that can be written
    const start = Buffer.from(text.slice(0, TEXT_CHARACTERS)).toString();
    this.#pending += `${JSON.stringify([source, record, reason, start])}\n`;
    if (this.#pending.length > FLUSH_CHARACTERS) this.flush();
    return true;
  }

  /** Writes what is pending; returns the file's length. */
  flush(): number {
    const bytes = Buffer.from(this.#pending);
    this.#pending = '';
    for (let at = 0; at < bytes.length; ) at += writeSync(this.#file, bytes, at, undefined, this.#bytes + at);
    this.#bytes += bytes.length;
    return this.#bytes;
  }

  close(): void {
    this.flush();
    closeSync(this.#file);
  }
}

/** The rows of a spool, source by source as they were added. */
export async function* spooledRows(path: string): AsyncGenerator<SpooledRow[]> {
  let rows: SpooledRow[] = [];
  for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
    const [source, record, reason, text] = JSON.parse(line) as [number, number, LedgerReason, string];
    if (rows.length > 0 && rows[0]!.source !== source) {
      yield rows;
      rows = [];
    }
    rows.push({ source, record, reason, text });
  }
  if (rows.length > 0) yield rows;
}
