import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { volumeImbalance } from '../../src/analytics/volume-imbalance/index.js';
import { volumeProfile } from '../../src/analytics/volume-profile/index.js';
import { checkMoney } from '../../src/cli/check-money.js';
import { closest } from '../../src/cli/closest.js';
import { openOptions } from '../../src/cli/input-flags.js';
import { parseInstant } from '../../src/cli/instant.js';
import { count, exactCount } from '../../src/cli/progress.js';
import { runOptions } from '../../src/cli/run-flags.js';
import { separatePaths } from '../../src/cli/separate-paths.js';
import { sweepCommand, sweepOptions } from '../../src/cli/sweep.js';
import { ledgerLines } from '../../src/cli/trades.js';
import type { Frame } from '../../src/core/columns.js';
import { instrument, scratch } from '../table/support.js';

const T = Date.UTC(2024, 0, 2, 8) * 1000;

describe('parseInstant', () => {
  it.each([
    ['2024-01-02T08:00:00Z', T],
    ['2024-01-02T08:00', T],
    ['2024-01-02 08:00:00', T],
    ['2024-01-02', T - 8 * 3_600_000_000],
    ['2024-01-02T10:00:00+02:00', T],
    ['2024-01-02T08:00:00.000001Z', T + 1],
    ['2024-01-02T08:00:00.1234567Z', T + 123_456],
    ['1704182400', T],
    ['1704182400.5', T + 500_000],
    ['1704182400000', T],
    ['1704182400000000', T],
    ['1704182400000000000', T],
    ['315532800', 315_532_800_000_000],
  ])('reads %s', (text, micros) => {
    expect(parseInstant(text, '--until')).toBe(micros);
  });

  it.each(['', 'noon', '2024-13-01', '2024-02-30', '2024-01-02T25:00', '2024-01-02T08:00:00X', '1e9'])(
    'refuses "%s"',
    (text) => {
      expect(() => parseInstant(text, '--until')).toThrow(/^--until .*must be an ISO timestamp/);
    },
  );
});

describe('parseInstant of numbers', () => {
  // 315,532,799,000 would be 1979 in ms and the year 11968 in s
  it.each(['0', '-1', '2024', '20240102', '315532799', '315532799000', '20240102080000'])(
    'refuses %s, which is no plausible epoch',
    (text) => {
      expect(() => parseInstant(text, '--from-time')).toThrow(
        `--from-time ${text} must be an ISO timestamp such as 2024-01-02T08:00:00Z; as an epoch number it lies outside`,
      );
    },
  );
});

describe('openOptions', () => {
  it('passes on only what was given, checked', () => {
    expect(openOptions({})).toEqual({});
    expect(
      openOptions({
        map: 'time=ts, price = px',
        from: 'csv',
        timeUnit: 'ms',
        tick: '0.01',
        instruments: 'A, B',
        until: '2024-01-02T08:00',
      }),
    ).toEqual({
      map: { time: 'ts', price: 'px' },
      from: 'csv',
      timeUnit: 'ms',
      tick: '0.01',
      instruments: ['A', 'B'],
      until: T,
    });
  });

  it.each([
    [{ map: 'time=a,time=b' }, '--map time is given twice'],
    [{ map: '=x' }, '--map =x must read name=column'],
    [{ timeUnit: 'min' }, '--time-unit min must be one of s, ms, us, ns'],
    [{ instruments: 'A,,B' }, '--instruments A,,B must be names separated by commas'],
    [{ contract: 'quanto' }, '--contract quanto must be one of linear, inverse'],
  ])('refuses %j', (flags, message) => {
    expect(() => openOptions(flags)).toThrow(message);
  });
});

describe('runOptions', () => {
  it('takes an adapter for a wish to use it', () => {
    expect(runOptions({})).toEqual({});
    expect(runOptions({ adapter: 'software' })).toEqual({ backend: 'webgpu', adapter: 'software' });
    expect(runOptions({ backend: 'auto' })).toEqual({ backend: 'auto' });
    for (const backend of ['auto', 'cpu'])
      expect(() => runOptions({ backend, adapter: 'any' })).toThrow(
        `--adapter any needs --backend webgpu, not ${backend}`,
      );
  });

  it('counts threads of the CPU backend', () => {
    expect(runOptions({ threads: '3' })).toEqual({ threads: 3 });
    expect(runOptions({ threads: '3', adapter: 'any' }, true)).toMatchObject({ threads: 3 });
    for (const flags of [{ backend: 'webgpu' }, { adapter: 'any' }])
      expect(() => runOptions({ threads: '3', ...flags })).toThrow(
        '--threads 3 is of the CPU backend, not of webgpu',
      );
    expect(() => runOptions({ threads: '1025' })).toThrow('--threads 1025 must be at most 1024');
  });
});

describe('separatePaths', () => {
  const folder = scratch();
  const at = (name: string): string => join(folder, name);
  writeFileSync(at('in.csv'), 'x');
  symlinkSync('in.csv', at('link.csv'));
  mkdirSync(at('sub'));
  symlinkSync(folder, at('sub/up'));
  const check = (out: string, ledger: string[] = []): void =>
    separatePaths({
      inputs: { 'the input': [at('in.csv')] },
      outputs: { '--out': [out], '--ledger': ledger },
    });

  it.each(['in.csv', 'link.csv', 'sub/../in.csv', 'sub/up/in.csv', 'sub/up/sub/up/link.csv'])(
    'refuses %s',
    (name) => {
      expect(() => check(join(folder, 'x', '..', name))).toThrow(
        /^--out .* must be another file than the input/,
      );
      expect(() => check(at('out.csv'), [at(name)])).toThrow(
        /^--ledger .* must be another file than the input/,
      );
    },
  );

  it('compares files that are not there yet, and lets different ones be', () => {
    expect(() => check(at('sub/up/out.csv'), [at('out.csv')])).toThrow(/must be another file than --out/);
    check(at('out.csv'), [at('sub/out.csv')]);
    check(at('none/sub/in.csv'));
  });
});

describe('ledgerLines', () => {
  const ledger = {
    rowsRead: 5_000_123,
    rowsKept: 5_000_003,
    filtered: 0,
    counts: { bad_price: 20, inexact: 100 },
    outOfOrder: 0,
    clockSkew: 0,
    rows: [],
  };
  it('prints counts that add up, what was cut, and a way out of inexact numbers', () => {
    expect(ledgerLines({ ...ledger, cut: 1234 })).toEqual([
      'ledger: 5,000,123 rows read, 5,000,003 kept, 20 bad_price, 100 inexact',
      'ledger: lists 0 rejected rows; 1,234 more are only counted',
      'inexact: prices or sizes that are no short decimals; declare --tick and --lot to round them to units',
    ]);
    expect(ledgerLines({ ...ledger, counts: { bad_price: 120 } })).toHaveLength(1);
  });
});

describe('checkMoney', () => {
  const frame = (tick: string, lots: number, sizeHi?: number): Frame => ({
    kind: 'trades',
    instruments: [instrument('A', '1', '1'), instrument('DUST', tick, '1e-22')],
    offsets: Uint32Array.of(0, 1, 2),
    rows: 2,
    time: { base: 0, unit: 1 },
    columns: {
      tick: Int32Array.of(1, 1),
      size: Uint32Array.of(4, lots * 4),
      ...(sizeHi === undefined ? {} : { sizeHi: Uint32Array.of(0, sizeHi) }),
    },
    stats: {
      maxLots: 1,
      maxTotalLots: 1,
      maxSecondMoment: 0,
      maxTick: 1,
      tickMin: new Int32Array(2),
      tickMax: new Int32Array(2),
    },
  });
  it('names the instrument whose trades have more than 38 decimals', () => {
    expect(() => checkMoney(volumeImbalance, frame('1e-22', 1))).toThrow(
      /^DUST notional 1 · 10\^-44 must have at most 38 decimals; leave DUST out by --instruments/,
    );
    checkMoney(volumeImbalance, frame('1e-16', 1));
    // 10^6 lots take six decimals away
    checkMoney(volumeImbalance, frame('1e-22', 1_000_000));
    // (2^32 · 250000 + 4 · 3) / 4
    expect(() => checkMoney(volumeImbalance, frame('1e-22', 3, 250_000))).toThrow('268435456000003 · 10^-44');
    checkMoney(volumeProfile, frame('1e-22', 1));
  });
});

describe('the rest', () => {
  it('checks run flags', () => {
    expect(runOptions({ backend: 'webgpu', adapter: 'any', tileRows: '5', profile: true })).toEqual({
      backend: 'webgpu',
      adapter: 'any',
      tileRows: 5,
      profile: true,
    });
    expect(() => runOptions({ adapter: 'fast' })).toThrow(
      '--adapter fast must be one of hardware, software, any',
    );
    expect(() => runOptions({ workgroup: '1.5' })).toThrow(
      '--workgroup 1.5 must be a whole number of at least 1',
    );
  });

  it('suggests only what is near', () => {
    expect(closest('volumeprofile', ['volume-imbalance', 'volume-profile'])).toBe('volume-profile');
    expect(closest('zzz', ['volume-imbalance', 'volume-profile'])).toBeUndefined();
  });

  it('counts for people', () => {
    expect([0, 1234, 1_250_000, 3e9].map(exactCount)).toEqual(['0', '1,234', '1,250,000', '3,000,000,000']);
    expect([0, 999, 1234, 999_999, 1_250_000, 3e9].map(count)).toEqual([
      '0',
      '999',
      '1,234',
      '999,999',
      '1.3 M',
      '3.0 G',
    ]);
  });
});

describe('sweepOptions', () => {
  it('reads what is given and leaves the rest to its defaults', () => {
    expect(sweepOptions({})).toEqual({});
    expect(sweepOptions({ priorTrials: '1000000000', confidence: '.9', embargo: '5d', seed: '0' })).toEqual({
      ...{ priorTrials: 1_000_000_000, level: 0.9, embargo: 5 * 86_400_000_000, seed: 0 },
    });
  });

  it.each([
    ['priorTrials', '1000000001', '--prior-trials 1000000001 must be a whole number from 0 to 1000000000'],
    ['priorTrials', '1e3', '--prior-trials 1e3 must be a whole number from 0 to 1000000000'],
    ['blocks', '7', '--blocks 7 must be even'],
    ['samples', '0.5', '--samples 0.5 must be a whole number from 1 to 100000'],
    ['confidence', '1', '--confidence 1 must lie between 0 and 1'],
    ['embargo', '5', '--embargo 5 must be a duration such as 5d'],
  ])('refuses %s %s', (key, text, message) => {
    expect(() => sweepOptions({ [key]: text })).toThrow(message);
  });
});

describe('sweepCommand', () => {
  it.each([
    ['--stop', '0.001', 'strategy-sweep stop 0.001 must be 0 or at least 0.001953125 in size'],
    ['--theta', '1,1.0001', 'strategy-sweep trial 1 must differ from trial 0'],
    ['--max-weight', '99999', 'sweep maxWeight 99999 must be at most 100'],
  ])('refuses %s %s before it looks for the input', async (flag, value, message) => {
    const args = ['no-such-folder', '--out', 'no-such-folder-either', flag, value];
    await expect(sweepCommand().parseAsync(args, { from: 'user' })).rejects.toThrow(message);
  });
});
