import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { InputError } from '../core/errors.js';
import type { InstrumentDeclaration } from '../core/raw.js';
import { declarationOf } from '../table/arrow-read.js';

const COLUMNS = ['instrument', 'tick', 'lot', 'contract', 'multiplier'];

/** Declarations by symbol from a CSV (header instrument,tick,lot,contract,multiplier) or a JSON array of such records. */
export async function scalesFile(path: string): Promise<Map<string, InstrumentDeclaration>> {
  const input = basename(path);
  const text = await readFile(path, 'utf8').catch(() => {
    throw new InputError('scales file', path, 'cannot be read');
  });
  const records = /^\s*\[/.test(text) ? jsonRecords(text, input) : csvRecords(text, input);
  const out = new Map<string, InstrumentDeclaration>();
  for (const record of records) {
    const symbol = record.instrument;
    if (typeof symbol !== 'string' || symbol === '')
      throw new InputError(`${input} instrument`, symbol, 'must be a name');
    for (const key of Object.keys(record))
      if (!COLUMNS.includes(key))
        throw new InputError(`${input} column`, key, `must be one of ${COLUMNS.join(', ')}`);
    if (out.has(symbol)) throw new InputError(`${input} instrument`, symbol, 'is declared twice');
    out.set(symbol, declarationOf(record, `${input} ${symbol}`));
  }
  return out;
}

function jsonRecords(text: string, input: string): Record<string, unknown>[] {
  try {
    const parsed = JSON.parse(text) as unknown[];
    if (parsed.every((record) => typeof record === 'object' && record !== null))
      return parsed as Record<string, unknown>[];
  } catch {
    // said below
  }
  throw new InputError('scales file', input, 'must be a JSON array of records');
}

function csvRecords(text: string, input: string): Record<string, unknown>[] {
  const lines = text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '');
  const header = cellsOf(lines[0] ?? '');
  if (!header.includes('instrument'))
    throw new InputError('scales file', input, `must have the columns ${COLUMNS.join(',')}`);
  return lines.slice(1).map((line, i) => {
    const cells = cellsOf(line);
    if (cells.slice(header.length).some((cell) => cell !== ''))
      throw new InputError(`${input} line ${i + 2}`, line, `must have ${header.length} cells`);
    return Object.fromEntries(header.map((name, n) => [name, cells[n] ?? '']));
  });
}

/** Cells of one line; a quoted cell may hold commas and doubled quotes. */
function cellsOf(line: string): string[] {
  const cells: string[] = [];
  const pattern = /\s*(?:"((?:[^"]|"")*)"|([^,"]*))\s*(,|$)/y;
  while (pattern.lastIndex <= line.length) {
    const match = pattern.exec(line);
    if (match === null) throw new InputError('scales line', line, 'has a stray quote');
    cells.push(match[1] === undefined ? match[2]!.trim() : match[1].replaceAll('""', '"'));
    if (match[3] === '') break;
  }
  return cells;
}
