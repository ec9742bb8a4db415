import { COST } from './sweep-sql.mjs';

/** What the peers must answer: their rule as a plain loop. */
export function expectedRuns(bars, sets, offsets) {
  const ordered = [...sets].sort((a, b) => a.set - b.set);
  const rows = (offsets.length - 1) * ordered.length;
  const names = ['instrument', 'set', 'total', 'squares', 'turnover', 'exposure', 'drawdown'];
  const columns = Object.fromEntries(names.map((name) => [name, new Float64Array(rows)]));
  const [z, relative, sigma, change] = ['z', 'relative', 'sigma', 'change'].map((name) => bars[name][1]);
  let row = 0;
  for (let s = 0; s + 1 < offsets.length; s++)
    for (const set of ordered) {
      const direction = bars[`direction${set.trend}`][1];
      const run = {
        instrument: s,
        set: set.set,
        total: 0,
        squares: 0,
        turnover: 0,
        exposure: 0,
        drawdown: 0,
      };
      let [held, asked, peak] = [0, 0, 0];
      for (let i = offsets[s]; i < offsets[s + 1]; i++) {
        const turned = Math.abs(asked - held);
        held = asked;
        const profit = held * change[i] - COST * turned;
        run.total += profit;
        run.squares += profit * profit;
        run.turnover += turned;
        if (held !== 0) run.exposure++;
        peak = Math.max(peak, run.total);
        run.drawdown = Math.max(run.drawdown, peak - run.total);
        const enters = direction[i] === Math.sign(z[i]) && Math.abs(z[i]) >= set.entry;
        if (enters && relative[i] >= set.relative)
          asked = direction[i] * Math.min(1, set.volatility / sigma[i]);
      }
      for (const name of names) columns[name][row] = run[name];
      row++;
    }
  return { rows, columns };
}
