import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tableFromIPC } from 'apache-arrow';
import { describe, expect, it } from 'vitest';
import { query, scratch } from '../table/support.js';
import { builtCli, steelyard } from './support.js';

const folder = scratch();
const trades = join(folder, 'trades.csv');
writeFileSync(
  trades,
  `ts,symbol,price,size,side,id
2024-01-02T00:00:00.100Z,A-PERP,10.01,2.5,buy,1
2024-01-02T00:00:01Z,A-PERP,10.02,0.5,sell,2
2024-01-02T00:01:00Z,A-PERP,10.00,1,buy,3
2024-01-02T00:00:30Z,"B,1",250,3,sell,1
2024-01-02T00:00:31Z,"B,1",-1,3,sell,2
2024-01-02T00:00:32Z,"B,1",250,NaN,sell,3
`,
);
const run = (...args: string[]) =>
  steelyard(['run', 'volume-imbalance', trades, '--backend', 'cpu', ...args]);

/** CSV text to records; no field here holds a line break. */
const records = (csv: string): Record<string, string>[] => {
  const [head, ...lines] = csv.trimEnd().split('\n');
  const fields = (line: string): string[] =>
    [...line.matchAll(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g)].map((m) => m[1]!.replace(/^"|"$/g, ''));
  return lines.map((line) => {
    const values = fields(line);
    return Object.fromEntries(head!.split(',').map((name, i) => [name, values[i]!]));
  });
};

describe('steelyard run', () => {
  it('prints CSV in decimal units on standard output and the rest on standard error', () => {
    const { code, out, err } = run('--out', '-');
    expect(code).toBe(0);
    expect(err).toMatch(/trades\.csv: columns .*time=ts/);
    expect(err).toMatch(/ledger: 6 rows read, 4 kept, 1 bad_price, 1 bad_size/);
    expect(err).toMatch(/volume-imbalance on CPU/);
    const rows = records(out);
    expect(rows).toHaveLength(3);
    expect(rows[0]).toMatchObject({
      instrument: 'A-PERP',
      time: '2024-01-02T00:00:00Z',
      open: '10.01',
      close: '10.02',
      buy_volume: '2.5',
      sell_volume: '0.5',
      delta: '2',
      trades: '2',
      notional: '30.035',
      notional_f64: '30.035',
      vi: String(2 / 3),
    });
    expect(rows[1]).toMatchObject({ time: '2024-01-02T00:01:00Z', cvd: '3', vi: '1' });
    expect(rows[2]).toMatchObject({ instrument: 'B,1', notional: '750', vi: '-1' });
  });

  it('is quiet when asked', () => {
    expect(run('--out', '-', '--quiet').err).toBe('');
  });

  it('writes the same table to every format, with the exact integers on request', async () => {
    const rows = records(run('--out', '-', '--quiet', '--exact').out);
    const arrow = join(folder, 'a.arrow');
    const parquet = join(folder, 'a.parquet');
    for (const path of [arrow, parquet]) expect(run('--out', path, '--exact').code).toBe(0);
    const table = tableFromIPC(readFileSync(arrow));
    expect(table.schema.fields.map((f) => f.name)).toEqual(Object.keys(rows[0]!));
    expect(rows.map((r) => Number(r.vwap))).toEqual([...table.getChild('vwap')!]);
    expect(table.schema.metadata.get('steelyard.backend')).toBe('cpu');
    expect(JSON.parse(table.schema.metadata.get('steelyard.params')!)).toMatchObject({ every: '1m' });
    expect(JSON.parse(table.schema.metadata.get('steelyard.ledger')!)).toMatchObject({
      rowsRead: 6,
      rowsKept: 4,
      bad_price: 1,
    });
    expect(table.schema.metadata.get('steelyard.inputHash')).toMatch(/^[0-9a-f]{64}$/);
    const got = await query(
      `SELECT instrument, buy_volume, buy_volume_lots::VARCHAR AS lots, vwap FROM '${parquet}'`,
    );
    expect(got).toEqual(
      rows.map((r) => ({
        instrument: r.instrument,
        buy_volume: Number(r.buy_volume),
        lots: r.buy_volume_lots,
        vwap: Number(r.vwap),
      })),
    );
  });

  it('exits 3 with one line when no adapter of the kind asked for is there', () => {
    const out = join(folder, 'no-gpu.csv');
    const none = `VK_ICD_FILENAMES=/no/driver.json VK_DRIVER_FILES=/no/driver.json STEELYARD`;
    const args = [
      'run',
      'volume-imbalance',
      trades,
      '--backend',
      'webgpu',
      '--adapter',
      'hardware',
      '--quiet',
      '--out',
      out,
    ];
    const { code, err } = steelyard(args, { shell: none });
    // Dawn writes its own warnings to standard error; a JavaScript stack would name files
    expect(err.match(/^steelyard: .*$/gm)).toHaveLength(1);
    expect(err).not.toMatch(/\.js:\d+/);
    expect([code, existsSync(out)]).toEqual([3, false]);
  });

  it('never replaces what it reads, nor one output by the other', () => {
    const before = readFileSync(trades);
    const scales = join(folder, 'scales.csv');
    writeFileSync(scales, 'instrument,tick\nA-PERP,0.01\n');
    const cases: [string[], RegExp][] = [
      [['--out', trades], /--out .*trades\.csv must be another file than the input/],
      [['--out', '-', '--ledger', trades], /--ledger .* must be another file than the input/],
      [['--out', scales, '--scales', scales], /--out .* must be another file than --scales/],
      [
        ['--out', join(folder, 'x.csv'), '--ledger', join(folder, 'x.csv')],
        /--ledger .* must be another file than --out/,
      ],
    ];
    for (const [args, message] of cases) {
      const { code, err } = run(...args);
      expect(err).toMatch(message);
      expect([code, err.split('\n').length]).toEqual([2, 2]);
    }
    const ledger = join(folder, 'bars-1m.csv');
    const inside = run('--out', folder, '--format', 'csv', '--every', '1m,5m', '--ledger', ledger);
    expect([inside.code, existsSync(ledger)]).toEqual([2, false]);
    expect(readFileSync(trades)).toEqual(before);
  });

  it('replaces none of several files where a folder stands in the way of one', () => {
    const out = join(folder, 'blocked');
    mkdirSync(join(out, 'bars-1d.csv'), { recursive: true });
    writeFileSync(join(out, 'bars-1m.csv'), 'old');
    const { code, err } = run('--out', out, '--format', 'csv', '--every', '1m,1d');
    expect(err).toMatch(/^steelyard: output .*bars-1d\.csv cannot be written: a folder of that name exists/);
    expect([code, readFileSync(join(out, 'bars-1m.csv'), 'utf8')]).toEqual([2, 'old']);
  });

  it('says in one line that a path cannot be', () => {
    for (const out of [join(trades, 'x.csv'), join(folder, `${'x'.repeat(300)}.csv`)]) {
      const { code, err } = run('--out', out);
      expect(err).toMatch(/^steelyard: output .* cannot be written: [^\n]*\n$/);
      expect(code).toBe(2);
    }
    // the longest name there is leaves no room for a temporary's additions
    expect(run('--out', join(folder, `${'x'.repeat(251)}.csv`)).code).toBe(0);
  });

  it.skipIf(!existsSync('/dev/full'))('exits 2 where standard output cannot take the table', () => {
    const { code, err } = steelyard(
      ['run', 'volume-imbalance', trades, '--backend', 'cpu', '--quiet', '--out', '-'],
      { shell: 'STEELYARD >/dev/full' },
    );
    expect([code, err]).toEqual([
      2,
      'steelyard: output - cannot be written: no space left on the device (ENOSPC)\n',
    ]);
  });

  it('names the instrument whose unit is too fine for money, before it computes', () => {
    const dust = join(folder, 'dust.csv');
    writeFileSync(
      dust,
      'ts,symbol,price,size,side\n1704153600,BTC,60000,1,buy\n1704153600,DUST,1e-22,1e-22,buy\n',
    );
    const args = ['run', 'volume-imbalance', dust, '--backend', 'cpu', '--quiet', '--out', '-'];
    const { code, err } = steelyard(args);
    expect(err).toMatch(
      /^steelyard: DUST notional 1 · 10\^-44 must have at most 38 decimals; leave DUST out by/,
    );
    expect(code).toBe(2);
    expect(steelyard([...args, '--instruments', 'BTC']).code).toBe(0);
  });

  it('removes its temporary when the terminal goes away', async () => {
    const out = join(folder, 'hangup');
    const child = spawn(process.execPath, [
      ...[builtCli(), 'generate', '--instruments', '5', '--trades', '6000000', '--out', out],
    ]);
    const ended = new Promise((resolve) => child.on('exit', (code, signal) => resolve(code ?? signal)));
    const writing = (): boolean => existsSync(out) && readdirSync(out).some((name) => name.endsWith('.tmp'));
    while (!writing() && child.exitCode === null) await new Promise((resolve) => setTimeout(resolve, 2));
    child.kill('SIGHUP');
    expect(await ended).toBe(129);
    expect(readdirSync(out)).toEqual([]);
  });

  it('refuses two tables on one standard output', () => {
    expect(run('--out', '-', '--ledger', '-')).toMatchObject({ code: 2, out: '' });
  });

  it('writes several tables to a folder', () => {
    const out = join(folder, 'levels');
    expect(run('--every', '1m,5m', '--out', out, '--format', 'csv').code).toBe(0);
    expect(readdirSync(out).sort()).toEqual(['bars-1m.csv', 'bars-5m.csv']);
    expect(records(readFileSync(join(out, 'bars-5m.csv'), 'utf8')).map((r) => r.trades)).toEqual(['3', '1']);
  });

  it('filters by instrument and time, and writes the ledger', async () => {
    const ledger = join(folder, 'ledger.csv');
    const { out } = run(
      '--out',
      '-',
      '--instruments',
      'A-PERP',
      '--until',
      '2024-01-02T00:01',
      '--ledger',
      ledger,
    );
    expect(records(out).map((r) => r.trades)).toEqual(['2']);
    const all = join(folder, 'all.csv');
    run('--out', '-', '--ledger', all);
    expect(await query(`SELECT "row"::INT AS r, reason FROM '${all}' ORDER BY 1`)).toEqual([
      { r: 4, reason: 'bad_price' },
      { r: 5, reason: 'bad_size' },
    ]);
  });

  it('leaves nothing behind when the disk is full', () => {
    const market = join(folder, 'market');
    const limit = (args: string[], blocks: number) =>
      steelyard(args, { shell: `ulimit -f ${blocks}; STEELYARD` });
    const generate = ['generate', '--instruments', '20', '--trades', '50000', '--out', market];
    const failed = limit(generate, 64);
    expect(failed.err).toMatch(
      /^steelyard: output .*trades\.arrow cannot be written: file too large[^\n]*\n$/,
    );
    expect(failed.code).toBe(2);
    expect(readdirSync(market)).toEqual([]);
    expect(steelyard(generate).code).toBe(0);
    for (const name of ['full.arrow', 'full.csv', 'full.parquet', 'full']) {
      const out = join(folder, name);
      const args = [
        'run',
        'volume-imbalance',
        join(market, 'trades.arrow'),
        '--backend',
        'cpu',
        '--quiet',
        '--out',
        out,
      ];
      const { code, err } = limit(args, 64);
      expect(err, name).toMatch(/^steelyard: output [^\n]* cannot be written: [^\n]*\n$/);
      expect(code, name).toBe(2);
      expect(existsSync(out), name).toBe(false);
    }
    expect(readdirSync(folder).filter((name) => name.startsWith('.'))).toEqual([]);
  });
});

describe('steelyard demo', () => {
  it('runs every analytic over a small market, verifies a sample and says what it found', () => {
    const { code, out, err } = steelyard(
      ['demo', '--instruments', '30', '--trades', '60000', '--sample', '4'],
      { cwd: folder },
    );
    expect([code, err.replace(/^Warning: max.*\n/gm, '')]).toEqual([0, '']);
    expect(out).toMatch(/60,000 synthetic trades of 30 instruments/);
    for (const name of ['volume-imbalance', 'volume-profile', 'value-area']) {
      expect(out).toMatch(new RegExp(`ran +${name} on (cpu|webgpu): 60,000 trades`));
      expect(readdirSync(join(folder, 'out', name)).length).toBeGreaterThan(0);
    }
    expect(out).toMatch(/most imbalanced of the day \(synthetic/);
    expect(out.match(/^ {2}SYN\d{4}-PERP .*$/gm)).toHaveLength(10);
    expect(out).toMatch(/verified +(NOTHING: no WebGPU adapter|.* agree$)/m);
  });
});
