import { durationText } from '../core/duration.js';
import type { Result } from './result.js';

/**
 * Schema metadata on the sides behind a result: `steelyard.sides` names the rule that filled unknown ones in (`flag`:
 * none), `steelyard.flagCoverage` is 1 - U/V of the exchange's flags before that, one number, or by symbol where
 * instruments differ; `steelyard.sidesQuotes` says how quotes were joined. Nothing for a frame whose sides nobody
 * traced.
 */
export function sidesMetadata({ sides, tables }: Pick<Result, 'sides' | 'tables'>): Record<string, string> {
  if (!sides) return {};
  const { rule, asOf, flagCoverage } = sides;
  const coverage = [...flagCoverage];
  const instruments = Object.values(tables)[0]?.instruments ?? [];
  const same = coverage.every((value) => value === coverage[0]);
  return {
    'steelyard.sides': rule,
    'steelyard.flagCoverage': same
      ? String(coverage[0] ?? 1)
      : JSON.stringify(Object.fromEntries(instruments.map(({ symbol }, s) => [symbol, coverage[s]]))),
    ...(asOf
      ? {
          'steelyard.sidesQuotes': JSON.stringify({
            at: asOf.at,
            lag: durationOf(asOf.lag),
            ...(asOf.maxAge === undefined ? {} : { maxAge: durationOf(asOf.maxAge) }),
          }),
        }
      : {}),
  };
}

const durationOf = (micros: number): string => (micros === 0 ? '0s' : durationText(micros));
