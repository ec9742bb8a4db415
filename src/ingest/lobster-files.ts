import { InputError } from '../core/errors.js';
import type { SourceFile } from '../core/importer.js';
import { zoneMidnight } from './zone-midnight.js';

export const LOBSTER_NAME = /^(.+)_(\d{4})-(\d{2})-(\d{2})_(\d+)_(\d+)_(message|orderbook)_(\d{1,3})\.csv$/i;

/** What the name of a LOBSTER file says, and the file it belongs with. */
export interface LobsterFile {
  readonly ticker: string;
  readonly isMessage: boolean;
  readonly levels: number;
  /** µs of the midnight its times count from. */
  readonly midnight: number;
  /** `2012-06-21`. */
  readonly date: string;
  readonly partner: SourceFile;
}

/** Throws an InputError where the name is no LOBSTER name or the partner is not among the inputs. */
export function lobsterFile(file: SourceFile, zone: string): LobsterFile {
  const name = LOBSTER_NAME.exec(file.name);
  if (!name)
    throw new InputError(
      'LOBSTER file name',
      file.name,
      'must be like AAPL_2012-06-21_34200000_57600000_message_10.csv',
    );
  const [, ticker, year, month, day, from, until, what, depth] = name as unknown as string[];
  const date = `${year}-${month}-${day}`;
  if (new Date(Date.UTC(Number(year), Number(month) - 1, Number(day))).toISOString().slice(0, 10) !== date)
    throw new InputError(`${file.name} date`, date, 'must be a calendar day');
  const levels = Number(depth);
  if (levels < 1) throw new InputError(`${file.name} levels`, levels, 'must be at least 1');
  const isMessage = what!.toLowerCase() === 'message';
  const partnerName = `${ticker}_${date}_${from}_${until}_${isMessage ? 'orderbook' : 'message'}_${depth}.csv`;
  const partner = file.sibling(partnerName);
  if (!partner) throw new InputError(file.name, undefined, `needs ${partnerName} among the inputs`);
  const midnight = zoneMidnight(Number(year), Number(month), Number(day), zone, 'lobster zone');
  return { ticker: ticker!, isMessage, levels, midnight, date, partner };
}
