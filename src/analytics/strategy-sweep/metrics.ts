import type { DeriveContext } from '../../core/analytic.js';
import { type Trial, trialAt } from './grid.js';
import type { Params } from './params.js';
import { MICROS } from './rules.js';

type Context = DeriveContext<Params>;
const YEAR = 365 * 86_400_000_000;

const column = ({ table }: Context, name: string): ArrayLike<number> => table.columns[name] as Float64Array;

/** Row by row over named columns; 0 / 0 is NaN, the null, and so is what is not finite. */
const rowwise =
  (names: readonly string[], value: (row: readonly number[], params: Params) => number) =>
  (context: Context): Float64Array => {
    const columns = names.map((name) => column(context, name));
    const row = new Array<number>(names.length);
    const out = new Float64Array(context.table.rows);
    for (let i = 0; i < out.length; i++) {
      for (let c = 0; c < row.length; c++) row[c] = columns[c]![i]!;
      const result = value(row, context.params);
      out[i] = Number.isFinite(result) ? result : Number.NaN;
    }
    return out;
  };

/** A parameter of the row's trial. */
export const parameter =
  (value: (trial: Trial) => number) =>
  (context: Context): Float64Array => {
    const known = new Map<number, number>();
    return Float64Array.from(column(context, 'trial'), (number) => {
      let found = known.get(number);
      if (found === undefined) {
        found = value(trialAt(context.params, number));
        known.set(number, found);
      }
      return found;
    });
  };

const periodsPerYear = ({ every, period }: Params): number => YEAR / Math.max(every, period);

/** Of the returns r = return_sum's terms in 10^-6: mean, and variance with ddof 1. */
const MOMENTS = ['periods', 'return_sum', 'return_squares'] as const;
const meanOf = ([n, sum]: readonly number[]): number => sum! / n! / MICROS;
const deviationOf = ([n, sum, squares]: readonly number[]): number =>
  Math.sqrt((squares! - (sum! * sum!) / n!) / (n! - 1)) / MICROS;

export const totalReturn = rowwise(['equity'], ([equity], p) => (equity! - p.capital) / p.capital);

export const annualReturn = rowwise(MOMENTS, (row, p) => meanOf(row) * periodsPerYear(p));

export const volatility = rowwise(MOMENTS, (row, p) => deviationOf(row) * Math.sqrt(periodsPerYear(p)));

export const sharpe = rowwise(
  MOMENTS,
  (row, p) => (meanOf(row) / deviationOf(row)) * Math.sqrt(periodsPerYear(p)),
);

/**
 * Lo (2002) for returns of first autocorrelation ρ and ρ^k beyond: SR · √q / √(1 + 2ρ/(1-ρ) · (1 - (1-ρ^q)/(q(1-ρ)))),
 * q periods of a year.
 */
export const sharpeLo = rowwise([...MOMENTS, 'lagged_products'], (row, p) => {
  const [n, sum, squares, lagged] = row as [number, number, number, number];
  // a whole number: powers of a negative ρ
  const q = Math.max(1, Math.round(periodsPerYear(p)));
  const mean = sum / n;
  // the first and the last return are in one product only, of n - 1: their means are taken as those of all
  const rho = (lagged - (n - 1) * mean * mean) / (squares - n * mean * mean);
  const inflation = 1 + ((2 * rho) / (1 - rho)) * (1 - (1 - rho ** q) / (q * (1 - rho)));
  return (meanOf(row) / deviationOf(row)) * Math.sqrt(q / inflation);
});

export const sortino = rowwise(
  ['periods', 'return_sum', 'downside_squares'],
  (row, p) => (meanOf(row) / (Math.sqrt(row[2]! / row[0]!) / MICROS)) * Math.sqrt(periodsPerYear(p)),
);

export const maxDrawdown = rowwise(['largest_fall'], ([fall], p) => fall! / p.capital);

export const calmar = rowwise(['annual_return', 'max_drawdown'], ([gain, fall]) => gain! / fall!);

export const turnoverRatio = rowwise(['turnover'], ([turnover], p) => turnover! / p.capital);

/** Costs by what was earned before them. */
export const costShare = rowwise(
  ['equity', 'fees', 'spread_cost', 'impact_cost', 'funding'],
  ([equity, ...costs], p) => {
    const paid = costs.reduce((sum, cost) => sum + cost, 0);
    const gross = equity! - p.capital + paid;
    return gross > 0 ? paid / gross : Number.NaN;
  },
);

/**
 * Capital at which impact would take all the profit. What positions earn before impact grows with capital C, and impact as
 * C^(3/2), being a rate of √(q/V) on orders of size q: with G earned before impact and I paid for it at this capital, G·x =
 * I·x^(3/2) at x = (G/I)². Takes the orders as they were: a limit of participation would cut larger ones.
 */
export const capacityOf = (capital: number, profit: number, impact: number): number => {
  if (impact === 0) return Number.NaN;
  return capital * (Math.max(0, profit + impact) / impact) ** 2;
};

export const capacity = rowwise(['equity', 'impact_cost'], ([equity, impact], p) =>
  capacityOf(p.capital, equity! - p.capital, impact!),
);

export const hitRate = rowwise(['wins', 'trades'], ([wins, trades]) => wins! / trades!);

export const profitFactor = rowwise(['gross_profit', 'gross_loss'], ([profit, loss]) => profit! / loss!);

export const exposureShare = rowwise(['exposure_bars', 'bars'], ([exposed, bars]) => exposed! / bars!);

export const netPrice = rowwise(['value', 'quantity'], ([value, quantity]) => value! / quantity!);

export function periodProfit({ table }: Context): Float64Array {
  const micros = table.columns.profit_micros as Float64Array;
  const out = new Float64Array(table.rows);
  for (let i = 0; i < out.length; i++) out[i] = micros[i]! / MICROS;
  return out;
}
