import { flagName, type ParamSpec } from '../core/schema.js';

/** Parameters as a table of flags. */
export function paramsTable(params: ParamSpec): string[] {
  const entries = Object.entries(params);
  if (entries.length === 0) return ['None.'];
  return [
    '| flag | in code | default | values | meaning |',
    '|---|---|---|---|---|',
    ...entries.map(([name, p]) => {
      const standard = p.default === undefined ? '' : p.print(p.default);
      return row(
        `\`${flagName(name)}\``,
        `\`${name}\``,
        standard === '' ? 'none' : `\`${standard}\``,
        p.values,
        p.doc,
      );
    }),
  ];
}

/** Cells of one line; a bar inside a cell would end it. */
export const row = (...cells: string[]): string =>
  `| ${cells.map((c) => c.replace(/\s*\n\s*/g, ' ').replaceAll('|', '\\|')).join(' | ')} |`;
