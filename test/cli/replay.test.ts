import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { tableFromIPC } from 'apache-arrow';
import { describe, expect, it, vi } from 'vitest';
import { dataLine, haveData, realData } from '../ingest/support.js';
import { scratch } from '../support/scratch.js';
import { builtCli, steelyard } from './support.js';

const { path, write } = scratch();
// what is left behind is looked for where no other process leaves anything
vi.stubEnv('TMPDIR', path('.'));
const T0 = 1_704_153_600_000;

/** Two instruments of a hundred messages, the second without its 50th. */
const messages = ['AUSDT', 'BUSDT'].flatMap((s, k) =>
  Array.from({ length: 100 }, (_, i) => ({
    ...{ topic: `orderbook.500.${s}`, type: i % 70 === 0 ? 'snapshot' : 'delta', ts: T0 + 1000 * i + k },
    ...{ data: { s, b: [[String(100 + k), String(1 + i)]], a: [['110.5', '2']], u: i + 1, seq: i }, cts: T0 },
  })),
);
const archive = write(
  'books.ob500.data',
  messages
    .filter(({ data }) => data.s === 'AUSDT' || data.u !== 50)
    .map((message) => JSON.stringify(message))
    .join('\n'),
);
const dataset = path('dataset');
const replay = (...args: string[]) => steelyard(['replay', ...args]);

describe('steelyard replay', () => {
  it('reads a dataset and the files it was made of alike', () => {
    expect(steelyard(['import', 'bybit-ob500', archive, '--to', dataset, '--quiet'])).toMatchObject({
      code: 0,
    });
    const { code, out, err } = replay(dataset, '--levels', '1', '--out', '-');
    expect(code).toBe(0);
    const lines = out.trimEnd().split('\n');
    expect(lines[0]).toBe(
      'instrument,ts,available_at,seq,state,bid_price_1,bid_size_1,ask_price_1,ask_size_1',
    );
    expect(lines[1]).toBe('bybit-linear:AUSDT,2024-01-02T00:00:00Z,2024-01-02T00:00:00Z,1,ok,100,1,110.5,2');
    // 100 states of A; of B 49, one of the gap, and 30 from the next snapshot on
    expect(lines).toHaveLength(1 + 100 + 49 + 1 + 30);
    expect(err).toMatch(
      /^bybit-linear:AUSDT \(bybit\): 100 messages; 100 states; 0 gaps; ok 100 % \(99\.001 s\)\n/,
    );
    expect(err).toMatch(
      /bybit-linear:BUSDT \(bybit\): 99 messages \(20 of no use\); 80 states; 1 gap; ok 79\.8 % \(79\.000 s\), gap 20\.2 % \(20\.000 s\)\n/,
    );
    expect(err).toMatch(/\n2 instruments: 199 messages .*\ndataset: opened in .* events\/s\n$/);
    const files = replay(archive, '--levels', '1', '--out', '-', '--quiet');
    expect(files).toEqual({ code: 0, out, err: '' });
    expect(readdirSync(tmpdir()).filter((name) => name.startsWith('steelyard-native-'))).toEqual([]);
  });

  it('the same bytes whatever the workers', () => {
    const out = (workers: string): Buffer[] => {
      const to = path(`workers-${workers}`);
      expect(replay(dataset, '--at', '100ms', '--workers', workers, '--out', to, '--quiet').code).toBe(0);
      expect(readdirSync(to).sort()).toEqual(['book_snapshot.arrow', 'coverage.arrow', 'ledger.arrow']);
      return readdirSync(to)
        .sort()
        .map((name) => readFileSync(`${to}/${name}`));
    };
    const inline = out('0');
    for (const workers of ['2', '3']) expect(out(workers)).toEqual(inline);
    const states = tableFromIPC(inline[0]!);
    expect(states.numRows).toBe(2 * 991 - 1);
    expect(JSON.parse(states.schema.metadata.get('steelyard.replay')!)).toMatchObject({
      ...{ at: '100ms', levels: '10', maxAge: '5s', crossed: 'null', oneSided: 'strict' },
      rules: { 'bybit-linear:AUSDT': 'bybit', 'bybit-linear:BUSDT': 'bybit' },
    });
    expect(
      [...tableFromIPC(inline[2]!)].map((gap) => [gap!.instrument, gap!.after_seq, gap!.reason]),
    ).toEqual([['bybit-linear:BUSDT', 49n, 'gap']]);
  });

  it('an error in a worker is the same error', async () => {
    builtCli();
    const { replayBooks }: typeof import('../../src/engine/replay.js') = await import(
      /* @vite-ignore */ new URL('../../dist/engine/replay.js', import.meta.url).href
    );
    await expect(replayBooks([dataset], { workers: 2, mostCells: 44 * 50 })).rejects.toMatchObject({
      name: 'InputError',
      message: expect.stringMatching(/^replay 51 rows must be at most 50: ask for a wider grid/),
    });
  });

  it('writes formats, integers and a window of time, and the summary as JSON', () => {
    const file = path('exact.csv');
    const window = ['--from-time', '2024-01-02T00:00:45Z', '--until', '2024-01-02T00:00:50Z'];
    const only = ['--instruments', 'bybit-linear:AUSDT', '--levels', '1', '--exact', '--json'];
    const { code, out, err } = replay(
      archive,
      '--from',
      'bybit-ob500',
      '--market',
      'spot',
      ...only.slice(2),
      ...window,
      '--out',
      file,
    );
    expect([code, err]).toEqual([0, '']);
    const lines = readFileSync(file, 'utf8').split('\n');
    expect(lines[0]).toMatch(/,bid_price_1,bid_tick_1,bid_size_1,bid_lots_1,ask_price_1,ask_tick_1,/);
    expect(lines[1]).toBe(
      'bybit-spot:AUSDT,2024-01-02T00:00:45Z,2024-01-02T00:00:45Z,46,ok,100,1000,46,46,110.5,1105,2,2',
    );
    const { instruments, states, ...report } = JSON.parse(out);
    // the 50th message of B is not there: the 51st, at 50.001 s, is outside
    expect(report).toMatchObject({ rows: 9, gaps: 0, params: { fromTime: '2024-01-02T00:00:45Z' } });
    expect(states).toMatchObject([{ state: 'ok', spans: 2, events: 9, share: 1 }]);
    expect(instruments.map((i: { instrument: string }) => i.instrument)).toEqual([
      'bybit-spot:AUSDT',
      'bybit-spot:BUSDT',
    ]);
    expect(replay(dataset, ...only.slice(0, 2), '--out', path('a.parquet'), '--quiet').code).toBe(0);
    expect(existsSync(path('a.parquet'))).toBe(true);
  });

  it('never writes over an input or into a dataset', () => {
    const before = readFileSync(archive);
    const inside = 'must lie outside of the dataset';
    for (const [args, message] of [
      [[dataset, '--out', dataset], inside],
      [[dataset, '--out', `${dataset}/book_delta`], inside],
      [[dataset, '--out', `${dataset}/ledger.arrow`], inside],
      [[archive, '--out', dataset], inside],
      [[archive, '--out', archive], 'must end in'],
    ] as const) {
      const { code, err } = replay(...args);
      expect([code, err.includes(message)]).toEqual([2, true]);
    }
    const csv = write('in.csv', 'ts,side,price,size,flags\n1700000000000,1,5,1,3\n');
    expect(replay(csv, '--from', 'csv', '--out', csv).err).toContain('it would be overwritten');
    expect(readFileSync(archive)).toEqual(before);
    expect(readdirSync(dataset).sort()).toEqual([
      ...['book_delta', 'instruments.arrow', 'ledger.arrow', 'manifest.json'],
    ]);
  });

  it('bad usage is one line, and nothing is written', () => {
    const out = path('never.csv');
    for (const [args, message] of [
      [['--at', '0s'], 'at 0s must be event, or the width'],
      [['--levels', '0'], 'replay levels 0 must be at least 1'],
      [['--crossed', 'ignore'], 'must be one of null, keep, repair'],
      [['--rule', 'okx'], '--rule okx must be one of'],
      [['--workers', '-1'], '--workers -1 must be a whole number'],
      [['--until', '2024-01-01', '--from-time', '2024-01-02'], '--until 2024-01-01 must lie after'],
      [['--instruments', 'AUSDT'], 'instrument AUSDT is not in the input; it has bybit-linear:AUSDT'],
      [['--format', 'parquet'], 'contradicts'],
      [['--from', 'nothing'], 'import format nothing is unknown'],
    ] as const) {
      const { code, err } = replay(dataset, ...args, '--out', out);
      expect([code, err.split('\n').length, err.includes(message), err]).toEqual([2, 2, true, err]);
    }
    expect(replay(archive, '--out', '-', '--json').err).toContain('must be one of the two');
    expect(existsSync(out)).toBe(false);
  });

  it('help names the flags of the parameters and of the format', () => {
    const { out } = replay('x', '--from', 'bybit-ob500', '--help');
    for (const flag of ['--levels', '--at', '--crossed', '--one-sided', '--max-age', '--rule', '--market'])
      expect(out).toContain(flag);
  });

  it.skipIf(!haveData)(`a capture straight to a table, ${dataLine}`, () => {
    const capture = realData('binance-capture/usdm_ethusdt_20240808.gz');
    const { code, out, err } = replay(capture, '--levels', '1', '--at', '1m', '--out', '-');
    expect(code).toBe(0);
    expect(out.trimEnd().split('\n')).toHaveLength(1 + 6);
    expect(err).toMatch(/binance-usdm:ETHUSDT \(binance-futures\): 6,587 messages \(6 older than the book\)/);
  });
});
