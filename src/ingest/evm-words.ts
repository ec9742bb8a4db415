/** 32 bytes of hex behind 0x, as topics and hashes are. */
export const isWord = (text: string): boolean => /^0x[0-9a-f]{64}$/i.test(text);

export const isAddress = (text: string): boolean => /^0x[0-9a-f]{40}$/i.test(text);

/** The address in a topic or word; undefined if more than its 20 bytes are used. */
export function addressOf(word: string | undefined): string | undefined {
  if (word === undefined || !isWord(word) || !word.startsWith('0'.repeat(24), 2)) return undefined;
  return `0x${word.slice(26).toLowerCase()}`;
}

/** The words of event data as unsigned integers; undefined unless there are exactly `count`. */
export function wordsOf(data: string, count: number): bigint[] | undefined {
  if (data.length !== 2 + 64 * count || !/^0x[0-9a-f]*$/i.test(data)) return undefined;
  return Array.from({ length: count }, (_, k) => BigInt(`0x${data.slice(2 + 64 * k, 66 + 64 * k)}`));
}

/** Two's complement of 256 bits. */
export const signed = (word: bigint): bigint => BigInt.asIntN(256, word);

/** A whole number below 2^53 of decimal digits, or of hex ones behind 0x; NaN for every other text. */
export function quantityOf(text: string): number {
  const value = /^(0x[0-9a-f]{1,14}|\d{1,16})$/i.test(text) ? Number(text) : Number.NaN;
  return Number.isSafeInteger(value) ? value : Number.NaN;
}
