import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { registry } from '../src/analytics/index.js';
import { KINDS } from '../src/core/kinds.js';
import { flagName } from '../src/core/schema.js';
import { docs } from '../src/engine/docs.js';
import { formatDocs } from '../src/engine/format-docs.js';
import { formatRows } from '../src/engine/import-formats.js';

const file = new URL('../ANALYTICS.md', import.meta.url);
const text = docs(registry.values());

describe('ANALYTICS.md', () => {
  it('is up to date with the declarations: run `npm run docs` if not', () => {
    expect(existsSync(file)).toBe(true);
    expect(readFileSync(file, 'utf8')).toBe(text);
  });

  it('names every analytic, parameter and output column', () => {
    expect(registry.size).toBeGreaterThan(0);
    for (const analytic of registry.values()) {
      expect(text).toContain(`\n## ${analytic.name}\n`);
      for (const name of Object.keys(analytic.params)) expect(text).toContain(`| \`${flagName(name)}\` |`);
      for (const [output, spec] of Object.entries(analytic.outputs)) {
        expect(text).toContain(`### Output \`${output}\``);
        for (const column of Object.keys(spec.columns)) expect(text).toContain(`| \`${column}\``);
      }
    }
  });

  it('keeps every table row on one line with as many cells as its head', () => {
    let width = 0;
    for (const line of `${text}\n${formatDocs()}`.split('\n')) {
      const cells = line.startsWith('|') ? line.split(/(?<!\\)\|/).length : 0;
      if (width > 0 && cells > 0) expect(cells, line).toBe(width);
      width = cells;
    }
  });
});

describe('FORMATS.md', () => {
  const formats = formatDocs();

  it('is up to date with the declarations: run `npm run docs` if not', () => {
    expect(readFileSync(new URL('../FORMATS.md', import.meta.url), 'utf8')).toBe(formats);
  });

  it('names every format, marks those without a real file, and every kind with its columns', () => {
    for (const { name, fixture } of formatRows()) {
      const line = formats.split('\n').find((text) => text.startsWith(`| [${name}](`))!;
      expect(line.includes('synthetic fixture only'), name).toBe(fixture === 'synthetic');
    }
    for (const kind of Object.values(KINDS)) {
      expect(formats).toContain(`\n### ${kind.name}\n`);
      for (const column of Object.keys(kind.columns)) expect(formats).toContain(`| \`${column}\` |`);
    }
  });
});
