import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/core/errors.js';
import {
  checkParams,
  flagName,
  type Param,
  type ParamSpec,
  param,
  printParams,
} from '../../src/core/schema.js';

const doc = 'what it is';
const KINDS = {
  width: param.duration({ default: '1m', min: '1ms', doc }),
  widths: param.durations({ default: ['1m'], min: '1ms', doc }),
  step: param.choice({ values: ['one', 'two'], default: 'one', doc }),
  count: param.integer({ default: 5, min: 1, max: 10, doc }),
  maybe: param.integer({ default: undefined, min: 0, max: 4, doc }),
  share: param.number({ default: 0.7, min: 1e-6, max: 1, doc }),
  height: param.number({ default: undefined, min: 1e-12, max: 1e12, doc }),
  session: param.session({ default: '1d', doc }),
  anchor: param.session({ default: 'run', run: true, doc }),
  loud: param.flag({ doc }),
} satisfies ParamSpec;
type Name = keyof typeof KINDS;

const check = (name: Name, value: unknown): unknown =>
  (KINDS[name] as Param<unknown, unknown>).check(value, `made-up ${name}`);

describe('each kind takes good values', () => {
  it.each<[Name, unknown, unknown]>([
    ['widths', '1m', [60_000_000]],
    ['widths', '1h,1m, 5m', [60_000_000, 300_000_000, 3_600_000_000]],
    ['widths', '1m,60s', [60_000_000]],
    ['widths', ['5m', 60_000_000], [60_000_000, 300_000_000]],
    ['widths', 1000, [1000]],
    ['widths', '1ms', [1000]],
    ['step', 'two', 'two'],
    ['count', 1, 1],
    ['count', 10, 10],
    ['count', '7', 7],
    ['maybe', 0, 0],
    ['share', 1, 1],
    ['share', '0.000001', 1e-6],
    ['share', '.5', 0.5],
    ['height', 1e-12, 1e-12],
    ['height', '1e12', 1e12],
    ['session', ' 8h ', '8h'],
    ['session', 'day@Europe/Paris', 'day@Europe/Paris'],
    ['anchor', 'run', 'run'],
    ['anchor', 'month', 'month'],
    ['loud', true, true],
    ['loud', 'true', true],
    ['loud', 'false', false],
    ['width', '5m', 300_000_000],
    ['width', 1000, 1000],
  ])('%s %j', (name, value, out) => {
    expect(check(name, value)).toEqual(out);
  });
});

describe('each kind refuses the rest: subject, value found, bound', () => {
  it.each<[Name, unknown, string]>([
    ['width', '1m,5m', 'made-up width 1m,5m must be a duration such as 1m, a multiple of 1ms'],
    ['width', 1500, 'made-up width 1500 must be a duration such as 1m, a multiple of 1ms'],
    ['widths', '0m', 'made-up widths 0m must be a duration such as 1m, a multiple of 1ms'],
    ['widths', '1us', 'made-up widths 1us must be a duration such as 1m, a multiple of 1ms'],
    ['widths', 1500, 'made-up widths 1500 must be a duration such as 1m, a multiple of 1ms'],
    ['widths', 999, 'made-up widths 999 must be a duration such as 1m, a multiple of 1ms'],
    ['widths', -60_000_000, 'made-up widths -60000000 must be a duration such as 1m, a multiple of 1ms'],
    ['widths', Number.NaN, 'made-up widths NaN must be a duration such as 1m, a multiple of 1ms'],
    ['widths', '1m,,5m', 'made-up widths must be a duration such as 1m, a multiple of 1ms'],
    ['widths', null, 'made-up widths null must be a duration such as 1m, a multiple of 1ms'],
    ['widths', [], 'made-up widths (empty) must name at least one duration'],
    ['step', 'three', 'made-up step three must be one of one, two'],
    ['step', 1, 'made-up step 1 must be one of one, two'],
    ['step', 'toString', 'made-up step toString must be one of one, two'],
    ['count', 0, 'made-up count 0 must be at least 1'],
    ['count', 11, 'made-up count 11 must be at most 10'],
    ['count', 1.5, 'made-up count 1.5 must be a whole number'],
    ['count', 'x', 'made-up count x must be a whole number'],
    ['count', Infinity, 'made-up count Infinity must be a whole number'],
    ['count', true, 'made-up count true must be a whole number'],
    ['count', ' ', 'made-up count must be a whole number'],
    ['maybe', -1, 'made-up maybe -1 must be at least 0'],
    ['share', 0, 'made-up share 0 must be at least 0.000001'],
    ['share', 1.000001, 'made-up share 1.000001 must be at most 1'],
    ['share', 'most', 'made-up share most must be a decimal number'],
    ['share', Number.NaN, 'made-up share NaN must be a decimal number'],
    ['share', null, 'made-up share null must be a decimal number'],
    ['height', 1e13, 'made-up height 10000000000000 must be at most 1000000000000'],
    ['height', -1, 'made-up height -1 must be at least 1e-12'],
    [
      'session',
      5,
      'made-up session must be whole seconds such as 1h, 8h, 1d, 1w, or month, <duration>@<timestamp>, day@<IANA zone>',
    ],
    [
      'session',
      'run',
      'made-up session run must be whole seconds such as 1h, 8h, 1d, 1w, or month, <duration>@<timestamp>, day@<IANA zone>',
    ],
    ['loud', 'yes', 'made-up loud yes must be true or false'],
    ['loud', 1, 'made-up loud 1 must be true or false'],
  ])('%s %j', (name, value, message) => {
    let thrown: unknown;
    try {
      check(name, value);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(InputError);
    expect((thrown as InputError).message).toBe(message);
    expect((thrown as InputError).exitCode).toBe(2);
  });

  it('in one line without control characters, however long the value', () => {
    let message = '';
    try {
      check('step', `a\n\u001b[31mb\u0000${'x'.repeat(10_000)}`);
    } catch (error) {
      message = (error as Error).message;
    }
    expect(message.length).toBeLessThan(300);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: what must not be there
    expect(message).not.toMatch(/[\u0000-\u001f\u007f]/);
  });
});

describe('checkParams', () => {
  it('fills in defaults, for missing, undefined and empty values', () => {
    const defaults = {
      width: 60_000_000,
      widths: [60_000_000],
      step: 'one',
      count: 5,
      maybe: undefined,
      share: 0.7,
      height: undefined,
      session: '1d',
      anchor: 'run',
      loud: false,
    };
    expect(checkParams('made-up', KINDS, {})).toEqual(defaults);
    expect(checkParams('made-up', KINDS, { count: undefined, share: '' })).toEqual(defaults);
  });

  it('names an unknown parameter and the known ones', () => {
    expect(() => checkParams('made-up', { count: KINDS.count }, { cuont: 1 })).toThrow(
      new InputError('made-up parameter', 'cuont', 'is unknown; known: count'),
    );
    expect(() => checkParams('made-up', {}, { toString: 1 })).toThrow(
      'made-up parameter toString is unknown; known: none',
    );
  });

  it('names owner and parameter of a bad value', () => {
    expect(() => checkParams('volume-profile', { bins: KINDS.count }, { bins: 0 })).toThrow(
      'volume-profile bins 0 must be at least 1',
    );
  });

  it('reads back what printParams prints, sorted by name', () => {
    for (const given of [
      {},
      { widths: '1h,1m', maybe: 0, height: 1e-7, anchor: 'day@UTC', loud: true, share: 0.1 },
    ]) {
      const checked = checkParams('made-up', KINDS, given);
      const printed = printParams(KINDS, checked);
      expect(Object.keys(printed)).toEqual(Object.keys(KINDS).sort());
      expect(checkParams('made-up', KINDS, printed)).toEqual(checked);
      expect(printParams(KINDS, checkParams('made-up', KINDS, printed))).toEqual(printed);
    }
  });
});

it('flagName turns names into flags', () => {
  expect(['every', 'rowTicks', 'volumeReported', 'aBC'].map(flagName)).toEqual([
    '--every',
    '--row-ticks',
    '--volume-reported',
    '--a-b-c',
  ]);
});
