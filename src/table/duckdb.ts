import type { DuckDBConnection } from '@duckdb/node-api';
import { InputError, SteelyardError } from '../core/errors.js';

/** An own in-memory DuckDB that loads no extension from elsewhere. */
export interface Duck {
  readonly connection: DuckDBConnection;
  readonly close: () => void;
}

/** Chunks wait here for their reader: with the default of 1 MB the scan stops and starts at every chunk. */
const STREAM_BUFFER = '64MB';

export async function openDuck(): Promise<Duck> {
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const instance = await DuckDBInstance.create(':memory:', {
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  });
  const connection = await instance.connect();
  await connection.run(`set streaming_buffer_size='${STREAM_BUFFER}'`);
  return {
    connection,
    close: () => {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

/** All rows of a short query, as JSON values. */
export async function rowsOf(
  { connection }: Duck,
  sql: string,
  input: string,
  format: string,
): Promise<unknown[][]> {
  try {
    return (await connection.runAndReadAll(sql)).getRowsJson() as unknown[][];
  } catch (error) {
    throw duckError(error, input, format);
  }
}

export function duckError(error: unknown, input: string, format: string): unknown {
  if (error instanceof SteelyardError || !(error instanceof Error) || error.name === 'AbortError')
    return error;
  // the path in DuckDB's own words would name the machine's folders
  const why = error.message
    .split('\n')[0]!
    .replace(/(in |of |from )?(file )?["'][^"']*\/[^"']*["']/g, '')
    .replace(/^[A-Za-z ]*Error: */, '')
    .slice(0, 160);
  return new InputError(`${format} file`, input, `is damaged or truncated (${why.trim()})`);
}
