export interface ZipEntry {
  /** Written as it is, `../` and all. */
  readonly name: string;
  readonly content: string | Uint8Array;
  /** Default true. */
  readonly deflate?: boolean;
  /** Says that it is encrypted; the bytes stay plain. */
  readonly encrypted?: true;
  /** What the archive claims, where that is not the truth. */
  readonly size?: number;
  readonly crc?: number;
}

/** A zip archive of the entries in their order, one central record each; no zip64, no data descriptors. */
export function zipOf(entries: readonly ZipEntry[]): Buffer;
