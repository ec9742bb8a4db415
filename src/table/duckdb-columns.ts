import { InputError } from '../core/errors.js';
import { listed } from './column-guess.js';
import { type Duck, rowsOf } from './duckdb.js';
import type { Want } from './table-source.js';

/** Layout of a vector: `word` is text coded by its own bytes, `codes` text that DuckDB coded. */
export type Physical =
  | 'f64'
  | 'i32'
  | 'u32'
  | 'i64'
  | 'u64'
  | 'us'
  | 'ns'
  | 'dec64'
  | 'dec128'
  | 'text'
  | 'word'
  | 'codes';

/** One column to read: SQL cast to one of few physical types. */
export interface Selected {
  readonly sql: string;
  /** Type in the file, for messages. */
  readonly type: string;
  readonly as: Physical;
  readonly scale: number;
}

const INT = /^(U?TINYINT|U?SMALLINT|U?INTEGER|BIGINT)$/;
const NUMBER = /^(U?(TINY|SMALL|BIG|HUGE)?INT|U?INTEGER|DOUBLE|FLOAT|DECIMAL\(\d+,\d+\))$/;

/** How a column of some type is read for its use; an InputError if the type cannot serve. */
export function select(
  want: Want,
  sql: string,
  type: string,
  subject: string,
  columns: readonly string[],
): Selected {
  const column = (as: Physical, expression: string, scale = 0): Selected => ({
    ...{ sql: expression, type, as, scale },
  });
  const wrong = (must: string): InputError =>
    new InputError(`${subject} of type`, type, `must be ${must}; columns: ${listed(columns)}`);
  const whole = INT.test(type) ? integer(type, sql) : undefined;
  const float = type === 'DOUBLE' || type === 'FLOAT';
  const text = (as: Physical): Selected => column(as, type === 'VARCHAR' ? sql : `${sql}::varchar`);
  switch (want) {
    case 'time':
      if (type === 'TIMESTAMP_NS') return column('ns', sql);
      if (type === 'TIMESTAMP' || type === 'TIMESTAMP WITH TIME ZONE') return column('us', sql);
      // a timestamp beyond what µs can say is null, not an error that ends the run
      if (type.startsWith('TIMESTAMP') || type === 'DATE')
        return column('us', `try_cast(${sql} as timestamp)`);
      if (whole) return column(...whole);
      if (/^U?(BIG|HUGE)INT$/.test(type)) return column('i64', `try_cast(${sql} as bigint)`);
      if (float) return column('f64', `${sql}::double`);
      // nanoseconds pass 2^53, so decimals go by their digits
      if (type === 'VARCHAR' || type.startsWith('DECIMAL')) return text('text');
      throw wrong('a timestamp, a number or ISO text');
    case 'price':
    case 'size':
    case 'money':
      if (type === 'DOUBLE') return column('f64', sql);
      if (whole) return column(...whole);
      if (type === 'FLOAT') throw wrong('f64, decimal, integer or text: 32-bit floats do not hold decimals');
      if (type.startsWith('DECIMAL')) return decimalColumn(type, sql, column);
      if (type === 'VARCHAR' || /^U?(BIG|HUGE)INT$/.test(type)) return text('text');
      throw wrong('a number, decimal or text');
    case 'id':
    case 'count':
    case 'integer':
      if (whole) return column(...whole);
      if (type === 'UBIGINT') return column('u64', sql);
      if (float) return column('f64', `${sql}::double`);
      return text('text');
    case 'f64':
    case 'flags':
      if (NUMBER.test(type) || type === 'BOOLEAN') return column('f64', `${sql}::double`);
      if (type === 'VARCHAR') return text('text');
      throw wrong('a number or text');
    case 'side':
      if (whole || float) return column('f64', `${sql}::double`);
      return text('word');
    case 'symbol':
      return text('word');
    case 'text':
      return text('text');
    default:
      want satisfies never;
      throw wrong('of a known use');
  }
}

/** Small integers keep their width: a cast costs more than it saves. */
function integer(type: string, sql: string): [Physical, string] {
  if (type === 'BIGINT') return ['i64', sql];
  if (type === 'UINTEGER') return ['u32', sql];
  return ['i32', type === 'INTEGER' ? sql : `${sql}::integer`];
}

function decimalColumn(
  type: string,
  sql: string,
  column: (as: Physical, expression: string, scale: number) => Selected,
): Selected {
  const [, digits, scale] = /^DECIMAL\((\d+),(\d+)\)$/.exec(type)!;
  const wide = Number(digits) > 18;
  return column(wide ? 'dec128' : 'dec64', `${sql}::decimal(${wide ? 38 : 18},${scale})`, Number(scale));
}

/** Rows that tell whether a column's texts are short. */
const SAMPLE = 2048;
/** Longest text that lies in the vector itself. */
const INLINE = 12;

/**
 * Lets DuckDB code the `word` columns whose texts are long: a long text is a pointer, to be followed in every chunk
 * anew, while short ones are compared where they lie, which is twice as fast as a cast to an enum. Dictionaries
 * are by column, undefined where the reader makes its own.
 */
export async function codedTexts(
  duck: Duck,
  from: string,
  selected: readonly Selected[],
  input: string,
  format: string,
): Promise<{ selected: Selected[]; dictionaries: (readonly string[] | undefined)[] }> {
  const out: Selected[] = [];
  const dictionaries: (readonly string[] | undefined)[] = [];
  for (const [i, column] of selected.entries()) {
    const { sql } = column;
    const ask = (text: string): Promise<unknown[][]> => rowsOf(duck, text, input, format);
    const longest =
      column.as === 'word'
        ? Number(
            (
              await ask(`select max(strlen(w)) from (select ${sql} as w from ${from} limit ${SAMPLE})`)
            )[0]?.[0],
          )
        : 0;
    if (!(longest > INLINE)) {
      out.push(column);
      dictionaries.push(undefined);
      continue;
    }
    await ask(
      `create or replace temp table words${i} as select distinct ${sql} as word from ${from} where word is not null`,
    );
    await ask(`drop type if exists temp.dictionary${i}`);
    await ask(`create temp type dictionary${i} as enum (select word from words${i} order by 1)`);
    const words = await ask(`select word from words${i} order by 1`);
    dictionaries.push(words.map((row) => String(row[0])));
    out.push({ ...column, as: 'codes', sql: `enum_code((${sql})::dictionary${i})::uinteger` });
  }
  return { selected: out, dictionaries };
}
