import { createHash } from 'node:crypto';
import type { BookRequest } from '../core/analytic.js';
import { BOOK_MAX_AGE } from '../core/book-states.js';
import type { Frame } from '../core/columns.js';
import { durationText } from '../core/duration.js';
import { InputError } from '../core/errors.js';
import { readManifest } from '../dataset/manifest.js';
import { selectPartitions } from '../dataset/select.js';
import { bookFrame } from './book-frame.js';
import { type NativeDatasetOptions, nativeDataset } from './native-dataset.js';
import { replayBooks } from './replay.js';
import { snapshotBooks } from './snapshot-books.js';

export interface OpenBookOptions extends NativeDatasetOptions {
  readonly instruments?: readonly string[];
  /** µs, half-open. */
  readonly fromTime?: number;
  readonly until?: number;
  /** As in `ReplayBooksOptions`. */
  readonly mostCells?: number;
}

export interface OpenedBook {
  readonly frame: Frame;
  readonly inputHash: string;
  /** Rows of native files that cannot be used, by reason. */
  readonly rejected: Readonly<Record<string, number>>;
  readonly duplicates: number;
  /** As shown: the dataset's name, or the files'. */
  readonly label: string;
}

/**
 * Books of a dataset or of native files as a frame, a state at every event or at those of the grid asked for: rebuilt from
 * changes where there are any, else from snapshots as they were taken. Crossed and one-sided books keep their levels, so that an analytic may choose. Errors:
 * InputError for inputs without books, unknown instruments and damaged files.
 */
export async function openBook(
  inputs: readonly string[],
  { levels, repair = false, maxAge = BOOK_MAX_AGE, every }: BookRequest,
  options: OpenBookOptions = {},
): Promise<OpenedBook> {
  const input = await nativeDataset(inputs, ['book_delta', 'book_snapshot'], options);
  const { fromTime, until, instruments, mostCells, progress, signal } = options;
  const asked = {
    ...(instruments ? { instruments } : {}),
    ...(fromTime === undefined ? {} : { fromTime }),
    ...(until === undefined ? {} : { until }),
  };
  const { label, rejected, duplicates } = input;
  try {
    const { rows } = (await readManifest(input.folder))!;
    if (rows.book_delta) {
      const books = await replayBooks([input.folder], {
        ...asked,
        params: {
          ...{ crossed: repair ? 'repair' : 'keep', oneSided: 'extreme', maxAge: durationText(maxAge) },
          // bars need no levels, which would take gigabytes a day: depth is measured as the book passes, of snapshots too
          ...(every === undefined ? { levels } : { levels: 1, at: durationText(every) }),
        },
        ...(every === undefined ? {} : { depthLevels: levels, untilStale: true }),
        ...(mostCells === undefined ? {} : { mostCells }),
        ...(progress ? { progress } : {}),
        ...(signal ? { signal } : {}),
      });
      return { frame: bookFrame(books), inputHash: books.inputHash, rejected, duplicates, label };
    }
    if (repair)
      throw new InputError(
        'crossed',
        'repair',
        `needs book changes: ${label} holds snapshots, whose last update is unknown`,
      );
    const { partitions } = await selectPartitions(input.folder, { ...asked, kind: 'book_snapshot' });
    const books = await snapshotBooks(partitions, {
      ...{ levels, maxAge, measured: every !== undefined },
      times: [fromTime ?? Number.NEGATIVE_INFINITY, until ?? Number.POSITIVE_INFINITY],
      ...(mostCells === undefined ? {} : { mostCells }),
    });
    if (books.instruments.length === 0)
      throw new InputError('input', label, 'holds no books of these instruments and times');
    const hashes = partitions.map(({ entry }) => entry.sha256);
    const hash = createHash('sha256').update(
      JSON.stringify(['book_snapshot', levels, maxAge, asked, hashes]),
    );
    return {
      // taken at no fixed step: what happened between them is lost
      frame: { ...bookFrame(books), step: 0 },
      inputHash: hash.digest('hex'),
      rejected,
      duplicates,
      label,
    };
  } finally {
    await input.close();
  }
}
