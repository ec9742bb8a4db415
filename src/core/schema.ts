import { decimal } from './decimal.js';
import { durationText, parseDuration } from './duration.js';
import { InputError } from './errors.js';
import { checkSession } from './sessions.js';

/**
 * One parameter declaration: the TypeScript type (In as callers write it, Out as analytics read it),
 * validation, the CLI flag and the docs all come from it.
 */
export interface Param<In, Out> {
  readonly kind: string;
  /** Values in words, for docs and `--help`: "duration, at least 1ms". */
  readonly values: string;
  readonly doc: string;
  readonly default: Out;
  /** A flag without a value. */
  readonly boolean?: true;
  /** Throws an InputError naming `subject`. */
  readonly check: (value: unknown, subject: string) => Out;
  /** Canonical text: what metadata and cache keys hold, and what `check` reads back. */
  readonly print: (value: Out) => string;
  /** Only carries the type. */
  readonly input?: In;
}

// biome-ignore lint/suspicious/noExplicitAny: In and Out are inferred per declaration
export type ParamSpec = Readonly<Record<string, Param<any, any>>>;
export type ParamsOf<S extends ParamSpec> = {
  readonly [K in keyof S]: S[K] extends Param<infer _, infer Out> ? Out : never;
};
export type ParamsInput<S extends ParamSpec> = {
  readonly [K in keyof S]?: S[K] extends Param<infer In, infer _> ? In : never;
};

type Choice<T extends string> = readonly [T, ...T[]];

/** A width in µs. Errors: InputError for what is no multiple of `min`. */
function widthOf(value: unknown, subject: string, min: string): number {
  const least = parseDuration(min)!;
  const micros = typeof value === 'number' ? value : parseDuration(String(value));
  if (micros === undefined || !Number.isSafeInteger(micros) || micros < least || micros % least !== 0)
    throw new InputError(subject, value, `must be a duration such as 1m, a multiple of ${min}`);
  return micros;
}

function duration(options: { default: string; min: string; doc: string }): Param<string | number, number> {
  return {
    kind: 'duration',
    values: `a duration such as 1m, a multiple of ${options.min}`,
    doc: options.doc,
    default: parseDuration(options.default)!,
    check: (value, subject) => widthOf(value, subject, options.min),
    print: durationText,
  };
}

/** Items of a list: an array, a text with commas, or one item. */
export const listItems = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? value : typeof value === 'string' ? value.split(',') : [value];

function durations(options: {
  default: readonly string[];
  min: string;
  doc: string;
}): Param<string | number | readonly (string | number)[], readonly number[]> {
  return {
    kind: 'durations',
    values: `durations such as 1m or 1m,5m,1h, multiples of ${options.min}`,
    doc: options.doc,
    default: options.default.map((text) => parseDuration(text)!),
    check: (value, subject) => {
      const widths = [...new Set(listItems(value).map((item) => widthOf(item, subject, options.min)))];
      if (widths.length === 0) throw new InputError(subject, '(empty)', 'must name at least one duration');
      return widths.sort((a, b) => a - b);
    },
    print: (value) => value.map(durationText).join(','),
  };
}

function choice<const T extends string>(options: {
  values: Choice<T>;
  default: T;
  doc: string;
}): Param<T, T> {
  return {
    kind: 'choice',
    values: options.values.join(' | '),
    doc: options.doc,
    default: options.default,
    check: (value, subject) => {
      if (!options.values.includes(value as T))
        throw new InputError(subject, value, `must be one of ${options.values.join(', ')}`);
      return value as T;
    },
    print: (value) => value,
  };
}

/** A whole number in [min, max]; undefined unless given where `optional`. */
function integer<const D extends number | undefined>(options: {
  default: D;
  min: number;
  max: number;
  doc: string;
}): Param<number | string, undefined extends D ? number | undefined : number> {
  type Out = undefined extends D ? number | undefined : number;
  return {
    kind: 'integer',
    values: `whole number, ${options.min} to ${options.max}`,
    doc: options.doc,
    default: options.default as Out,
    check: (value, subject) => {
      const n = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
      if (typeof n !== 'number' || !Number.isInteger(n))
        throw new InputError(subject, value, 'must be a whole number');
      if (n < options.min) throw new InputError(subject, n, `must be at least ${options.min}`);
      if (n > options.max) throw new InputError(subject, n, `must be at most ${options.max}`);
      return n as Out;
    },
    print: (value) => (value === undefined ? '' : String(value)),
  };
}

/** A decimal, kept as the number whose shortest text it is; bounds inclusive. */
function number<const D extends number | undefined>(options: {
  default: D;
  min: number;
  max: number;
  doc: string;
}): Param<number | string, undefined extends D ? number | undefined : number> {
  type Out = undefined extends D ? number | undefined : number;
  return {
    kind: 'decimal',
    values: `decimal, ${options.min} to ${options.max}`,
    doc: options.doc,
    default: options.default as Out,
    check: (value, subject) => {
      decimal(value as number | string, subject);
      const n = Number(value);
      if (n < options.min) throw new InputError(subject, n, `must be at least ${options.min}`);
      if (n > options.max) throw new InputError(subject, n, `must be at most ${options.max}`);
      return n as Out;
    },
    print: (value) => (value === undefined ? '' : String(value)),
  };
}

/** A session grid, see `sessionStarts`; with `run`, also the text `run` (no sessions at all). */
function session(options: { default: string; run?: boolean; doc: string }): Param<string, string> {
  return {
    kind: 'session',
    values: `${options.run ? 'run, ' : ''}a duration (1h, 8h, 1d, 1w), month, <duration>@<timestamp>, day@<IANA zone>`,
    doc: options.doc,
    default: options.default,
    check: (value, subject) =>
      options.run && value === 'run' ? 'run' : checkSession(typeof value === 'string' ? value : '', subject),
    print: (value) => value,
  };
}

/** A text; undefined unless given. */
function text(options: { pattern: RegExp; values: string; doc: string }): Param<string, string | undefined> {
  return {
    kind: 'text',
    values: options.values,
    doc: options.doc,
    default: undefined,
    check: (value, subject) => {
      if (typeof value !== 'string' || !options.pattern.test(value))
        throw new InputError(subject, value, `must be ${options.values}`);
      return value;
    },
    print: (value) => value ?? '',
  };
}

function flag(options: { doc: string }): Param<boolean | 'true' | 'false', boolean> {
  return {
    kind: 'flag',
    values: 'true | false',
    doc: options.doc,
    default: false,
    boolean: true,
    check: (value, subject) => {
      if (value === true || value === 'true') return true;
      if (value === false || value === 'false') return false;
      throw new InputError(subject, value, 'must be true or false');
    },
    print: String,
  };
}

/** The kinds of parameter an analytic can declare. */
export const param = { duration, durations, choice, integer, number, session, text, flag };

/** Checked parameters with defaults filled in; unknown names are errors, undefined and '' mean the default. */
export function checkParams<S extends ParamSpec>(
  owner: string,
  spec: S,
  input: Readonly<Record<string, unknown>>,
): ParamsOf<S> {
  for (const name of Object.keys(input))
    if (!Object.hasOwn(spec, name))
      throw new InputError(
        `${owner} parameter`,
        name,
        `is unknown; known: ${Object.keys(spec).join(', ') || 'none'}`,
      );
  const out: Record<string, unknown> = {};
  for (const [name, p] of Object.entries(spec)) {
    const value = input[name];
    // text, numbers, booleans and lists only: other objects may not even have a text to show
    if (typeof value === 'object' && !Array.isArray(value))
      throw new InputError(`${owner} ${name}`, value, `must be ${p.values}`);
    out[name] = value === undefined || value === '' ? p.default : p.check(value, `${owner} ${name}`);
  }
  return out as ParamsOf<S>;
}

/** Canonical text of every parameter, by name: for metadata, cache keys and manifests. */
export function printParams(
  spec: ParamSpec,
  params: Readonly<Record<string, unknown>>,
): Record<string, string> {
  return Object.fromEntries(
    Object.keys(spec)
      .sort()
      .map((name) => [name, spec[name]!.print(params[name])]),
  );
}

/** `rowTicks` → `--row-ticks`. */
export const flagName = (name: string): string => `--${name.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`)}`;
