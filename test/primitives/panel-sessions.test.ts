import { describe, expect, it } from 'vitest';
import type { Frame } from '../../src/core/columns.js';
import { panelSessions } from '../../src/core/panel-sessions.js';
import { sessionSlots } from '../../src/core/session-slots.js';
import { zoneClock } from '../../src/core/zone-clock.js';
import { panelFrameOf } from '../support/panel-frames.js';

const HOUR = 3_600_000_000;

/** Hours from `from` to `until`, by instrument. */
const hours = (...spans: readonly (readonly [from: string, until: string])[]): Frame =>
  panelFrameOf(
    spans.map(([from, until]) =>
      Array.from({ length: (Date.parse(until) - Date.parse(from)) / 3_600_000 }, (_, i) => ({
        ...{ t: Date.parse(from) * 1000 + i * HOUR, o: 1, h: 1, l: 1, c: 1, buy: 1 },
      })),
    ),
    HOUR,
  );

describe('sessions of a panel', () => {
  const frame = hours(['2024-01-31T22:00Z', '2024-02-01T03:00Z'], ['2024-02-01T00:00Z', '2024-02-01T02:00Z']);

  it('begin with their first bar, by instrument', () => {
    const { session, starts } = panelSessions(frame, '1d', 'anchor');
    expect([...session]).toEqual([0, 0, 1, 1, 1, 1, 1]);
    expect(new Date(starts[1]! / 1000).toISOString()).toBe('2024-02-01T00:00:00.000Z');
    expect([...panelSessions(frame, 'run', 'anchor').session]).toEqual(Array(7).fill(0));
    expect([...panelSessions(frame, 'month', 'anchor').session]).toEqual([0, 0, 1, 1, 1, 1, 1]);
  });

  it('refuse to begin inside a bar, also the last one', () => {
    expect(() => panelSessions(frame, '90m', 'anchor')).toThrow(
      'anchor 90m begins at 2024-01-31T22:30:00.000Z, inside a bar of 1h: take bars that begin there',
    );
    const last = '1w@2024-02-01T02:30:00Z';
    expect(() => panelSessions(frame, last, 'anchor')).toThrow(/begins at 2024-02-01T02:30:00.000Z, inside/);
  });

  it('of no bars are none', () => {
    expect(panelSessions(hours([] as never), '1d', 'anchor').starts.length).toBe(0);
  });
});

describe('slots', () => {
  const slots = (spec: string, from: string, until: string): number[] => {
    const frame = hours([from, until]);
    return [...sessionSlots(frame, panelSessions(frame, spec, 'session'), spec)];
  };

  it('count bars since the session began', () => {
    expect(slots('8h', '2024-01-01T06:00Z', '2024-01-01T10:00Z')).toEqual([6, 7, 0, 1]);
  });

  it('of a zone keep the local hour: one is skipped in spring, one comes twice in autumn', () => {
    const all = [...Array(24).keys()];
    // London: 2024-03-31 has no 1 o'clock, 2024-10-27 has two
    expect(slots('day@Europe/London', '2024-03-31T00:00Z', '2024-03-31T23:00Z')).toEqual(
      all.filter((hour) => hour !== 1),
    );
    expect(slots('day@Europe/London', '2024-10-26T23:00Z', '2024-10-28T00:00Z')).toEqual([
      0,
      1,
      ...all.slice(1),
    ]);
    expect(slots('day@America/New_York', '2024-07-01T04:00Z', '2024-07-02T04:00Z')).toEqual(all);
  });

  it('of a day whose midnight is skipped begin at 1: Beirut, 2024-03-31', () => {
    expect(slots('day@Asia/Beirut', '2024-03-30T22:00Z', '2024-03-31T21:00Z')).toEqual(
      Array.from({ length: 23 }, (_, i) => i + 1),
    );
  });
});

describe('the clock of a zone', () => {
  it('shows local time, half hours and past offsets included', () => {
    const at = (zone: string, time: string): string =>
      new Date(zoneClock(zone, Date.parse(time))).toISOString();
    expect(at('Asia/Kolkata', '2024-01-01T18:30:00Z')).toBe('2024-01-02T00:00:00.000Z');
    expect(at('UTC', '2024-02-29T23:59:59Z')).toBe('2024-02-29T23:59:59.000Z');
    expect(at('America/New_York', '2006-04-01T12:00:00Z')).toBe('2006-04-01T07:00:00.000Z');
  });
});
