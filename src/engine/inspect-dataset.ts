import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError } from '../core/errors.js';
import type { KindName } from '../core/kinds.js';
import { lockHolder } from '../dataset/lock.js';
import { EMPTY_MANIFEST, type Manifest, readManifest } from '../dataset/manifest.js';
import { SCRATCH } from '../dataset/scratch.js';
import { fileHash } from '../dataset/source-files.js';
import { KindSurvey } from './inspect-kind.js';
import { inspectLedger } from './inspect-ledger.js';
import { surveyPartition } from './inspect-partition.js';
import type { ReadOptions } from './inspect-rows.js';
import type { DatasetState, Inspection, LedgerInspection } from './inspect-types.js';

/** True for a folder that is a dataset, or that an import is making one of. */
export const holdsDataset = (folder: string): boolean =>
  existsSync(join(folder, SCRATCH, 'id')) || lockHolder(folder) !== undefined;

/**
 * Reads a dataset through. Every file's content is compared with the manifest's SHA-256 before it is read: what differs
 * is reported and not counted. With `check` that is all: no rows are read. Throws an InputError for a manifest that is
 * damaged.
 */
export async function inspectDataset(
  folder: string,
  options: ReadOptions & { readonly check?: boolean },
): Promise<Inspection> {
  const manifest = (await readManifest(folder)) ?? EMPTY_MANIFEST;
  checkCounts(folder, manifest);
  const problems: string[] = [];
  const surveys = new Map<KindName, KindSurvey>();
  const bytes = await surveyAll(folder, manifest, surveys, problems, options);
  const ledger = await ledgerOf(folder, manifest, problems);
  const dataset: DatasetState = {
    ...{ partitions: manifest.partitions.length, bytes, sources: manifest.sources },
    lock: lockHolder(folder) ?? null,
    unfinished: await unfinished(folder),
    problems,
  };
  const kinds = [...surveys.values()].sort((a, b) => (a.kind < b.kind ? -1 : 1));
  return {
    ...{
      steelyard: 'inspection',
      of: 'dataset',
      names: [folder],
      format: 'dataset',
      alsoFits: [],
      params: {},
    },
    ...{ kinds: kinds.flatMap((survey) => survey.report() ?? []), ledger, table: null, dataset },
  };
}

/** A manifest may come from elsewhere: what is added up must be counts. */
function checkCounts(folder: string, { sources, partitions, ledger, ledgerCut }: Manifest): void {
  const counts = (of: unknown): boolean =>
    typeof of === 'object' && of !== null && Object.values(of).every((n) => Number.isSafeInteger(n));
  const good =
    counts(ledger) &&
    counts({ ledgerCut }) &&
    partitions.every(({ rows }) => Number.isSafeInteger(rows)) &&
    sources.every((source) => {
      if (typeof source?.source !== 'string' || typeof source.format !== 'string') return false;
      const { rowsRead, rowsKept, duplicates, skipped } = source;
      return counts({ rowsRead, rowsKept, duplicates, skipped });
    });
  if (!good) throw new InputError('dataset manifest', folder, 'is damaged: import again into a new folder');
}

/** Surveys every partition, by kind, group and day, so that rows of an instrument come in order; returns their bytes. */
async function surveyAll(
  folder: string,
  manifest: Manifest,
  surveys: Map<KindName, KindSurvey>,
  problems: string[],
  { check, progress, signal }: ReadOptions & { readonly check?: boolean },
): Promise<number> {
  const surveyOf = (kind: KindName): KindSurvey => {
    const survey = surveys.get(kind) ?? new KindSurvey(kind);
    surveys.set(kind, survey);
    return survey;
  };
  const total = manifest.partitions.reduce((sum, partition) => sum + partition.rows, 0);
  let [rows, bytes] = [0, 0];
  for (const { path, sha256, rows: expected } of [...manifest.partitions].sort((a, b) =>
    a.path < b.path ? -1 : 1,
  )) {
    signal?.throwIfAborted();
    try {
      const { size } = await stat(join(folder, path)).catch(() => {
        throw new InputError('dataset file', path, 'is missing');
      });
      bytes += size;
      // nothing reads what is not known to be ours: lengths inside a damaged Arrow file can be of any size
      if ((await fileHash(join(folder, path))) !== sha256)
        throw new InputError('dataset file', path, "has other content than the manifest's SHA-256 says");
      const read = check ? expected : await surveyPartition(join(folder, path), path, surveyOf);
      if (read !== expected)
        throw new InputError('dataset file', path, `holds ${read} rows where the manifest says ${expected}`);
      rows += read;
      progress?.({ stage: 'read', rows, total });
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      problems.push(error.message);
    }
  }
  return bytes;
}

/** Counts of the manifest with examples of ledger.arrow, and whether the two agree. */
async function ledgerOf(folder: string, manifest: Manifest, problems: string[]): Promise<LedgerInspection> {
  const sum = (of: (source: Manifest['sources'][number]) => number): number =>
    manifest.sources.reduce((total, source) => total + of(source), 0);
  let examples: LedgerInspection['examples'] = [];
  if (manifest.sources.length > 0)
    try {
      const listed = await inspectLedger(join(folder, 'ledger.arrow'), 'ledger.arrow');
      examples = listed.examples;
      const counted = Object.values(manifest.ledger).reduce((total, n) => total + n, 0);
      if (listed.rows + manifest.ledgerCut !== counted)
        problems.push(
          `ledger.arrow lists ${listed.rows} rows where the manifest says ${counted - manifest.ledgerCut}`,
        );
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      problems.push(error.message);
    }
  return {
    rowsRead: sum(({ rowsRead }) => rowsRead),
    rowsKept: sum(({ rowsKept }) => rowsKept),
    duplicates: sum(({ duplicates }) => duplicates),
    skipped: sum(({ skipped }) => skipped),
    counts: manifest.ledger,
    examples,
  };
}

/** What an import that has not finished left behind; null if there is none. */
async function unfinished(folder: string): Promise<DatasetState['unfinished']> {
  if (!existsSync(join(folder, SCRATCH))) return null;
  const text = await readFile(join(folder, SCRATCH, 'state.json'), 'utf8').catch(() => '{}');
  try {
    const { counts } = JSON.parse(text) as { counts?: unknown };
    return { sourcesRead: Array.isArray(counts) ? counts.length : 0 };
  } catch {
    return { sourcesRead: 0 };
  }
}
