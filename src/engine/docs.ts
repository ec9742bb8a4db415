import { type AnyAnalytic, type InputKind, kindOf, type OutputSpec } from '../core/analytic.js';
import { accuracyText } from '../table/present.js';
import { paramsTable, row } from './markdown.js';

const DTYPES = {
  instrument: 'symbol',
  time: 'timestamp µs UTC',
  tick: 'f64 price',
  lots: 'f64 size',
  count: 'u32',
  index: 'i64',
  f64: 'f64',
  money: 'Decimal128(38, s), and f64 as `<name>_f64`',
} as const;

/** Inputs in words, and what an example names. */
const READS: Readonly<Record<InputKind, readonly [words: string, example: string]>> = {
  trades: ['trades', 'trades.parquet'],
  panel: ['bars (imported, or made of trades)', 'trades.parquet'],
  book: ['order books (changes or snapshots)', 'book-dataset'],
  oi: ['open interest', '--oi oi-dataset'],
};

/** What an analytic reads, in words. */
export const readsOf = ({ inputs }: AnyAnalytic): string[] =>
  Object.values(inputs).flatMap((spec) => {
    const book = typeof spec === 'object' && spec.kind === 'panel' && spec.book;
    return [READS[kindOf(spec)][0], ...(book ? [`${READS.book[0]} where they are named (\`--book\`)`] : [])];
  });

/** ANALYTICS.md of the analytics given, in their order: everything in it comes from the declarations. */
export function docs(analytics: Iterable<AnyAnalytic>): string {
  const all = [...analytics];
  const lines = [
    '# Analytics',
    '',
    'Generated from the declarations by `steelyard docs`; edit those, not this file.',
    '',
    'Prices and sizes are shown in decimal units. `--exact` adds the exact integers beside them',
    '(`<name>_ticks`, `<name>_lots`) and the columns marked hidden.',
    '',
    '| analytic | version | what it is |',
    '|---|---|---|',
    ...all.map((a) => row(`[${a.name}](#${a.name})`, a.version, a.summary)),
  ];
  for (const analytic of all) lines.push('', ...section(analytic));
  return `${lines.join('\n')}\n`;
}

function section(analytic: AnyAnalytic): string[] {
  const { name, version, summary, doc, params, needs, outputs } = analytic;
  const reads = [
    ...readsOf(analytic),
    ...Object.values(needs ?? {}).map((need) => {
      const of = typeof need.analytic === 'string' ? need.analytic : need.analytic.name;
      return `\`${need.output}\` of [${of}](#${of})`;
    }),
  ];
  const lines = [
    `## ${name}`,
    '',
    `${summary} Version ${version}; reads ${reads.join(', ')}.`,
    '',
    '### Formula',
    '',
  ];
  lines.push(doc.formula.trim(), '', `Source: ${doc.source}`);
  if (doc.notes) lines.push('', doc.notes.trim());
  lines.push('', '### Parameters', '', ...paramsTable(params));
  for (const [output, spec] of Object.entries(outputs)) lines.push('', ...outputTable(output, spec));
  lines.push(
    '',
    '### Example',
    '',
    '```sh',
    `steelyard run ${[name, ...exampleInputs(analytic), doc.example].filter(Boolean).join(' ')} --out ${name}`,
    '```',
  );
  return lines;
}

/** Arguments that name the inputs; an analytic that reads another's output is given trades. */
function exampleInputs({ inputs }: AnyAnalytic): string[] {
  const kinds = Object.values(inputs).map(kindOf);
  return kinds.length === 0 ? ['trades.parquet'] : kinds.map((kind) => READS[kind][1]);
}

// biome-ignore lint/suspicious/noExplicitAny: an output of any parameters
function outputTable(name: string, spec: OutputSpec<any>): string[] {
  const levels = spec.levels
    ? ' One table for each bar width, the wider ones rolled up from the finest.'
    : '';
  return [
    `### Output \`${name}\``,
    '',
    `One row: ${spec.grain}. Key and order: ${spec.key.map((key) => `\`${key}\``).join(', ')}.${levels}`,
    '',
    '| column | type | unit | merges by | null | accuracy | meaning |',
    '|---|---|---|---|---|---|---|',
    ...Object.entries(spec.columns).map(([column, c]) =>
      row(
        `\`${column}\`${c.hidden ? ' (hidden)' : ''}`,
        DTYPES[c.dtype],
        c.unit,
        c.merge,
        c.nulls,
        accuracyText(c.accuracy),
        c.doc,
      ),
    ),
  ];
}
