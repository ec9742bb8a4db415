import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { InputError, SteelyardError } from '../core/errors.js';

/** A connection of one's own to an in-memory DuckDB that loads no extension from elsewhere. */
export interface Duck {
  readonly connection: DuckDBConnection;
  readonly close: () => void;
}

/** Chunks wait here for their reader: with the default of 1 MB the scan stops and starts at every chunk. */
const STREAM_BUFFER = '64MB';

/** The database behind all connections: to open one takes ten times as long as to read a small file. */
let database: Promise<DuckDBInstance> | undefined;
let connections = 0;
let idle: NodeJS.Timeout | undefined;
const IDLE_MS = 500;

export async function openDuck(): Promise<Duck> {
  clearTimeout(idle);
  connections++;
  try {
    database ??= openDatabase();
    const connection = await (await database).connect();
    await connection.run(`set streaming_buffer_size='${STREAM_BUFFER}'`);
    return {
      connection,
      close: () => {
        connection.closeSync();
        leave();
      },
    };
  } catch (error) {
    database = undefined;
    leave();
    throw error;
  }
}

async function openDatabase(): Promise<DuckDBInstance> {
  const { DuckDBInstance } = await import('@duckdb/node-api');
  return DuckDBInstance.create(':memory:', {
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    // a file may be written anew between two reads
    enable_external_file_cache: 'false',
  });
}

function leave(): void {
  if (--connections > 0) return;
  idle = setTimeout(() => {
    const last = database;
    database = undefined;
    last?.then(
      (instance) => instance.closeSync(),
      () => undefined,
    );
  }, IDLE_MS);
  // a process may end before
  idle.unref();
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
