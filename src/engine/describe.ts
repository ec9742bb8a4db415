import type { AnyAnalytic } from '../core/analytic.js';
import { flagName, type ParamSpec } from '../core/schema.js';
import { accuracyText } from '../table/present.js';
import { readsOf } from './docs.js';

/** An analytic for a terminal: summary, formula, parameters as flags, output columns. */
export function describeAnalytic(analytic: AnyAnalytic): string {
  const { name, version, summary, doc } = analytic;
  const lines = [
    `${name} ${version}`,
    summary,
    '',
    `formula  ${doc.formula.trim()}`,
    `source   ${doc.source}`,
  ];
  if (doc.notes) lines.push(`notes    ${doc.notes.trim()}`);
  const { reads, parameters, outputs } = describeJson(analytic);
  lines.push(`reads    ${reads.join(', ')}`);
  lines.push('', 'parameters');
  for (const p of parameters) {
    lines.push(
      `  ${p.flag}${p.default === '' ? '' : ` (default ${p.default})`}  [${p.values}]`,
      `      ${p.doc}`,
    );
  }
  for (const output of outputs) {
    lines.push('', `output ${output.name}: one row is ${output.grain}; ordered by ${output.key.join(', ')}`);
    const width = Math.max(...output.columns.map((column) => column.name.length));
    for (const c of output.columns)
      lines.push(
        `  ${c.name.padEnd(width)}  ${c.dtype}, ${c.unit}; ${c.doc} Null: ${c.nulls}.${c.hidden ? ' With --exact.' : ''}`,
      );
  }
  return lines.join('\n');
}

/** The same as plain data. */
export function describeJson(analytic: AnyAnalytic) {
  return {
    name: analytic.name,
    version: analytic.version,
    summary: analytic.summary,
    formula: analytic.doc.formula,
    source: analytic.doc.source,
    reads: [
      ...readsOf(analytic),
      ...Object.values(analytic.needs ?? {}).map(({ analytic: of, output }) => {
        const name = typeof of === 'string' ? of : of.name;
        return `${output} of ${name}`;
      }),
    ],
    parameters: Object.entries(analytic.params as ParamSpec).map(([name, p]) => ({
      name,
      flag: flagName(name),
      default: p.default === undefined ? '' : p.print(p.default),
      values: p.values,
      doc: p.doc,
    })),
    outputs: Object.entries(analytic.outputs).map(([name, spec]) => ({
      name,
      grain: spec.grain,
      key: [...spec.key],
      columns: Object.entries(spec.columns).map(([column, c]) => ({
        name: column,
        dtype: c.dtype,
        unit: c.unit,
        merge: c.merge,
        nulls: c.nulls,
        accuracy: accuracyText(c.accuracy),
        doc: c.doc,
        hidden: c.hidden ?? false,
      })),
    })),
  };
}
