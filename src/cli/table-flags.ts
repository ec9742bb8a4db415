import type { Command } from 'commander';
import type { KindName } from '../core/kinds.js';
import type { TableOptions } from '../table/table-rows.js';
import { parseWhere } from '../table/where.js';
import { joined } from './command.js';
import { names, oneOf } from './input-flags.js';
import { parseInstant } from './instant.js';
import { pairs } from './pairs.js';

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
    map: text('map') === undefined ? undefined : pairs('--map', text('map')!, 'ts=time'),
    constants: text('set') === undefined ? undefined : pairs('--set', text('set')!, 'interval=60000000'),
    timeUnit: oneOf('--time-unit', text('timeUnit'), ['s', 'ms', 'us', 'ns']),
    instrument: text('instrument'),
    venue: text('venue'),
    instruments: text('instruments') === undefined ? undefined : names('--instruments', text('instruments')!),
    fromTime: instant('fromTime', '--from-time'),
    until: instant('until', '--until'),
    where: (flags.where as string[] | undefined)?.map(parseWhere),
  };
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}
