import { InputError } from '../core/errors.js';
import type { Block } from './block.js';
import { PartitionReader } from './partition-read.js';
import type { SelectedPartition } from './select.js';

/** Rows `[from, to)` of a block: one instrument's, by its code in the partition, in time order. */
export interface InstrumentRun {
  readonly code: number;
  readonly from: number;
  readonly to: number;
}

/** A record batch of a partition, its rows by instrument. */
export interface PartitionBatch {
  readonly block: Block;
  readonly runs: readonly InstrumentRun[];
  /** Row of the partition that the batch begins with. */
  readonly firstRow: number;
}

/** A partition from its first row to its last, a record batch at a time. */
export async function* partitionBatches(partition: SelectedPartition): AsyncGenerator<PartitionBatch> {
  const { entry, path, instruments } = partition;
  const reader = await PartitionReader.open(path, entry.path);
  try {
    let firstRow = 0;
    for (let index = 0; index < reader.batches; index++) {
      const { codes, block } = await reader.batch(index);
      const runs: InstrumentRun[] = [];
      for (let from = 0; from < codes.length; ) {
        const code = codes[from]!;
        let to = from + 1;
        while (to < codes.length && codes[to] === code) to++;
        if (instruments[code] === undefined)
          throw new InputError('dataset file', entry.path, `is damaged: instrument ${code} has no name`);
        runs.push({ code, from, to });
        from = to;
      }
      yield { block, runs, firstRow };
      firstRow += block.rows;
    }
    if (firstRow !== entry.rows)
      throw new InputError(
        'dataset file',
        entry.path,
        `is damaged: it holds ${firstRow} rows, not ${entry.rows}`,
      );
  } finally {
    await reader.close();
  }
}
