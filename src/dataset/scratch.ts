import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Manifest } from './manifest.js';

/** Folder of an unfinished import, inside the dataset. */
export const SCRATCH = '.import';

/** Files that a commit replaces before the manifest. */
const REPLACED = ['instruments.arrow', 'ledger.arrow'] as const;
const MARK = 'committing';
const NONE = 'before-none';

/** Where the file of that name is kept aside while a commit may have replaced it. */
export const asideOf = (scratch: string, name: (typeof REPLACED)[number]): string =>
  join(scratch, `before-${name}`);

/**
 * Keeps aside what a commit replaces before the manifest, so that one that was killed half way can be taken back; to
 * be called before the first rename, again after a kill. `manifest` is the text that the commit will put in place.
 */
export async function setAside(
  folder: string,
  scratch: string,
  before: Manifest,
  manifest: string,
): Promise<void> {
  if (before.sources.length === 0) await writeFile(join(scratch, NONE), '');
  else
    for (const name of REPLACED)
      if (!existsSync(asideOf(scratch, name))) await link(join(folder, name), asideOf(scratch, name));
  await writeFile(join(scratch, MARK), sha256(manifest));
}

/** Removes the scratch folder; a commit that did not reach its manifest is taken back. */
export async function removeScratch(folder: string): Promise<void> {
  const scratch = join(folder, SCRATCH);
  const wanted = await readFile(join(scratch, MARK), 'utf8').catch(() => undefined);
  const present = await readFile(join(folder, 'manifest.json'), 'utf8').catch(() => '');
  if (wanted !== undefined && wanted !== sha256(present))
    for (const name of REPLACED) {
      if (existsSync(asideOf(scratch, name))) await rename(asideOf(scratch, name), join(folder, name));
      else if (existsSync(join(scratch, NONE))) await rm(join(folder, name), { force: true });
    }
  await rm(scratch, { recursive: true, force: true });
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
