import { readFile } from 'node:fs/promises';
import type { Table } from 'apache-arrow';
import { InputError } from '../core/errors.js';
import { writeArrow } from '../table/arrow-write.js';
import { int64Words, type PresentedColumn, type PresentedTable } from '../table/presented.js';

/** A row of ledger.arrow. */
export interface LedgerEntry {
  readonly source: string;
  /** 0-based record of the source. */
  readonly row: number;
  readonly reason: string;
  /** The record's text, cut to 200 characters. */
  readonly text: string;
}

/** Rejected rows as a table: source, row, reason, text; the same entries give the same bytes. */
export function ledgerEntriesTable(entries: readonly LedgerEntry[]): PresentedTable {
  const symbols = (name: string, doc: string, of: (entry: LedgerEntry) => string): PresentedColumn => {
    const codes = new Uint32Array(entries.length);
    const index = new Map<string, number>();
    entries.forEach((entry, i) => {
      const value = of(entry);
      let code = index.get(value);
      if (code === undefined) {
        code = index.size;
        index.set(value, code);
      }
      codes[i] = code;
    });
    return { name, data: { type: 'symbol', codes, values: [...index.keys()] }, nulls: 0, metadata: { doc } };
  };
  const row = Float64Array.from(entries, (entry) => entry.row);
  return {
    rows: entries.length,
    metadata: { 'steelyard.kind': 'ledger' },
    columns: [
      symbols('source', 'input file, or member of an archive', (entry) => entry.source),
      {
        name: 'row',
        data: { type: 'i64', words: int64Words(row) },
        nulls: 0,
        metadata: { doc: '0-based record of the source' },
      },
      symbols('reason', 'why the row was left out', (entry) => entry.reason),
      symbols('text', 'the record, cut to 200 characters', (entry) => entry.text),
    ],
  };
}

export const writeLedger = (path: string, entries: readonly LedgerEntry[]): Promise<void> =>
  writeArrow(ledgerEntriesTable(entries), path);

/** Entries of a ledger.arrow. */
export async function readLedger(path: string): Promise<LedgerEntry[]> {
  const { tableFromIPC } = await import('apache-arrow');
  let table: Table;
  try {
    table = tableFromIPC(await readFile(path));
  } catch {
    throw new InputError('dataset ledger', path, 'is missing or damaged');
  }
  const texts = (name: string): (string | null)[] => [...table.getChild(name)!].map(String);
  const [source, reason, text] = [texts('source'), texts('reason'), texts('text')];
  const rows = [...table.getChild('row')!].map(Number);
  return rows.map((row, i) => ({ source: source[i]!, row, reason: reason[i]!, text: text[i]! }));
}
