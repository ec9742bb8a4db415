import type { Entry, ZipFile } from 'yauzl';
import { InputError } from '../core/errors.js';
import { checkRatio } from './unpack.js';

/** A file inside a zip archive. Its name is for showing and telling formats only: nothing is ever written under it. */
export interface ZipMember {
  /** Path inside the archive. */
  readonly path: string;
  readonly size: number;
  /** Bytes in the archive. */
  readonly packed: number;
  readonly bytes: () => AsyncIterable<Uint8Array>;
}

const MOST_MEMBERS = 100_000;

/**
 * Members of an archive in its order, folders left out. Encrypted, damaged or path-climbing archives are InputErrors, and
 * so are those that claim to unpack to far more than they hold: sizes are summed over all members, which may share
 * their packed bytes, and no member can be longer than it claims.
 */
export async function zipMembers(path: string, label: string): Promise<ZipMember[]> {
  const zip = await openZip(path, label);
  try {
    const entries = await entriesOf(zip, label);
    let unpacked = 0;
    for (const entry of entries) unpacked += entry.uncompressedSize;
    checkRatio(unpacked, zip.fileSize, label);
    const names = new Set<string>();
    for (const { fileName } of entries) {
      if (names.has(fileName))
        throw new InputError(`zip archive ${label} member`, fileName, 'must occur once');
      names.add(fileName);
    }
    return entries.map((entry) => ({
      path: entry.fileName,
      size: entry.uncompressedSize,
      packed: entry.compressedSize,
      bytes: () => memberBytes(path, label, entry),
    }));
  } finally {
    zip.close();
  }
}

const damaged = (label: string, error: unknown): InputError =>
  new InputError('zip archive', label, `is damaged (${(error as Error).message})`);

async function openZip(path: string, label: string): Promise<ZipFile> {
  const { open } = await import('yauzl');
  return new Promise((resolve, reject) =>
    // sizes are checked while reading: a member longer or shorter than it says is damaged
    open(path, { lazyEntries: true, autoClose: false, validateEntrySizes: true }, (error, zip) =>
      error ? reject(damaged(label, error)) : resolve(zip),
    ),
  );
}

function entriesOf(zip: ZipFile, label: string): Promise<Entry[]> {
  const entries: Entry[] = [];
  return new Promise((resolve, reject) => {
    zip.on('error', (error) => reject(damaged(label, error)));
    zip.on('end', () => resolve(entries));
    zip.on('entry', (entry: Entry) => {
      if (entries.length >= MOST_MEMBERS)
        reject(new InputError('zip archive', label, `must hold at most ${MOST_MEMBERS} members`));
      else if (entry.isEncrypted()) reject(new InputError('zip archive', label, 'is encrypted'));
      else {
        if (!entry.fileName.endsWith('/')) entries.push(entry);
        zip.readEntry();
      }
    });
    zip.readEntry();
  });
}

async function* memberBytes(path: string, label: string, entry: Entry): AsyncGenerator<Uint8Array> {
  const { crc32 } = await import('node:zlib');
  const zip = await openZip(path, label);
  try {
    const stream = await new Promise<NodeJS.ReadableStream>((resolve, reject) =>
      zip.openReadStream(entry, (error, opened) => (error ? reject(error) : resolve(opened))),
    );
    let sum = 0;
    for await (const chunk of stream as AsyncIterable<Uint8Array>) {
      sum = crc32(chunk, sum);
      yield chunk;
    }
    // yauzl checks sizes, not the checksum
    if (sum !== entry.crc32) throw new Error('checksum does not match');
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw damaged(`${label}/${entry.fileName}`, error);
  } finally {
    zip.close();
  }
}
