import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { registry } from '../../src/analytics/index.js';
import { flagName } from '../../src/core/schema.js';
import { steelyard } from './support.js';

describe('steelyard', () => {
  it('prints help and version on standard output', () => {
    for (const args of [[], ['--help'], ['help']]) {
      const { code, out, err } = steelyard(args);
      expect([code, err]).toEqual([0, '']);
      for (const name of ['list', 'describe', 'run', 'verify', 'doctor', 'generate', 'docs', 'demo'])
        expect(out).toMatch(new RegExp(`^  ${name} `, 'm'));
    }
    const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
    expect(steelyard(['--version']).out).toBe(`${version}\n`);
  });

  it('lists and describes every analytic', () => {
    const { out } = steelyard(['list']);
    expect(JSON.parse(steelyard(['list', '--json']).out)).toHaveLength(registry.size);
    for (const [name, analytic] of registry) {
      expect(out).toContain(`${name} `);
      const text = steelyard(['describe', name]).out;
      for (const param of Object.keys(analytic.params)) expect(text).toContain(`  ${flagName(param)}`);
      const json = JSON.parse(steelyard(['describe', name, '--json']).out);
      expect(json.outputs.map((o: { name: string }) => o.name)).toEqual(Object.keys(analytic.outputs));
    }
  });

  it('offers the flags of the analytic, wherever its name stands', () => {
    for (const [name, analytic] of registry)
      for (const args of [
        ['run', name, '--help'],
        ['verify', '--help', name],
      ]) {
        const { code, out } = steelyard(args);
        expect(code).toBe(0);
        for (const param of Object.keys(analytic.params)) expect(out).toContain(`${flagName(param)}`);
      }
  });

  const wrong: [name: string, args: string[], message: RegExp][] = [
    ['an unknown command', ['lst'], /unknown command 'lst'; did you mean list\?/],
    [
      'an unknown analytic',
      ['describe', 'volume-imblance'],
      /volume-imblance is unknown; did you mean volume-imbalance\?/,
    ],
    [
      'an unknown flag',
      ['run', 'volume-imbalance', 'x', '--out', '-', '--evry', '1m'],
      /'--evry'; did you mean --every\?/,
    ],
    ['no output', ['run', 'volume-imbalance', 'x'], /required option '--out <target>'/],
    ['no input', ['run', 'volume-imbalance', '--out', '-'], /missing required argument 'input'/],
    ['a file that is not there', ['run', 'volume-imbalance', 'no/such.csv', '--out', '-'], /no\/such\.csv/],
    [
      'a bad parameter',
      ['run', 'volume-imbalance', 'x', '--out', '-', '--every', '0m'],
      /every 0m must be a duration/,
    ],
    [
      'a bad format',
      ['run', 'volume-imbalance', 'x', '--out', 'a.xlsx'],
      /--out a\.xlsx must end in \.arrow/,
    ],
    [
      'two tables in one file',
      ['run', 'volume-imbalance', 'x', '--out', '-', '--every', '1m,5m'],
      /need a folder/,
    ],
    [
      'a bad backend',
      ['run', 'volume-imbalance', 'x', '--out', '-', '--backend', 'cuda'],
      /--backend cuda must be one of auto/,
    ],
    [
      'a bad tile',
      ['run', 'volume-imbalance', 'x', '--out', '-', '--tile-rows', '0'],
      /--tile-rows 0 must be a whole number/,
    ],
    [
      'a bad time',
      ['run', 'volume-imbalance', 'x', '--out', '-', '--until', '2024-02-30'],
      /--until 2024-02-30 must be an ISO/,
    ],
    [
      'an empty span',
      ['run', 'volume-imbalance', 'x', '--out', '-', '--from-time', '2024-01-02', '--until', '2024-01-02'],
      /--until 2024-01-02 must lie after/,
    ],
    [
      'a year for a time',
      ['run', 'volume-imbalance', 'x', '--out', '-', '--from-time', '2024'],
      /--from-time 2024 must be an ISO timestamp such as/,
    ],
    [
      'a flag given twice',
      ['run', 'volume-imbalance', 'x', '--out', '-', '--every', '1m', '--every=1h'],
      /--every 1h is given twice; first as 1m/,
    ],
    [
      'a format that the file name contradicts',
      ['run', 'volume-imbalance', 'x', '--out', 'x.csv', '--format', 'parquet'],
      /--format parquet contradicts x\.csv, which is csv/,
    ],
    [
      'a format that standard output contradicts',
      ['run', 'volume-imbalance', 'x', '--out', '-', '--format', 'arrow'],
      /--format arrow contradicts --out -/,
    ],
    [
      'an adapter for the CPU',
      ['run', 'volume-imbalance', 'x', '--out', '-', '--backend', 'cpu', '--adapter', 'software'],
      /--adapter software needs --backend webgpu, not cpu/,
    ],
    [
      'an output folder that is not there, before the input is looked at',
      ['run', 'volume-imbalance', 'x', '--out', 'no/such/x.csv'],
      /output no\/such\/x\.csv cannot be written: the folder does not exist/,
    ],
    [
      'a day before the epoch',
      ['generate', '--out', 'x', '--day', '1960-01-01'],
      /day 1960-01-01 must lie between/,
    ],
    ['a file for a folder', ['generate', '--out', 'package.json'], /output package\.json must be a folder/],
    [
      'a bad map',
      ['run', 'volume-imbalance', 'x', '--out', '-', '--map', 'time'],
      /--map time must read name=column/,
    ],
    [
      'an unknown canonical',
      ['run', 'volume-imbalance', 'x', '--out', '-', '--map', 'tim=x'],
      /--map tim must be one of time,/,
    ],
    ['a bad day', ['generate', '--out', 'x', '--day', '2024-13-01'], /day 2024-13-01 must be a UTC date/],
    ['a bad seed', ['generate', '--out', 'x', '--seed', '-1'], /--seed/],
    [
      'fewer trades than instruments',
      ['generate', '--out', 'x', '--instruments', '9', '--trades', '8'],
      /trades 8 must be at least 9/,
    ],
    ['an escape sequence', ['describe', '\u001b[31mred\nline'], /analytic \[31mred line is unknown/],
  ];
  it.each(wrong)('answers %s with one line and exit code 2', (_, args, message) => {
    const { code, out, err } = steelyard(args);
    expect(err).toMatch(message);
    expect(err).toMatch(/^steelyard: [^\n]+\n$/);
    expect([code, out]).toEqual([2, '']);
  });

  it('checks ANALYTICS.md and exits 1 when it is stale', () => {
    const stale = steelyard(['docs', '--check', '--out', 'no-such.md']);
    expect(stale).toEqual({ code: 1, out: '', err: 'steelyard: no-such.md is stale: run steelyard docs\n' });
  });

  it('joins list flags that are given twice', () => {
    const { err } = steelyard([
      ...['run', 'volume-imbalance', 'x', '--out', '-', '--map', 'time=a', '--map', 'time=b'],
    ]);
    expect(err).toBe('steelyard: --map time is given twice\n');
  });

  it.skipIf(!existsSync('/dev/full'))('exits 2 with one line where its output is lost', () => {
    for (const args of [['list'], ['list', '--json'], ['describe', 'volume-imbalance'], ['--help'], []]) {
      const { code, err } = steelyard(args, { shell: 'STEELYARD >/dev/full' });
      expect([code, err]).toEqual([
        2,
        'steelyard: output - cannot be written: no space left on the device (ENOSPC)\n',
      ]);
    }
  });

  it('shows two examples at the end of the help of run', () => {
    const { out } = steelyard(['run', '--help']);
    expect(out).toMatch(/\nExamples:\n {2}steelyard run .*\n {2}steelyard run .*\n$/);
  });

  it('says nothing when the reader of its output leaves', () => {
    const { code, err } = steelyard(['describe', 'volume-imbalance'], {
      shell: 'set -o pipefail; STEELYARD | true',
    });
    expect([code, err]).toEqual([0, '']);
  });
});
