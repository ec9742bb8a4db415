import type { Command } from 'commander';
import { InputError } from '../core/errors.js';
import type { OpenOptions } from '../engine/open.js';
import type { Progress } from '../engine/run-options.js';
import { CANONICAL } from '../table/column-guess.js';
import { joined } from './command.js';
import { parseInstant } from './instant.js';
import { pairs } from './pairs.js';

interface InputFlags {
  map?: string;
  from?: string;
  timeUnit?: string;
  instrument?: string;
  tick?: string;
  lot?: string;
  scales?: string;
  contract?: string;
  multiplier?: string;
  instruments?: string;
  fromTime?: string;
  until?: string;
}

/** Adds the flags that say how trades are read. */
export function inputFlags(command: Command): Command {
  return command
    .option(
      '--map <pairs>',
      'columns: time=ts,price=px,size=qty,side=s,instrument=sym,id=i,received=r, or maker=m for side (true: the buyer is the maker); guessed otherwise',
      joined,
    )
    .option(
      '--from <format>',
      'binance-capture, arrow, parquet, csv or json, or of bars and books one of `steelyard formats`; told from the file otherwise',
    )
    .option('--time-unit <unit>', 's, ms, us or ns; told from the magnitude otherwise')
    .option('--instrument <name>', 'name where the file has no instrument column')
    .option('--tick <decimal>', 'declared price tick of all instruments')
    .option('--lot <decimal>', 'declared size step of all instruments')
    .option('--scales <file>', 'CSV or JSON: instrument,tick,lot,contract,multiplier')
    .option('--contract <kind>', 'linear or inverse')
    .option('--multiplier <decimal>', 'contract multiplier, or face value of an inverse contract')
    .option('--instruments <names>', 'only these, separated by commas', joined)
    .option('--from-time <time>', 'first moment, ISO (UTC) or epoch number')
    .option('--until <time>', 'end, exclusive, ISO (UTC) or epoch number');
}

/** The checked options of `openTrades`. */
export function openOptions(flags: InputFlags, progress?: (p: Progress) => void): OpenOptions {
  const fromTime = flags.fromTime === undefined ? undefined : parseInstant(flags.fromTime, '--from-time');
  const until = flags.until === undefined ? undefined : parseInstant(flags.until, '--until');
  if (fromTime !== undefined && until !== undefined && until <= fromTime)
    throw new InputError('--until', flags.until, `must lie after --from-time ${flags.fromTime}`);
  const options = {
    map: flags.map === undefined ? undefined : pairs('--map', flags.map, 'time=ts', CANONICAL),
    from: flags.from,
    timeUnit: oneOf('--time-unit', flags.timeUnit, ['s', 'ms', 'us', 'ns']),
    instrument: flags.instrument,
    tick: flags.tick,
    lot: flags.lot,
    scales: flags.scales,
    contract: oneOf('--contract', flags.contract, ['linear', 'inverse']),
    multiplier: flags.multiplier,
    instruments: flags.instruments === undefined ? undefined : names('--instruments', flags.instruments),
    fromTime,
    until,
    progress,
  };
  return Object.fromEntries(
    Object.entries(options).filter(([, value]) => value !== undefined),
  ) as OpenOptions;
}

/** A list flag's names. */
export function names(flag: string, text: string): string[] {
  const list = text.split(',').map((name) => name.trim());
  if (list.includes('')) throw new InputError(flag, text, 'must be names separated by commas');
  return list;
}

export function oneOf<T extends string>(
  flag: string,
  value: string | undefined,
  choices: readonly T[],
): T | undefined {
  if (value !== undefined && !choices.includes(value as T))
    throw new InputError(flag, value, `must be one of ${choices.join(', ')}`);
  return value as T | undefined;
}
