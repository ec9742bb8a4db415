import type { Ledger } from '../core/raw.js';
import { int64Words, type PresentedTable } from './presented.js';

/** Rejected rows as a table: input, row (0-based), reason. */
export function ledgerTable(ledger: Ledger): PresentedTable {
  const { rows } = ledger;
  const inputs: string[] = [];
  const reasons: string[] = [];
  const codeOf = (names: string[], index: Map<string, number>, name: string): number => {
    let code = index.get(name);
    if (code === undefined) {
      code = names.push(name) - 1;
      index.set(name, code);
    }
    return code;
  };
  const input = new Uint32Array(rows.length);
  const reason = new Uint32Array(rows.length);
  const row = new Float64Array(rows.length);
  const inputIndex = new Map<string, number>();
  const reasonIndex = new Map<string, number>();
  for (let i = 0; i < rows.length; i++) {
    const entry = rows[i]!;
    input[i] = codeOf(inputs, inputIndex, entry.input);
    reason[i] = codeOf(reasons, reasonIndex, entry.reason);
    row[i] = entry.row;
  }
  const metadata = (doc: string): Record<string, string> => ({ doc });
  return {
    rows: rows.length,
    metadata: {},
    columns: [
      {
        name: 'input',
        data: { type: 'symbol', codes: input, values: inputs },
        nulls: 0,
        metadata: metadata('file'),
      },
      {
        name: 'row',
        data: { type: 'i64', words: int64Words(row) },
        nulls: 0,
        metadata: metadata('0-based input row'),
      },
      {
        name: 'reason',
        data: { type: 'symbol', codes: reason, values: reasons },
        nulls: 0,
        metadata: metadata('why'),
      },
    ],
  };
}
