import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { InputError } from '../core/errors.js';
import type { SourceFile } from '../core/importer.js';
import { bytesOf, READ_BYTES } from '../table/read-bytes.js';
import { textLines } from '../table/text-lines.js';
import { boundedRatio } from '../table/unpack.js';
import { zipMembers } from '../table/zip-members.js';

/** One input of an import: a file, or a member of a zip archive. */
export interface ImportSource {
  /** As shown and kept in the ledger: `ETHUSDT-trades.zip/ETHUSDT-trades.csv`. */
  readonly label: string;
  /** File on disk, the archive's for a member. */
  readonly path: string;
  /** True for a member of an archive: only its bytes can be had. */
  readonly member: boolean;
  /** Unpacked where known, else as on disk: for progress. */
  readonly size: number;
  readonly file: SourceFile;
}

/** Sources of files on disk, archives opened, in the order given. `labels` are what the files are called. */
export async function importSources(
  paths: readonly string[],
  labels: readonly string[],
): Promise<ImportSource[]> {
  const sources: ImportSource[] = [];
  const byName = new Map<string, SourceFile>();
  const add = (
    label: string,
    name: string,
    path: string,
    member: boolean,
    size: number,
    bytes: () => AsyncIterable<Uint8Array>,
  ): void => {
    const file: SourceFile = {
      name,
      bytes,
      lines: () => textLines(bytes(), label),
      sibling: (wanted) => byName.get(wanted),
    };
    if (!byName.has(name)) byName.set(name, file);
    sources.push({ label, path, member, size, file });
  };
  for (const [i, path] of paths.entries()) {
    const label = labels[i]!;
    const { size } = await stat(path);
    if (size === 0) throw new InputError('input', label, 'is empty (0 bytes)');
    if (await isZip(path)) {
      const members = await zipMembers(path, label);
      if (members.length === 0) throw new InputError('zip archive', label, 'holds no file');
      for (const member of members)
        add(`${label}/${member.path}`, basename(member.path), path, true, member.size, member.bytes);
      continue;
    }
    const name = basename(path).replace(/\.gz$/i, '');
    add(label, name, path, false, size, () => boundedRatio(bytesOf(path, label), size, label));
  }
  return sources;
}

const ZIP_MAGIC = ['PK\x03\x04', 'PK\x05\x06'];

async function isZip(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const head = Buffer.alloc(4);
    await file.read(head, 0, 4, 0);
    // a member, or the end of an empty archive; text may begin with PK too
    return ZIP_MAGIC.includes(head.toString('latin1'));
  } finally {
    await file.close();
  }
}

/** SHA-256 of a file as it lies on disk. */
export async function fileHash(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path, { highWaterMark: READ_BYTES })) hash.update(chunk);
  return hash.digest('hex');
}
