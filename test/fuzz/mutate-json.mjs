import { integerIn } from '../support/random.mjs';
import { hostile } from './mutate-text.mjs';

const anyOf = (list, next) => list[integerIn(next, 0, list.length - 1)];

/** Values of unexpected shape, as JSON text. */
const SHAPES = [
  ...[
    'null',
    'true',
    'false',
    '0',
    '-0',
    '-1',
    '1e999',
    '1.5',
    '1e400',
    '9007199254740993',
    '""',
    '"x"',
    '[]',
    '{}',
  ],
  ...[
    '[null]',
    '[[]]',
    '{"__proto__":1}',
    '{"a":{"a":{"a":1}}}',
    '"\\u0000"',
    '"\\ud800"',
    '"../../x"',
    '"1"',
  ],
  ...['99999999999999999999', '0.000000000000000000000000000001', '123456789012345678901234567890', '"NaN"'],
];

/** Paths to every value of a tree; the root has the empty path. */
function pathsOf(value, path = [], out = []) {
  out.push(path);
  if (typeof value === 'object' && value !== null)
    for (const key of Object.keys(value)) pathsOf(value[key], [...path, key], out);
  return out;
}

// a mark that no sample holds stands for raw JSON text, which may be what no value could say
const MARK = '@@raw@@';

/** A tree with one fault, as text. */
function faulty(value, next) {
  const tree = structuredClone(value);
  const path = anyOf(pathsOf(tree), next);
  const raw =
    next() < 0.6 ? anyOf(SHAPES, next) : JSON.stringify(Buffer.from(hostile(next), 'latin1').toString());
  if (path.length === 0) return next() < 0.5 ? raw : `[${JSON.stringify(tree)}]`;
  let parent = tree;
  for (const key of path.slice(0, -1)) parent = parent[key];
  const key = path.at(-1);
  const marked = JSON.stringify(MARK);
  switch (integerIn(next, 0, 5)) {
    case 0:
      if (Array.isArray(parent)) parent.splice(Number(key), 1);
      else delete parent[key];
      return JSON.stringify(tree);
    case 1:
      if (Array.isArray(parent)) parent.push(parent[key]);
      else parent[anyOf(['extra', '__proto__x', 'constructor', ''], next)] = parent[key];
      return JSON.stringify(tree);
    case 2: {
      // the same key twice: parsers take the last
      if (Array.isArray(parent)) return JSON.stringify(tree);
      const text = JSON.stringify(parent[key]);
      parent[key] = MARK;
      return JSON.stringify(tree).replace(marked, () => `${raw},${JSON.stringify(key)}:${text}`);
    }
    case 3: {
      const depth = integerIn(next, 1, 2000);
      const text = JSON.stringify(parent[key]);
      parent[key] = MARK;
      return JSON.stringify(tree).replace(marked, () => '['.repeat(depth) + text + ']'.repeat(depth));
    }
    default:
      parent[key] = MARK;
      return JSON.stringify(tree).replace(marked, () => raw);
  }
}

const DEEP = /\[{200}/;

/** The JSON of a text: all of it, or that of one line behind whatever stands before it. */
function jsonFault(text, next) {
  const whole = parsed(text);
  if (whole !== undefined && next() < 0.9) return toLatin1(faulty(whole, next));
  const lines = text.split('\n');
  const at = integerIn(next, 0, lines.length - 1);
  const start = lines[at].search(/[[{]/);
  const value = start < 0 ? undefined : parsed(lines[at].slice(start));
  if (value === undefined) return text;
  return lines.with(at, lines[at].slice(0, start) + toLatin1(faulty(value, next))).join('\n');
}

const toLatin1 = (text) => Buffer.from(text).toString('latin1');
const parsed = (text) => {
  try {
    const value = JSON.parse(Buffer.from(text, 'latin1').toString());
    // parsers nest deeper than what else walks a tree
    return DEEP.test(text) ? undefined : value;
  } catch {
    return undefined;
  }
};

export const JSON_FAULTS = {
  'another shape': jsonFault,
  'another shape, twice': (text, next) => jsonFault(jsonFault(text, next), next),
  'pretty printed': (text) => {
    const value = parsed(text);
    return value === undefined ? text : toLatin1(JSON.stringify(value, null, 2));
  },
};
