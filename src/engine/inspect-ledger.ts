import type { FileHandle } from 'node:fs/promises';
import { open } from 'node:fs/promises';
import type { RecordBatch } from 'apache-arrow';
import { InputError, SteelyardError } from '../core/errors.js';
import type { LedgerInspection } from './inspect-types.js';

/** Rows shown of each reason. */
const EXAMPLES = 3;

/** Rows by reason of a ledger.arrow and the first of each, a record batch at a time. */
export async function inspectLedger(
  path: string,
  label: string,
): Promise<{ rows: number; counts: Record<string, number>; examples: LedgerInspection['examples'] }> {
  const file = await open(path).catch((error: { code?: string }) => {
    throw new InputError('dataset ledger', label, `cannot be read (${error.code ?? 'unknown'})`);
  });
  try {
    return await read(file);
  } catch (error) {
    if (error instanceof SteelyardError) throw error;
    throw new InputError('dataset ledger', label, 'is damaged');
  } finally {
    await file.close();
  }
}

async function read(file: FileHandle) {
  const { RecordBatchReader } = await import('apache-arrow');
  const reader = await RecordBatchReader.from(file as never);
  const counts = new Map<string, number>();
  const examples: { source: string; row: number; reason: string; text: string }[] = [];
  let rows = 0;
  for await (const batch of reader as AsyncIterable<RecordBatch>) {
    const [source, row, reason, text] = ['source', 'row', 'reason', 'text'].map(
      (name) => batch.getChild(name)!,
    );
    rows += batch.numRows;
    for (let i = 0; i < batch.numRows; i++) {
      const why = String(reason!.get(i));
      const seen = (counts.get(why) ?? 0) + 1;
      counts.set(why, seen);
      if (seen > EXAMPLES) continue;
      examples.push({
        ...{ source: String(source!.get(i)), row: Number(row!.get(i)) },
        ...{ reason: why, text: String(text!.get(i)) },
      });
    }
  }
  const sorted = [...counts].sort(([a], [b]) => (a < b ? -1 : 1));
  return { rows, counts: Object.fromEntries(sorted), examples };
}
