import { createHash } from 'node:crypto';
import { open, stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { InputError } from '../core/errors.js';
import type { SourceFile } from '../core/importer.js';
import { bytesOf, readStream } from '../table/read-bytes.js';
import { textLines } from '../table/text-lines.js';
import { boundedRatio } from '../table/unpack.js';
import { zipMembers } from '../table/zip-members.js';

/** One input of an import: a file, or a member of a zip archive. */
export interface ImportSource {
  /** As shown and kept in the ledger: `ETHUSDT-trades.zip/ETHUSDT-trades.csv`. */
  readonly label: string;
  /** What names it beside its content: the file's name without folders, or the path inside the archive. */
  readonly name: string;
  /** File on disk, the archive's for a member. */
  readonly path: string;
  /** True for a member of an archive: only its bytes can be had. */
  readonly member: boolean;
  /** Bytes on disk, of a member those in the archive; and how many of them have been read, for progress. */
  readonly size: number;
  readonly read: () => number;
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
    source: Pick<ImportSource, 'label' | 'name' | 'path' | 'member' | 'size'>,
    bytes: (taken: (bytes: number) => void) => AsyncIterable<Uint8Array>,
  ): void => {
    let read = 0;
    const counted = (): AsyncIterable<Uint8Array> =>
      bytes((taken) => {
        read = taken;
      });
    const name = basename(source.name).replace(/\.gz$/i, '');
    // of files of one name, the one beside goes first
    const place = source.member ? `${source.path}/${dirname(source.name)}` : dirname(source.path);
    const file: SourceFile = {
      name,
      bytes: counted,
      lines: () => textLines(counted(), source.label),
      sibling: (wanted) => byName.get(`${place}/${wanted}`) ?? byName.get(wanted),
    };
    byName.set(`${place}/${name}`, file);
    if (!byName.has(name)) byName.set(name, file);
    sources.push({ ...source, read: () => Math.min(read, source.size), file });
  };
  for (const [i, path] of paths.entries()) {
    const label = labels[i]!;
    const { size } = await stat(path);
    if (size === 0) throw new InputError('input', label, 'is empty (0 bytes)');
    if (await isZip(path)) {
      const members = (await zipMembers(path, label)).filter((member) => !APPLE.test(member.path));
      if (members.length === 0) throw new InputError('zip archive', label, 'holds no file');
      for (const { path: name, size: unpacked, packed, bytes } of members) {
        const own = `${label}/${name}`;
        if (/\.(gz|zip)$/i.test(name))
          throw new InputError('zip member', own, 'is packed once more: unpack the archive first');
        add({ label: own, name, path, member: true, size: packed }, (taken) =>
          counting(bytes(), packed / Math.max(1, unpacked), taken),
        );
      }
      continue;
    }
    add({ label, name: basename(path), path, member: false, size }, (taken) =>
      boundedRatio(bytesOf(path, label, taken), size, label),
    );
  }
  return sources;
}

/** What macOS puts into archives beside each file. */
const APPLE = /(^|\/)(__MACOSX\/|\._)/;

async function* counting(
  chunks: AsyncIterable<Uint8Array>,
  ratio: number,
  taken: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.length;
    taken(bytes * ratio);
    yield chunk;
  }
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
  for await (const chunk of readStream(path, (await stat(path)).size)) hash.update(chunk);
  return hash.digest('hex');
}
