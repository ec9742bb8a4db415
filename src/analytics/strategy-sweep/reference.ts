import type { Tile, TileResult } from '../../core/analytic.js';
import { type Account, type Fill, newAccount } from './account.js';
import type { Bars } from './bars.js';
import { barsOfTile, periodsOf } from './job.js';
import { equityTable, FILL_FIELDS, FILL_SUMS, fillRows, fillTable, periodTable } from './listings.js';
import { newOutcome, type Outcome } from './outcome.js';
import type { Params } from './params.js';
import { type Rules, rulesOf } from './rules.js';
import { runColumns, runTable } from './runs.js';
import { type Listing, walk } from './walk.js';

/** Instrument by instrument, so that its bars stay in the cache; trial by trial over them. */
export function reference(tile: Tile, params: Params): TileResult {
  const frame = tile.inputs.panel!;
  const rules = rulesOf(params);
  const { first } = rules;
  const trials = rules.trials.length;
  const listed = barsOfTile(frame, params);
  const runs = runColumns(listed.length * trials);
  const rows = fillRows();
  const bars = frame.rows;
  const periods = periodsOf(listed);
  const equity = new Float64Array(params.equity ? bars * trials : 0);
  const position = new Float64Array(equity.length);
  const profit = new Float64Array(params.periods ? periods * trials : 0);
  let run = 0;
  const listing: Listing = {
    fill: params.trades ? (fill) => appendFill(rows, run, fill) : undefined,
    ...{ equity, position, profit, bar: 0, period: 0 },
  };
  const longest = listed.reduce((most, at) => Math.max(most, at.bars.count), 0);
  const account = newAccount(rules.takers.length > 1 ? longest : 0);
  const outcome = newOutcome();
  for (const at of listed) {
    let entries: Int32Array = new Int32Array();
    for (let trial = 0; trial < trials; trial++, run++) {
      if (trial === 0 || !sameEntry(rules, trial)) entries = entriesOf(at.bars, rules, trial);
      walk(at.bars, rules, trial, entries, account, outcome, listing);
      keep(runs, run, account, outcome);
      listing.bar += at.bars.count;
      listing.period += at.bars.periods.time.length;
    }
  }
  const labels = listed.map(({ instrument, bars: own, lot }) => ({
    ...{ instrument, bars: own.count, periods: own.periods.time.length },
    available: own.available[own.count - 1]!,
    lot,
  }));
  return {
    outputs: {
      runs: runTable(labels, first, trials, runs),
      trades: fillTable(listed, first, trials, rows),
      equity: equityTable(params.equity ? listed : [], first, trials, equity, position),
      periods: periodTable(params.periods ? listed : [], first, trials, profit),
    },
  };
}

/** Whether a trial enters where the one before does. */
function sameEntry({ trials }: Rules, trial: number): boolean {
  const a = trials[trial - 1]!;
  const b = trials[trial]!;
  const gates = a.relative === b.relative && a.limit === b.limit;
  return gates && a.entry === b.entry && a.trend === b.trend;
}

/** By bar, the first bar from it on whose signals enter; the number of bars where there is none. */
function entriesOf({ columns, count }: Bars, rules: Rules, number: number): Int32Array {
  const { entry, relative, limit, trend } = rules.trials[number]!;
  const entries = new Int32Array(count);
  let next = count;
  for (let t = count - 1; t >= 0; t--) {
    const z = columns.z[t]!;
    const way = (columns.trends[t]! >> trend) & 3;
    const open = columns.relative[t]! >= relative && columns.spread[t]! <= limit;
    if (open && ((z >= entry && way === 1) || (z <= -entry && way === 2))) next = t;
    entries[t] = next;
  }
  return entries;
}

function appendFill(rows: ReturnType<typeof fillRows>, run: number, fill: Fill): void {
  const before = rows.run.length - 1;
  rows.number.push(before >= 0 && rows.run[before] === run ? rows.number[before]! + 1 : 0);
  rows.run.push(run);
  for (const name of FILL_FIELDS) rows[name].push(fill[name]);
  for (const name of FILL_SUMS) rows[name].push(fill[name]);
}

function keep(runs: ReturnType<typeof runColumns>, run: number, account: Account, outcome: Outcome): void {
  for (const name of ['turnover', 'fees', 'spread', 'impact', 'funding', 'profit', 'loss'] as const)
    runs[name][run] = account[name];
  for (const name of ['position', 'fills', 'trades', 'wins'] as const) runs[name][run] = account[name];
  for (const name of ['equity', 'fall', 'total', 'squares', 'downside', 'lagged'] as const)
    runs[name][run] = outcome[name];
  for (const name of ['exposure', 'status'] as const) runs[name][run] = outcome[name];
}
