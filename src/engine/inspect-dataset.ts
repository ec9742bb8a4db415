import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError } from '../core/errors.js';
import type { KindName } from '../core/kinds.js';
import { SCRATCH } from '../dataset/commit.js';
import { lockHolder } from '../dataset/lock.js';
import { EMPTY_MANIFEST, type Manifest, readManifest } from '../dataset/manifest.js';
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
 * Reads a dataset through. Damage is reported and does not stop it: rows of files that cannot be read are not counted,
 * with `check` of files whose content is not what the manifest says neither. Throws an InputError for a manifest that
 * is damaged.
 */
export async function inspectDataset(
  folder: string,
  options: ReadOptions & { readonly check?: boolean },
): Promise<Inspection> {
  const manifest = (await readManifest(folder)) ?? EMPTY_MANIFEST;
  const problems: string[] = [];
  const surveys = new Map<KindName, KindSurvey>();
  const bytes = await surveyAll(folder, manifest, surveys, problems, options);
  const ledger = await ledgerOf(folder, manifest, problems);
  const dataset: DatasetState = {
    ...{ partitions: manifest.partitions.length, bytes, sources: manifest.sources },
    lock: lockHolder(folder) ?? null,
    unfinished: await unfinished(folder),
    ...{ checked: options.check ?? false, problems },
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
  const total = manifest.partitions.reduce((sum, partition) => sum + Number(partition.rows), 0);
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
      if (check && (await fileHash(join(folder, path))) !== sha256)
        throw new InputError('dataset file', path, "has other content than the manifest's SHA-256 says");
      const read = await surveyPartition(join(folder, path), path, surveyOf);
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
