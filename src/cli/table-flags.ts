import type { Command } from 'commander';
import { InputError } from '../core/errors.js';
import type { KindName } from '../core/kinds.js';
import type { TableOptions } from '../table/table-rows.js';
import { parseWhere } from '../table/where.js';
import { joined } from './command.js';
import { oneOf } from './input-flags.js';
import { parseInstant } from './instant.js';

/** Adds the flags that say how a table of any kind is read. */
export function tableFlags(of: Command): void {
  of.option('--kind <kind>', 'what the rows are (default: trades)')
    .option('--map <pairs>', 'columns: ts=time,price=px,size=qty; guessed otherwise', joined)
    .option('--set <pairs>', 'columns of one value: interval=60000000', joined)
    .option('--time-unit <unit>', 's, ms, us or ns; told from the magnitude otherwise')
    .option('--instrument <name>', 'name of the instrument of all rows')
    .option('--venue <name>', 'venue of all rows')
    .option('--instruments <names>', 'only these, separated by commas', joined)
    .option('--from-time <time>', 'first moment, ISO (UTC) or epoch number')
    .option('--until <time>', 'end, exclusive, ISO (UTC) or epoch number')
    .option(
      '--where <condition>',
      'only rows of which it holds, such as "size > 10"; may be given several times',
      (value: string, before: string[] | undefined) => [...(before ?? []), value],
    );
}

/** The checked options of `tableFlags`, those that were given. */
export function tableOptions(flags: Readonly<Record<string, unknown>>): Omit<TableOptions, 'format'> {
  const text = (flag: string): string | undefined => flags[flag] as string | undefined;
  const instant = (flag: string, shown: string): number | undefined => {
    const value = text(flag);
    return value === undefined ? undefined : parseInstant(value, shown);
  };
  const options = {
    kind: text('kind') as KindName | undefined,
    map: pairs('--map', text('map')),
    constants: pairs('--set', text('set')),
    timeUnit: oneOf('--time-unit', text('timeUnit'), ['s', 'ms', 'us', 'ns']),
    instrument: text('instrument'),
    venue: text('venue'),
    instruments: text('instruments')
      ?.split(',')
      .map((symbol) => symbol.trim()),
    fromTime: instant('fromTime', '--from-time'),
    until: instant('until', '--until'),
    where: (flags.where as string[] | undefined)?.map(parseWhere),
  };
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

function pairs(flag: string, text: string | undefined): Record<string, string> | undefined {
  if (text === undefined) return undefined;
  const out: [string, string][] = [];
  for (const pair of text.split(',')) {
    const at = pair.indexOf('=');
    if (at < 1 || at === pair.length - 1)
      throw new InputError(flag, pair, 'must read name=column, such as ts=time');
    out.push([pair.slice(0, at).trim(), pair.slice(at + 1).trim()]);
  }
  return Object.fromEntries(out);
}
