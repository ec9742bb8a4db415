// npm run fuzz: imports seeded mutants of every format with the built package, in child processes.
// --cases N each (10000), --seed S (1), --format NAME, --case I for one case, --workers N (2).
import { parseArgs } from 'node:util';
import { formatRows } from '../../dist/engine/import-formats.js';
import { campaign } from './campaign.mjs';

const { values } = parseArgs({
  options: {
    cases: { type: 'string', default: '10000' },
    seed: { type: 'string', default: '1' },
    format: { type: 'string', multiple: true },
    case: { type: 'string' },
    workers: { type: 'string', default: '2' },
  },
});
const whole = (name, least) => {
  const n = Number(values[name]);
  if (Number.isSafeInteger(n) && n >= least) return n;
  console.error(`--${name} ${values[name]} must be a whole number, at least ${least}`);
  process.exit(2);
};
const known = formatRows().map(({ name }) => name);
for (const name of values.format ?? [])
  if (!known.includes(name)) {
    console.error(`--format ${name} must be one of ${known.join(', ')}`);
    process.exit(2);
  }
const seed = whole('seed', 0);
const [from, to] =
  values.case === undefined ? [0, whole('cases', 1)] : [whole('case', 0), whole('case', 0) + 1];

const started = Date.now();
let shown = 0;
const { rows, findings } = await campaign({
  ...{ formats: values.format ?? known, seed, from, to, workers: whole('workers', 1) },
  progress: ({ format, done, findings: found }) => {
    if (Date.now() - shown < (process.stderr.isTTY ? 200 : 30_000)) return;
    shown = Date.now();
    console.error(`${format}: ${done} of ${to}, ${found} findings`);
  },
});

const columns = ['format', 'cases', 'imported', 'refused', 'read', 'kept', 'ledger', 'duplicates', 'skipped'];
const cell = (text, wide) => String(text).padStart(wide);
console.log(
  `${columns.map((name, i) => (i === 0 ? name.padEnd(27) : cell(name, 10))).join(' ')}    ms/case  slowest`,
);
for (const row of rows) {
  const counts = columns.slice(1).map((name) => cell(row[name], 10));
  console.log(
    `${row.format.padEnd(27)} ${counts.join(' ')} ${cell((row.ms / row.cases).toFixed(1), 10)} ${cell(Math.round(row.slowest), 8)}`,
  );
}
console.log('\nrefused because the input');
const errors = new Map();
for (const row of rows) for (const [kind, n] of row.errors) errors.set(kind, (errors.get(kind) ?? 0) + n);
for (const [kind, n] of [...errors].sort((a, b) => b[1] - a[1]).slice(0, 40))
  console.log(`${cell(n, 9)}  ${kind}`);
const cases = rows.reduce((total, row) => total + row.cases, 0);
console.log(
  `\n${cases} cases in ${Math.round((Date.now() - started) / 1000)} s, ${findings.length} findings`,
);
for (const { format, index, what } of findings.slice(0, 200)) {
  console.log(`\nnpm run fuzz -- --format ${format} --seed ${seed} --case ${index}\n  ${what}`);
}
process.exitCode = findings.length > 0 ? 1 : 0;
