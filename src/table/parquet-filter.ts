import type { ParquetSource } from './parquet-source.js';
import type { TimeRange } from './row-filter.js';
import { sqlName, sqlText } from './sql-text.js';
import { FIRST_SECOND, PER_SECOND, TimeUnit, type TimeUnitName } from './time-unit.js';
import { type Condition, sqlStamp, whereSql } from './where.js';

/** What DuckDB is to leave out before anything is read. */
export interface Pushed {
  readonly conditions: readonly Condition[];
  readonly range: TimeRange;
  readonly timeColumn: string | undefined;
  readonly timeUnit: TimeUnitName | undefined;
  readonly instruments: ReadonlySet<string> | undefined;
  readonly instrumentColumn: string | undefined;
}

/** Rows that tell the unit of numeric stamps, as many as `TimeUnit` surveys. */
const SURVEYED = 2048;
/** Names beyond are not listed in a condition. */
const MOST_NAMES = 100_000;

/**
 * The filters of a Parquet file as one SQL condition; undefined if there are none. It leaves out nothing that the
 * filters after reading would keep: rows without a time or name, or of an unbelievable time, are for the ledger.
 */
export async function parquetWhere(source: ParquetSource, pushed: Pushed): Promise<string | undefined> {
  const parts = pushed.conditions.map((condition) =>
    whereSql(condition, source.types.get(condition.column)!, source.input),
  );
  const time = await timeSql(source, pushed);
  if (time !== undefined) parts.push(time);
  const names = await namesSql(source, pushed);
  if (names !== undefined) parts.push(names);
  return parts.length === 0 ? undefined : parts.join(' and ');
}

async function timeSql(source: ParquetSource, pushed: Pushed): Promise<string | undefined> {
  const { range, timeColumn } = pushed;
  const from = Number.isFinite(range.fromTime) ? Math.ceil(range.fromTime) : undefined;
  const until = Number.isFinite(range.until) ? Math.ceil(range.until) : undefined;
  if (timeColumn === undefined || (from === undefined && until === undefined)) return undefined;
  const type = source.types.get(timeColumn)!;
  const name = sqlName(timeColumn);
  const between = (literal: (micros: number) => string, first: string): string => {
    const parts: string[] = [];
    if (from !== undefined) parts.push(`${name} >= ${literal(from)}`);
    if (until !== undefined) parts.push(`${name} < ${literal(until)}`);
    return `((${parts.join(' and ')}) or ${name} < ${first} or ${name} is null)`;
  };
  if (type === 'DATE' || type.startsWith('TIMESTAMP')) {
    const least = (micros: number): number => Math.min(Math.max(micros, 0), LAST_MICROS);
    return between((micros) => sqlStamp(least(micros), type), sqlStamp(0, type));
  }
  if (!/^(U?TINYINT|U?SMALLINT|U?INTEGER|U?BIGINT)$/.test(type)) return undefined;
  const perSecond = await unitOf(source, timeColumn, pushed.timeUnit);
  if (perSecond === 0) return undefined;
  // stamps before 1980 are of no unit where none is declared
  const first = pushed.timeUnit === undefined ? FIRST_SECOND * perSecond : 0;
  const units = (micros: number): string =>
    perSecond === 1e9 ? `${BigInt(micros) * 1000n}` : String(Math.ceil(micros / (1e6 / perSecond)));
  return between(units, String(first));
}

/** Year 9999: the last moment an SQL literal can say. */
const LAST_MICROS = 253_402_300_799_000_000;

async function unitOf(
  source: ParquetSource,
  column: string,
  declared: TimeUnitName | undefined,
): Promise<number> {
  if (declared !== undefined) return PER_SECOND[declared];
  const texts = await source.sample(column, SURVEYED);
  const unit = new TimeUnit(source.input, column, undefined);
  unit.survey({ type: '', kind: 'texts', texts }, texts.length);
  return unit.perSecond;
}

/** Names are compared without blanks around them, so the names as they stand in the file are listed. */
async function namesSql(source: ParquetSource, pushed: Pushed): Promise<string | undefined> {
  const { instruments, instrumentColumn } = pushed;
  if (instruments === undefined || instrumentColumn === undefined) return undefined;
  if (source.types.get(instrumentColumn) !== 'VARCHAR') return undefined;
  const names = await source.distinct(instrumentColumn, MOST_NAMES + 1);
  if (names.length > MOST_NAMES) return undefined;
  const wanted = names.filter((name) => name.trim() === '' || instruments.has(name.trim()));
  const name = sqlName(instrumentColumn);
  const list = wanted.map(sqlText).join(', ');
  return list === '' ? `${name} is null` : `(${name} in (${list}) or ${name} is null)`;
}
