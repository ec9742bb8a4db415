import type { Command } from 'commander';
import { parseDuration } from '../core/duration.js';
import { InputError } from '../core/errors.js';
import type { AsOf } from '../core/quotes.js';
import { SIDE_RULES } from '../core/side-rules/sides.js';
import type { SideOptions } from '../engine/infer-sides.js';
import { QUOTE_ROLES } from '../table/quote-columns.js';
import { joined } from './command.js';
import { oneOf } from './input-flags.js';
import { pairs } from './pairs.js';

export interface QuoteFlags {
  quotes?: string[];
  quotesMap?: string;
  quotesAt?: string;
  quotesLag?: string;
  quotesMaxAge?: string;
}

export interface SideFlags extends QuoteFlags {
  sides?: string;
}

/** Adds the flags that say how unknown aggressor sides are filled in. */
export const sideFlags = (command: Command): Command =>
  quoteFlags(
    command.option(
      '--sides <rule>',
      'flag, tick, quote or lee-ready: how trades without a side get one; results name it (default: flag, none does)',
    ),
  );

/** Adds the flags that say where quotes are and which one stands at a trade. */
export const quoteFlags = (command: Command): Command =>
  command
    .option(
      '--quotes <path>',
      'file or folder of best bids and asks: a table with time, bid and ask prices, or a Binance capture; may be repeated',
      (value: string, before: string[] | undefined) => [...(before ?? []), value],
    )
    .option(
      '--quotes-map <pairs>',
      'columns of the quotes: time=ts,bid=b,ask=a,instrument=sym,seq=u,received=r; guessed otherwise',
      joined,
    )
    .option(
      '--quotes-at <moment>',
      "before or at: the last quote strictly before a trade's time, or quotes of that time too (default: before)",
    )
    .option('--quotes-lag <width>', 'take the quote of that long before the trade, such as 500ms')
    .option('--quotes-max-age <width>', 'a quote that was not renewed for longer is none');

/** The checked options of `--sides`; undefined where nothing is inferred. */
export function sideOptions(flags: SideFlags): SideOptions | undefined {
  const rule = oneOf('--sides', flags.sides, SIDE_RULES);
  const joins = rule === 'quote' || rule === 'lee-ready';
  if (!joins)
    for (const [flag, value] of given(flags))
      throw new InputError(flag, value, 'needs --sides quote or --sides lee-ready');
  if (joins && flags.quotes === undefined) throw new InputError('--sides', rule, 'needs --quotes');
  return rule === undefined ? undefined : { rule, ...quoteOptions(flags) };
}

/** The checked options of the quotes; the others need `--quotes`. */
export function quoteOptions(flags: QuoteFlags): Omit<SideOptions, 'rule'> {
  if (flags.quotes === undefined)
    for (const [flag, value] of given(flags)) throw new InputError(flag, value, 'needs --quotes');
  const at: AsOf['at'] = oneOf('--quotes-at', flags.quotesAt, ['before', 'at']);
  const lag = width('--quotes-lag', flags.quotesLag);
  const maxAge = width('--quotes-max-age', flags.quotesMaxAge);
  return {
    ...(flags.quotes ? { quotes: flags.quotes } : {}),
    ...(flags.quotesMap === undefined
      ? {}
      : { quotesMap: pairs('--quotes-map', flags.quotesMap, 'bid=bid_price', QUOTE_ROLES) }),
    ...(at ? { at } : {}),
    ...(lag === undefined ? {} : { lag }),
    ...(maxAge === undefined ? {} : { maxAge }),
  };
}

const given = (flags: QuoteFlags): (readonly [flag: string, value: unknown])[] =>
  (
    [
      ['--quotes', flags.quotes?.[0]],
      ['--quotes-map', flags.quotesMap],
      ['--quotes-at', flags.quotesAt],
      ['--quotes-lag', flags.quotesLag],
      ['--quotes-max-age', flags.quotesMaxAge],
    ] as const
  ).filter(([, value]) => value !== undefined);

/** µs of a width; `0s` is none. */
function width(flag: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const micros = /^\s*0+\s*(us|ms|s|m|h|d|w)\s*$/.test(text) ? 0 : parseDuration(text);
  if (micros === undefined) throw new InputError(flag, text, 'must be a width such as 500ms or 5s');
  return micros;
}
