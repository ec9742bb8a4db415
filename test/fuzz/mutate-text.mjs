import { integerIn } from '../support/random.mjs';

// Texts are binary strings here: one character a byte, so that no fault is lost in decoding.
const utf8 = (text) => Buffer.from(text).toString('latin1');

/** What a hostile or broken source writes where a value belongs. */
const TOKENS = [
  ...[
    '',
    ' ',
    '-',
    '.',
    '0',
    '-0',
    '-1',
    '+1',
    '1.',
    '.5',
    '00012',
    '1e3',
    '1E+3',
    '1e-7',
    '1e999',
    '1e-400',
  ],
  ...['NaN', 'nan', 'Infinity', '-Infinity', 'inf', 'null', 'None', 'undefined', 'true', 'false', '0x10'],
  ...['9007199254740993', '99999999999999999999', '-99999999999999999999', '1,5', '1_000', '1 000', '１２３'],
  ...['123456789012.345678901234567890', '0.000000000000000000000000000001', '1'.repeat(30), '٣٤', '½'],
  ...['2147483648', '4611686018427387904', '340282366920938463463374607431768211456', '1e18', '1e38'],
  ...['"', '""', '"a', "'", '"1"', '"1""2"', '`', '\\', '\\"', ',', ';', '\t', '|', '#', '//'],
  ...['../../x', '..', '.', '/', 'a/b', 'a\\b', 'C:\\x', 'CON', '~', '$HOME', '`id`', '%2e%2e%2f', '*', '?'],
  ...['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'prototype', '=1+1', '<b>', "'; drop --"],
  ...['\u0000', '\u0001', '\u001b[31m', '\u007f', '\u0085', '\ufeff', '\u2028', '\u202e', '\u{1F600}', 'é'],
  ...['1970-01-01', '2024-02-30 00:00:00', '9999-12-31T23:59:59Z', '1e15', '-62135596800', '253402300800000'],
  ...['{', '}', '[', ']', '[]', '{}', '[[', '{"a":1}', '\r', '\n', '\r\n', '\v', 'buy', 'SELL', 'x'],
].map(utf8);
/** Bytes that are no UTF-8: a lone surrogate, a lone continuation, an overlong zero, a cut sequence. */
const BROKEN = [
  '\xed\xa0\x80',
  '\x80',
  '\xc0\x80',
  '\xf0\x9f',
  '\xff\xfe',
  '\xfe\xff',
  '\x1f\x8b',
  'PK\x03\x04',
];

const anyOf = (list, next) => list[integerIn(next, 0, list.length - 1)];
export const hostile = (next) => {
  const pick = next();
  if (pick < 0.04) return 'x'.repeat(integerIn(next, 1000, 70_000));
  if (pick < 0.06) return '9'.repeat(integerIn(next, 31, 5000));
  return pick < 0.14 ? anyOf(BROKEN, next) : anyOf(TOKENS, next);
};

const onLines = (change) => (text, next) => {
  const lines = text.split('\n');
  return change(lines, next).join('\n');
};
const someLine = (lines, next) => integerIn(next, 0, Math.max(0, lines.length - 1));

/** Where the values of a text begin and end: runs between separators. */
function tokenSpan(text, next) {
  const at = integerIn(next, 0, text.length);
  const isBreak = (i) => ',;\t\n\r "\'[]{}:'.includes(text[i]);
  let from = at;
  while (from > 0 && !isBreak(from - 1)) from--;
  let to = at;
  while (to < text.length && !isBreak(to)) to++;
  return [from, to];
}

const onColumns = (change) => (text, next) => {
  const lines = text.split('\n');
  const most = Math.max(...lines.map((line) => line.split(',').length)) - 1;
  const [a, b] = [integerIn(next, 0, most), integerIn(next, 0, most)];
  return lines.map((line) => (line === '' ? line : change(line.split(','), a, b).join(','))).join('\n');
};

/** Faults of texts: each takes (text, next) and gives a new text. */
export const TEXT_FAULTS = {
  'replace a value': (text, next) => {
    const [from, to] = tokenSpan(text, next);
    return text.slice(0, from) + hostile(next) + text.slice(to);
  },
  'insert a word': (text, next) => {
    const at = integerIn(next, 0, text.length);
    return text.slice(0, at) + hostile(next) + text.slice(at);
  },
  'quote a value': (text, next) => {
    const [from, to] = tokenSpan(text, next);
    return `${text.slice(0, from)}"${text.slice(from, to)}"${text.slice(to)}`;
  },
  'remove a line': onLines((lines, next) => lines.toSpliced(someLine(lines, next), 1)),
  'double a line': onLines((lines, next) => {
    const at = someLine(lines, next);
    return lines.toSpliced(at, 0, lines[at]);
  }),
  'swap two lines': onLines((lines, next) => {
    const [a, b] = [someLine(lines, next), someLine(lines, next)];
    return lines.with(a, lines[b]).with(b, lines[a]);
  }),
  'blank lines': onLines((lines, next) =>
    lines.toSpliced(someLine(lines, next), 0, ...anyOf([[''], ['', ''], [' '], ['\t'], ['\r']], next)),
  ),
  'join two lines': onLines((lines, next) => {
    const at = someLine(lines, next);
    return lines.toSpliced(at, 2, lines.slice(at, at + 2).join(''));
  }),
  'CRLF throughout': (text) => text.replace(/\r?\n/g, '\r\n'),
  'mixed line ends': (text, next) => text.replace(/\n/g, () => anyOf(['\n', '\r\n', '\r', '\n\r'], next)),
  'a byte-order mark': (text, next) =>
    anyOf(['\xef\xbb\xbf', '\xff\xfe', '\xef\xbb\xbf\xef\xbb\xbf'], next) + text,
  'no last line end': (text) => text.replace(/\n$/, ''),
  'swap columns': onColumns((cells, a, b) =>
    a < cells.length && b < cells.length ? cells.with(a, cells[b]).with(b, cells[a]) : cells,
  ),
  'remove a column': onColumns((cells, a) => cells.toSpliced(a, 1)),
  'double a column': onColumns((cells, a) => cells.toSpliced(a, 0, cells[a] ?? '')),
  'another separator': (text, next) => text.replaceAll(',', anyOf([';', '\t', '|', ', ', ',,'], next)),
  'UTF-16': (text) => Buffer.from(text, 'utf16le').toString('latin1'),
};
