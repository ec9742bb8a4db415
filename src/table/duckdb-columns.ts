import type { DuckDBConnection, DuckDBDataChunk } from '@duckdb/node-api';
import type bindingsModule from '@duckdb/node-bindings';
import { InputError } from '../core/errors.js';
import { listed } from './column-guess.js';
import type { SourceColumn } from './source-column.js';

type Bindings = typeof bindingsModule;

/** One column to read: SQL cast to one of few physical types. */
export interface Selected {
  readonly role: string;
  readonly sql: string;
  /** Type in the file, for messages. */
  readonly type: string;
  readonly as: 'f64' | 'i64' | 'u64' | 'us' | 'ns' | 'dec64' | 'dec128' | 'text' | 'codes';
  readonly scale: number;
  /** For `codes`: the text expression whose distinct values become the dictionary. */
  readonly text: string;
}

const SMALL_INT = /^(U?TINYINT|U?SMALLINT|U?INTEGER|BIGINT)$/;

/** How a column of some type is read for a role; an InputError if the role cannot take the type. */
export function select(
  role: string,
  sql: string,
  type: string,
  dictionary: boolean,
  subject: string,
  columns: readonly string[],
): Selected {
  const column = (as: Selected['as'], expression: string, scale = 0): Selected => ({
    ...{ role, sql: expression, type, as, scale, text: sql },
  });
  const wrong = (must: string): InputError =>
    new InputError(`${subject} of type`, type, `must be ${must}; columns: ${listed(columns)}`);
  const isInt = SMALL_INT.test(type);
  const decimal = /^DECIMAL\((\d+),(\d+)\)$/.exec(type);
  switch (role) {
    case 'time':
    case 'received':
      if (type === 'TIMESTAMP_NS') return column('ns', `epoch_ns(${sql})`);
      if (type.startsWith('TIMESTAMP')) return column('us', `epoch_us(${sql})`);
      if (type === 'DATE') return column('us', `epoch_us(${sql}::timestamp)`);
      if (isInt || /^U?(BIG|HUGE)INT$/.test(type)) return column('i64', `try_cast(${sql} as bigint)`);
      if (type === 'DOUBLE' || type === 'FLOAT') return column('f64', `${sql}::double`);
      // nanoseconds pass 2^53, so decimals go by their digits
      if (type === 'VARCHAR' || decimal) return column('text', `${sql}::varchar`);
      throw wrong('a timestamp, a number or ISO text');
    case 'price':
    case 'size':
      if (type === 'DOUBLE') return column('f64', sql);
      if (isInt) return column('i64', `${sql}::bigint`);
      if (type === 'FLOAT') throw wrong('f64, decimal, integer or text: 32-bit floats do not hold decimals');
      if (decimal) {
        const wide = Number(decimal[1]) > 18;
        return column(
          wide ? 'dec128' : 'dec64',
          `${sql}::decimal(${wide ? 38 : 18},${decimal[2]})`,
          Number(decimal[2]),
        );
      }
      if (type === 'VARCHAR' || /^U?(BIG|HUGE)INT$/.test(type)) return column('text', `${sql}::varchar`);
      throw wrong('a number, decimal or text');
    case 'id':
      if (isInt) return column('i64', `${sql}::bigint`);
      if (type === 'UBIGINT') return column('u64', sql);
      if (type === 'DOUBLE' || type === 'FLOAT') return column('f64', `${sql}::double`);
      return column('text', `${sql}::varchar`);
    case 'side':
    case 'maker':
      if (isInt || type === 'DOUBLE' || type === 'FLOAT') return column('f64', `${sql}::double`);
      return column(dictionary ? 'codes' : 'text', `${sql}::varchar`);
    default:
      return column(dictionary ? 'codes' : 'text', `${sql}::varchar`);
  }
}

/** Dictionaries of the `codes` columns (others undefined), as enum types `dictionary<i>`; SQL then yields codes. */
export async function textColumns(
  connection: DuckDBConnection,
  from: string,
  selected: readonly Selected[],
): Promise<{ texts: (string[] | undefined)[]; sql: string[] }> {
  const texts: (string[] | undefined)[] = [];
  const sql: string[] = [];
  for (const [i, column] of selected.entries()) {
    if (column.as !== 'codes') {
      texts.push(undefined);
      sql.push(column.sql);
      continue;
    }
    // the dictionary is drawn first: codes arrive as integers, strings at a tenth of the speed
    await connection.run(
      `create temp table words${i} as select distinct ${column.sql} as word from ${from} where word is not null order by 1`,
    );
    const words = (await connection.runAndReadAll(`select word from words${i} order by 1`)).getRowsJson();
    texts.push(words.map((row) => String(row![0])));
    if (words.length === 0) sql.push('null::uinteger');
    else {
      await connection.run(`create type dictionary${i} as enum (select word from words${i} order by 1)`);
      sql.push(`enum_code((${column.sql})::dictionary${i})::uinteger`);
    }
  }
  return { texts, sql };
}

/** A vector of a chunk as a SourceColumn over the same bytes. */
export function vectorColumn(
  bindings: Bindings,
  chunk: DuckDBDataChunk,
  index: number,
  column: Selected,
  texts: readonly string[] | undefined,
): SourceColumn {
  const rows = chunk.rowCount;
  const { type } = column;
  if (column.as === 'text') {
    const vector = chunk.getColumnVector(index);
    const values: (string | null)[] = [];
    for (let i = 0; i < rows; i++) values.push(vector.getItem(i) as string | null);
    return { type, kind: 'texts', texts: values };
  }
  const vector = bindings.data_chunk_get_vector(chunk.chunk, index);
  const valid = bindings.vector_get_validity(vector, Math.ceil(rows / 64) * 8) ?? undefined;
  const width = column.as === 'codes' ? 4 : column.as === 'dec128' ? 16 : 8;
  const data = bindings.vector_get_data(vector, rows * width);
  const words = new Int32Array(data.buffer, data.byteOffset, (rows * width) / 4);
  switch (column.as) {
    case 'f64':
      return { type, valid, kind: 'numbers', values: new Float64Array(data.buffer, data.byteOffset, rows) };
    case 'i64':
    case 'u64':
      return { type, valid, kind: 'words', words, unsigned: column.as === 'u64' };
    case 'us':
    case 'ns':
      return { type, valid, kind: 'stamps', words, perSecond: column.as === 'us' ? 1e6 : 1e9 };
    case 'dec64':
    case 'dec128':
      return {
        type,
        valid,
        kind: 'decimals',
        words,
        stride: column.as === 'dec64' ? 2 : 4,
        scale: column.scale,
      };
    case 'codes':
      return { type, valid, kind: 'codes', codes: words, texts: texts ?? [] };
  }
}
