import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/core/errors.js';
import { checkSession, gridOrigin, gridStart, sessionStarts } from '../../src/core/sessions.js';

const at = (iso: string): number => Date.parse(iso) * 1000;
const iso = (starts: Float64Array): string[] =>
  Array.from(starts, (micros) => new Date(micros / 1000).toISOString().replace(':00.000Z', 'Z'));
const between = (spec: string, from: string, until: string): string[] =>
  iso(sessionStarts(spec, at(from), at(until)));
const HOUR = 3_600_000_000;
const hours = (starts: Float64Array): number[] =>
  Array.from(starts.subarray(1), (start, i) => (start - starts[i]!) / HOUR);

describe('grids of one width', () => {
  it('days start at 00:00 UTC, and a trade on a boundary belongs to the new one', () => {
    expect(between('1d', '2024-03-09T13:00Z', '2024-03-11T00:00Z')).toEqual([
      '2024-03-09T00:00Z',
      '2024-03-10T00:00Z',
      '2024-03-11T00:00Z',
    ]);
    expect(between('1d', '2024-03-10T00:00Z', '2024-03-10T00:00:01Z')[0]).toBe('2024-03-10T00:00Z');
  });

  it('weeks start on Monday', () => {
    expect(between('1w', '2024-01-07T23:59Z', '2024-01-09T00:00Z')).toEqual([
      '2024-01-01T00:00Z',
      '2024-01-08T00:00Z',
      '2024-01-15T00:00Z',
    ]);
    for (const start of sessionStarts('1w', at('1969-11-01T00:00Z'), at('2025-01-01T00:00Z')))
      expect(new Date(start / 1000).getUTCDay()).toBe(1);
    expect(
      new Date(sessionStarts('2w', at('2024-05-05T05:00Z'), at('2024-05-06T00:00Z'))[0]! / 1000).getUTCDay(),
    ).toBe(1);
  });

  it('8 h sessions are those of funding', () => {
    expect(between('8h', '2024-02-29T15:59Z', '2024-02-29T16:01Z')).toEqual([
      '2024-02-29T08:00Z',
      '2024-02-29T16:00Z',
      '2024-03-01T00:00Z',
    ]);
  });

  it('reach before the epoch', () => {
    expect(between('1d', '1969-12-30T12:00Z', '1969-12-31T01:00Z')).toEqual([
      '1969-12-30T00:00Z',
      '1969-12-31T00:00Z',
      '1970-01-01T00:00Z',
    ]);
  });

  it('gridStart is the start of the half-open cell', () => {
    for (const width of [HOUR, 24 * HOUR, 7 * 24 * HOUR])
      for (const t of [
        0,
        -1,
        1,
        at('2024-01-08T00:00Z'),
        at('2024-01-08T00:00Z') - 1,
        -at('2024-01-08T00:00Z'),
      ]) {
        const start = gridStart(t, width);
        expect(start).toBeLessThanOrEqual(t);
        expect(start + width).toBeGreaterThan(t);
        expect((((start - gridOrigin(width)) % width) + width) % width).toBe(0);
      }
    expect(new Date(gridStart(at('2024-01-10T00:00Z'), 7 * 24 * HOUR) / 1000).toISOString()).toBe(
      '2024-01-08T00:00:00.000Z',
    );
  });
});

describe('an anchor', () => {
  const grid = ['2024-03-10T09:30Z', '2024-03-10T15:30Z', '2024-03-10T21:30Z'];

  it('in the data, before it and after it gives one grid', () => {
    for (const anchor of ['2024-03-10T15:30:00Z', '2019-01-01T03:30:00Z', '2031-01-01T21:30:00Z'])
      expect(between(`6h@${anchor}`, '2024-03-10T10:00Z', '2024-03-10T21:00Z'), anchor).toEqual(grid);
  });

  it('may carry its own offset from UTC', () => {
    expect(between('6h@2024-03-10T11:30:00-04:00', '2024-03-10T10:00Z', '2024-03-10T21:00Z')).toEqual(grid);
  });

  it('on the first trade starts there', () => {
    expect(between('1d@2024-03-10T09:30:00Z', '2024-03-10T09:30Z', '2024-03-10T10:00Z')[0]).toBe(
      '2024-03-10T09:30Z',
    );
  });
});

describe('month', () => {
  it('runs from first to first, whatever their lengths', () => {
    expect(between('month', '2024-01-31T23:59Z', '2024-04-01T00:00Z')).toEqual([
      '2024-01-01T00:00Z',
      '2024-02-01T00:00Z',
      '2024-03-01T00:00Z',
      '2024-04-01T00:00Z',
    ]);
    const lengths = hours(sessionStarts('month', at('2023-02-01T00:00Z'), at('2024-03-01T00:00Z')));
    expect(lengths[0]! / 24).toBe(28);
    expect(lengths.at(-1)! / 24).toBe(29);
  });

  it('passes the end of the year', () => {
    expect(between('month', '2023-12-31T23:59:59Z', '2024-01-01T00:00:01Z')).toEqual([
      '2023-12-01T00:00Z',
      '2024-01-01T00:00Z',
      '2024-02-01T00:00Z',
    ]);
  });
});

describe('days of a zone', () => {
  it('have 23 hours when clocks go forward and 25 when they go back', () => {
    const spring = sessionStarts('day@America/New_York', at('2024-03-09T12:00Z'), at('2024-03-12T00:00Z'));
    expect(iso(spring).slice(0, 4)).toEqual([
      '2024-03-09T05:00Z',
      '2024-03-10T05:00Z',
      '2024-03-11T04:00Z',
      '2024-03-12T04:00Z',
    ]);
    expect(hours(spring)).toEqual([24, 23, 24]);
    const autumn = sessionStarts('day@America/New_York', at('2024-11-02T12:00Z'), at('2024-11-05T04:00Z'));
    expect(hours(autumn)).toEqual([24, 25, 24]);
    expect(
      hours(sessionStarts('day@Europe/London', at('2024-03-30T12:00Z'), at('2024-04-01T12:00Z'))),
    ).toEqual([24, 23, 24]);
    expect(
      hours(sessionStarts('day@Australia/Sydney', at('2024-04-06T00:00Z'), at('2024-04-08T00:00Z'))),
    ).toContain(25);
  });

  it('start at the first instant of a day whose midnight is skipped', () => {
    // clocks went from 00:00 to 01:00 on 2018-11-04
    const starts = sessionStarts('day@America/Sao_Paulo', at('2018-11-03T12:00Z'), at('2018-11-06T00:00Z'));
    expect(iso(starts).slice(0, 3)).toEqual(['2018-11-03T03:00Z', '2018-11-04T03:00Z', '2018-11-05T02:00Z']);
  });

  it('leave out a day that never was', () => {
    // Samoa had no 2011-12-30
    const starts = sessionStarts('day@Pacific/Apia', at('2011-12-29T12:00Z'), at('2012-01-01T00:00Z'));
    const day = new Intl.DateTimeFormat('en-CA', { timeZone: 'Pacific/Apia', dateStyle: 'short' });
    const days = Array.from(starts, (start) => day.format(start / 1000));
    expect(days.slice(0, 3)).toEqual(['2011-12-29', '2011-12-31', '2012-01-01']);
  });

  it('may start at a quarter or half hour of UTC', () => {
    expect(between('day@Asia/Kolkata', '2024-01-01T00:00Z', '2024-01-01T20:00Z')).toEqual([
      '2023-12-31T18:30Z',
      '2024-01-01T18:30Z',
      '2024-01-02T18:30Z',
    ]);
    expect(between('day@Asia/Kathmandu', '2024-01-01T00:00Z', '2024-01-01T12:00Z')[0]).toBe(
      '2023-12-31T18:15Z',
    );
  });

  it('equal UTC days in UTC', () => {
    const range = ['2024-02-27T05:00Z', '2024-03-03T00:00Z'] as const;
    expect(between('day@UTC', ...range)).toEqual(between('1d', ...range));
  });
});

describe('every grid', () => {
  const SPECS = [
    '15m',
    '1h',
    '8h',
    '1d',
    '1w',
    'month',
    '7h@2024-01-01T00:00:00Z',
    'day@America/New_York',
    'day@America/St_Johns',
    'day@Asia/Tokyo',
  ];

  it('covers the range with rising starts', () => {
    for (const spec of SPECS)
      for (const [from, until] of [
        ['2024-03-10T00:00Z', '2024-03-10T00:00:01Z'],
        ['2024-03-09T23:59:59Z', '2024-03-10T12:34:56Z'],
        ['2010-11-06T00:00Z', '2010-11-07T12:00Z'],
      ] as const) {
        const starts = sessionStarts(spec, at(from), at(until));
        expect(starts.length).toBeGreaterThanOrEqual(2);
        expect(starts[0]).toBeLessThanOrEqual(at(from));
        expect(starts[1]).toBeGreaterThan(at(from));
        expect(starts.at(-1)).toBeGreaterThanOrEqual(at(until));
        for (let i = 1; i < starts.length; i++) expect(starts[i], spec).toBeGreaterThan(starts[i - 1]!);
        // in whole seconds, so that they can be counted in a frame's time units
        for (const start of starts) expect(start % 1_000_000).toBe(0);
      }
  });

  it('does not depend on where the data begins', () => {
    for (const spec of SPECS) {
      const all = new Set(sessionStarts(spec, at('2024-03-08T00:00Z'), at('2024-03-13T00:00Z')));
      for (const from of [
        '2024-03-09T05:00Z',
        '2024-03-10T06:59:59Z',
        '2024-03-10T07:00Z',
        '2024-03-11T03:59:59Z',
      ])
        for (const start of sessionStarts(spec, at(from), at('2024-03-11T05:00Z')))
          expect(all.has(start), spec).toBe(true);
    }
  });
});

describe('checkSession', () => {
  it('trims and gives the text back', () => {
    expect(checkSession(' day@Asia/Tokyo ', 'session')).toBe('day@Asia/Tokyo');
  });

  it.each([
    ['', /session must be whole seconds/],
    ['nonsense', /session nonsense must be whole seconds such as 1h/],
    ['0h', /must be whole seconds/],
    ['500ms', /session 500ms must be whole seconds/],
    ['1500ms', /must be whole seconds/],
    ['day', /must be whole seconds/],
    ['month@2024-01-01T00:00:00Z', /must be whole seconds/],
    ['1d@', /must name an ISO timestamp/],
    ['1d@noon', /session 1d@noon must name an ISO timestamp on a whole second with Z or an offset after @/],
    ['1d@2024-01-01T00:00:00', /with Z or an offset/],
    ['1d@2024-01-01T00:00:00Z@junk', /must be whole seconds/],
    ['7s@+275760-09-13T00:00:00Z', /must name an ISO timestamp/],
    ['1d@2024-01-01T00:00:00.500Z', /must name an ISO timestamp on a whole second/],
    ['day@Mars/Olympus', /session Mars\/Olympus must be an IANA time zone/],
    ['day@', /must be an IANA time zone/],
  ])('refuses %j in one line', (spec, message) => {
    expect(() => checkSession(spec, 'session')).toThrow(InputError);
    expect(() => checkSession(spec, 'session')).toThrow(message);
  });

  it('refuses a range cut into more sessions than a study has', () => {
    expect(() => sessionStarts('1s', at('2024-01-01T00:00Z'), at('2025-01-01T00:00Z'))).toThrow(
      /session 1s cuts this range into \d+ sessions, at most 10000000/,
    );
  });
});
