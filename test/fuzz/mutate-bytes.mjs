import { integerIn } from '../support/random.mjs';

const WORDS = [0, 1, 0x7f, 0xff, 0x7fff, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff];
const splice = (bytes, at, drop, put = Buffer.alloc(0)) =>
  Buffer.concat([bytes.subarray(0, at), put, bytes.subarray(at + drop)]);
/** A chunk inside the bytes: mostly short. */
const chunk = (bytes, next) => {
  const at = integerIn(next, 0, Math.max(0, bytes.length - 1));
  const most = Math.min(bytes.length - at, next() < 0.8 ? 16 : 4096);
  return [at, integerIn(next, 0, most)];
};
const changed = (bytes, at, to) => {
  if (bytes.length === 0) return bytes;
  const out = Buffer.from(bytes);
  out[at] = to(out[at]);
  return out;
};

/** Places where headers and footers lie. */
const edge = (bytes, next) => {
  const width = Math.min(bytes.length, next() < 0.5 ? 16 : 512);
  const at = integerIn(next, 0, Math.max(0, width - 1));
  return next() < 0.5 ? at : bytes.length - 1 - at;
};

/** Faults of any bytes: each takes (bytes, next) and gives new bytes. */
export const BYTE_FAULTS = {
  'flip a bit': (bytes, next) =>
    changed(bytes, integerIn(next, 0, bytes.length - 1), (byte) => byte ^ (1 << integerIn(next, 0, 7))),
  'flip a bit at an edge': (bytes, next) =>
    changed(bytes, edge(bytes, next), (byte) => byte ^ (1 << integerIn(next, 0, 7))),
  'a random byte': (bytes, next) =>
    changed(bytes, integerIn(next, 0, bytes.length - 1), () => integerIn(next, 0, 255)),
  truncate: (bytes, next) => bytes.subarray(0, integerIn(next, 0, bytes.length)),
  'truncate a little': (bytes, next) => bytes.subarray(0, Math.max(0, bytes.length - integerIn(next, 1, 16))),
  'cut the start': (bytes, next) => bytes.subarray(integerIn(next, 0, Math.min(bytes.length, 64))),
  'remove a chunk': (bytes, next) => splice(bytes, ...chunk(bytes, next)),
  'double a chunk': (bytes, next) => {
    const [at, length] = chunk(bytes, next);
    return splice(bytes, at, 0, bytes.subarray(at, at + length));
  },
  'move a chunk': (bytes, next) => {
    const [at, length] = chunk(bytes, next);
    const rest = splice(bytes, at, length);
    return splice(rest, integerIn(next, 0, rest.length), 0, bytes.subarray(at, at + length));
  },
  'insert random bytes': (bytes, next) => {
    const put = Buffer.from(Array.from({ length: integerIn(next, 1, 16) }, () => integerIn(next, 0, 255)));
    return splice(bytes, integerIn(next, 0, bytes.length), 0, put);
  },
  'zero a chunk': (bytes, next) => {
    const [at, length] = chunk(bytes, next);
    return splice(bytes, at, length, Buffer.alloc(length));
  },
};

const wordAt = (bytes, at, next) => {
  if (bytes.length < 4) return bytes;
  const out = Buffer.from(bytes);
  const value = next() < 0.7 ? WORDS[integerIn(next, 0, WORDS.length - 1)] : integerIn(next, 0, 0xffffffff);
  out.writeUInt32LE(value, Math.max(0, Math.min(at, bytes.length - 4)));
  return out;
};

/** Faults of formats that count and point in binary words. */
export const BINARY_FAULTS = {
  ...BYTE_FAULTS,
  'an extreme word': (bytes, next) => wordAt(bytes, integerIn(next, 0, bytes.length), next),
  'an extreme word at an edge': (bytes, next) => wordAt(bytes, edge(bytes, next), next),
};
