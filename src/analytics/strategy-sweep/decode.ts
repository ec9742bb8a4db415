import type { PlanContext, TileResult } from '../../core/analytic.js';
import { decodeWords } from '../../core/exact.js';
import type { Listed } from './bars.js';
import { barsOfTile, periodsOf } from './job.js';
import {
  equityTable,
  FILL_FIELDS,
  FILL_SUMS,
  FILL_WORDS,
  fillRows,
  fillTable,
  periodTable,
} from './listings.js';
import type { Params } from './params.js';
import { rulesOf } from './rules.js';
import { COUNTS, RUN_WORDS, runColumns, runTable, SUMS } from './runs.js';

export function decode(
  reads: Readonly<Record<string, Uint32Array>>,
  { tile, params }: PlanContext<Params>,
): TileResult {
  const frame = tile.inputs.panel!;
  const listed = barsOfTile(frame, params);
  const { first, trials: all } = rulesOf(params);
  const trials = all.length;
  const runs = runColumns(listed.length * trials);
  const words = reads.outcomes!;
  for (let run = 0; run < listed.length * trials; run++) {
    const at = run * RUN_WORDS;
    SUMS.forEach((name, i) => {
      runs[name][run] = signed(words, at + 2 * i);
    });
    COUNTS.forEach((name, i) => {
      runs[name][run] = words[at + 2 * SUMS.length + i]! | 0;
    });
  }
  const labels = listed.map(({ instrument, bars: own, lot }) => ({
    ...{ instrument, bars: own.count, periods: own.periods.time.length, lot },
    available: own.available[own.count - 1]!,
  }));
  const cells = params.equity ? frame.rows * trials : 0;
  const equity = Float64Array.from({ length: cells }, (_, i) => signed(reads.series!, 3 * i));
  const position = Float64Array.from({ length: cells }, (_, i) => reads.series![3 * i + 2]! | 0);
  const profits = reads.series?.subarray(3 * cells) ?? new Uint32Array();
  const profit = decodeWords(profits, params.periods ? periodsOf(listed) * trials : 0, 2, true).values;
  return {
    outputs: {
      runs: runTable(labels, first, trials, runs),
      trades: fillTable(listed, first, trials, decodeFills(reads.fills, listed, trials, runs.fills)),
      equity: equityTable(params.equity ? listed : [], first, trials, equity, position),
      periods: periodTable(params.periods ? listed : [], first, trials, profit),
    },
  };
}

const signed = (words: Uint32Array, at: number): number => (words[at + 1]! | 0) * 4294967296 + words[at]!;

/** Each run has room for three fills a bar; `counts` says how many there are. */
function decodeFills(
  words: Uint32Array | undefined,
  listed: readonly Listed[],
  trials: number,
  counts: Float64Array,
) {
  const rows = fillRows();
  if (!words) return rows;
  let at = 0;
  for (let run = 0; run < counts.length; run++) {
    for (let n = 0; n < counts[run]!; n++) {
      const row = at + FILL_WORDS * n;
      rows.run.push(run);
      rows.number.push(n);
      FILL_FIELDS.forEach((name, i) => {
        rows[name].push(words[row + i]! | 0);
      });
      FILL_SUMS.forEach((name, i) => {
        rows[name].push(signed(words, row + FILL_FIELDS.length + 2 * i));
      });
    }
    at += FILL_WORDS * 3 * listed[Math.floor(run / trials)]!.bars.count;
  }
  return rows;
}
