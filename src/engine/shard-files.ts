import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { InputError } from '../core/errors.js';
import { writeArrow } from '../table/arrow-write.js';
import { atomicallyInFolder } from '../table/atomic.js';
import type { ShardPart } from './shard-part.js';
import { stateTable, tableOfState } from './shard-state.js';

const HEADER = /^shard-\d+-of-\d+\.json$/;

const stemOf = ({ shard: { index, count } }: Pick<ShardPart, 'shard'>): string =>
  `shard-${index}-of-${count}`;

/** Files of a shard in its folder, which other shards may share. */
export const shardFiles = (part: Pick<ShardPart, 'shard'>, outputs: readonly string[]): string[] => [
  ...outputs.map((output) => `${stemOf(part)}.${output}.arrow`),
  `${stemOf(part)}.json`,
];

/**
 * Writes a shard: an Arrow file an output, then a JSON file that says what they are a part of. A shard is there when that
 * file is; one that was killed before is run again.
 */
export async function writeShard(folder: string, part: ShardPart): Promise<void> {
  const { tables, ...about } = part;
  const rows = Object.fromEntries(Object.entries(tables).map(([output, table]) => [output, table.rows]));
  const sides = part.sides && { ...part.sides, flagCoverage: [...part.sides.flagCoverage] };
  const header = `${JSON.stringify({ ...about, sides, rows })}\n`;
  const names = shardFiles(part, Object.keys(tables));
  const id = idOf(header);
  const writers = Object.values(tables).map(
    (table) => async (path: string) => writeArrow(stateTable(table, { 'steelyard.shard': id }), path),
  );
  const last = (path: string): Promise<void> => writeFile(path, header);
  await atomicallyInFolder(
    folder,
    Object.fromEntries([...writers, last].map((write, i) => [names[i]!, write])),
  );
}

/** Shards of these folders and JSON files. Errors: InputError for what is no shard, or damaged. */
export async function readShards(paths: readonly string[]): Promise<ShardPart[]> {
  const headers = paths.flatMap((path) => {
    if (!existsSync(path)) throw new InputError('shard', path, 'does not exist');
    if (!statSync(path).isDirectory()) return [path];
    const found = readdirSync(path).filter((name) => HEADER.test(name));
    if (found.length === 0)
      throw new InputError('shards', path, 'must be a folder with shard-i-of-n.json files');
    return found.map((name) => join(path, name));
  });
  const parts: ShardPart[] = [];
  for (const path of headers) parts.push(await readShard(path));
  return parts;
}

async function readShard(path: string): Promise<ShardPart> {
  const text = readFileSync(path, 'utf8');
  const { rows, ...about } = parsed(path, text);
  const id = idOf(text);
  const tables: Record<string, ShardPart['tables'][string]> = {};
  for (const [output, count] of Object.entries(rows)) {
    const file = join(dirname(path), `${stemOf(about)}.${output}.arrow`);
    const { table, metadata } = await tableOfState(file);
    if (metadata.get('steelyard.shard') !== id || table.rows !== count)
      throw new InputError(
        'shard',
        basename(file),
        `does not belong to ${basename(path)}: run that shard again`,
      );
    tables[output] = table;
  }
  const { sides } = about;
  // JSON has no NaN
  const coverage = sides && Float64Array.from(sides.flagCoverage, (share) => share ?? Number.NaN);
  return { ...about, ...(coverage ? { sides: { ...sides, flagCoverage: coverage } } : {}), tables };
}

type Header = Omit<ShardPart, 'tables'> & { readonly rows: Readonly<Record<string, number>> };

function parsed(path: string, text: string): Header {
  let header: Partial<Header> | null = null;
  try {
    header = JSON.parse(text);
  } catch {
    // no JSON: no shard
  }
  const whole =
    typeof header === 'object' &&
    header !== null &&
    typeof header.analytic === 'string' &&
    typeof header.version === 'string' &&
    Number.isInteger(header.shard?.index) &&
    Number.isInteger(header.shard?.count) &&
    Number.isInteger(header.first) &&
    Number.isInteger(header.universe) &&
    Array.isArray(header.instruments) &&
    typeof header.rows === 'object' &&
    header.rows !== null &&
    Object.keys(header.rows).every((output) => /^[a-z][a-z0-9_-]*$/.test(output));
  if (!whole) throw new InputError('shard', basename(path), 'must be the JSON file of a shard');
  return header as Header;
}

const idOf = (header: string): string => createHash('sha256').update(header).digest('hex');
