import { InputError } from '../core/errors.js';
import { microsOfIso } from '../core/parse-iso.js';
import { sqlName, sqlText } from './sql-text.js';

export type WhereOp = '=' | '!=' | '<' | '<=' | '>' | '>=';

/** One comparison of a column with a value; a null never satisfies one. */
export interface Condition {
  readonly column: string;
  readonly op: WhereOp;
  readonly value: string;
  /** The value was quoted: it is text, even if it looks like a number. */
  readonly quoted: boolean;
}

const CONDITION =
  /^\s*(?:"((?:[^"]|"")+)"|([^\s"'<>=!](?:[^"'<>=!]*[^\s"'<>=!])?))\s*(<=|>=|!=|=|<|>)\s*(?:'((?:[^']|'')*)'|([^\s"'<>=!](?:[^"'<>=!]*[^\s"'<>=!])?))\s*$/;

/**
 * `column op value` with = != < <= > >=; a column may be in double quotes, a value in single ones. Throws an
 * InputError for anything else: nothing of the text ever becomes SQL by itself.
 */
export function parseWhere(text: string): Condition {
  const match = CONDITION.exec(text.slice(0, MOST_CHARACTERS));
  if (!match || text.length > MOST_CHARACTERS)
    throw new InputError(
      'where',
      text,
      `must be: column, one of = != < <= > >=, value; such as side != 'none'`,
    );
  const quoted = match[4] !== undefined;
  return {
    column: match[1]?.replaceAll('""', '"') ?? match[2]!,
    op: match[3] as WhereOp,
    value: quoted ? match[4]!.replaceAll("''", "'") : match[5]!,
    quoted,
  };
}

const MOST_CHARACTERS = 1000;

const NUMBER = /^[+-]?(\d{1,30}(\.\d{0,30})?|\.\d{1,30})(e[+-]?\d{1,3})?$/i;

/** True if the value is compared as a number. */
export const isNumber = ({ value, quoted }: Condition): boolean => !quoted && NUMBER.test(value);

const WHOLE_TYPE = /^U?(TINY|SMALL|BIG|HUGE)?INT$|^U?INTEGER$|^DECIMAL/;

/**
 * The condition on a Parquet column of a type: numbers as numbers, stamps as ISO 8601 in UTC, text by its bytes, or as
 * a number where the value is one. Throws an InputError for a value that the type cannot be compared with.
 */
export function whereSql(condition: Condition, type: string, input: string): string {
  const name = sqlName(condition.column);
  const { op, value } = condition;
  const wrong = (must: string): InputError =>
    new InputError(
      `where ${condition.column} ${op}`,
      value,
      `must be ${must}, as ${input} has ${type} there`,
    );
  if (WHOLE_TYPE.test(type)) {
    if (!isNumber(condition)) throw wrong('a number');
    return `${name} ${op} ${value.replace(/^\+/, '')}`;
  }
  if (type === 'DOUBLE' || type === 'FLOAT') {
    if (!isNumber(condition)) throw wrong('a number');
    // NaN is null here, and above all numbers for DuckDB
    return `(${name} ${op} ${sqlText(value)}::double and not isnan(${name}))`;
  }
  if (type === 'DATE' || type.startsWith('TIMESTAMP')) {
    const micros = microsOfIso(value);
    if (Number.isNaN(micros)) throw wrong('an ISO 8601 time');
    return `${name} ${op} ${sqlStamp(micros, type)}`;
  }
  if (type === 'VARCHAR' && isNumber(condition)) {
    const number = `try_cast(${name} as double)`;
    return `(${number} ${op} ${sqlText(value)}::double and not isnan(${number}))`;
  }
  return `${name}::varchar ${op} ${sqlText(value)}`;
}

/** A moment as a literal of a column's type, so that its statistics decide which parts of a file are read. */
export function sqlStamp(micros: number, type: string): string {
  const whole = Math.floor(micros / 1000);
  const text = new Date(whole).toISOString().slice(0, 23).replace('T', ' ');
  const rest = String(micros - whole * 1000).padStart(3, '0');
  return type === 'TIMESTAMP WITH TIME ZONE'
    ? `timestamptz '${text}${rest}+00'`
    : `timestamp '${text}${rest}'`;
}

/** True if a cell's text, null where there is none, satisfies the condition; `micros` is set where it is a time. */
export function satisfies(condition: Condition, text: string | null, micros?: number): boolean {
  if (text === null) return false;
  const { op, value } = condition;
  if (micros !== undefined) return compared(op, micros, microsOfIso(value));
  if (!isNumber(condition)) return compared(op, Buffer.compare(Buffer.from(text), Buffer.from(value)), 0);
  const number = NUMBER.test(text.trim()) ? Number(text) : Number.NaN;
  return compared(op, number, Number(value));
}

function compared(op: WhereOp, a: number, b: number): boolean {
  switch (op) {
    case '=':
      return a === b;
    case '!=':
      return a < b || a > b;
    case '<':
      return a < b;
    case '<=':
      return a <= b;
    case '>':
      return a > b;
    case '>=':
      return a >= b;
  }
}
