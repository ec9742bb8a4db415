import { describe, expect, it } from 'vitest';
import { closest } from '../../src/cli/closest.js';
import { openOptions } from '../../src/cli/input-flags.js';
import { parseInstant } from '../../src/cli/instant.js';
import { count } from '../../src/cli/progress.js';
import { runOptions } from '../../src/cli/run-flags.js';

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
    ['0', 0],
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
