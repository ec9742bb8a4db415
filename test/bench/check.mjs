import { isValid, readInt64 } from '../../dist/table/presented.js';

/**
 * Compares the peer's table with ours, column by column: labels, counts, times and prices exactly (prices to one
 * part in 10^12), sums and ratios to 1e-9 of what they are made of. Throws on the first cell beyond.
 */
export async function checkPeer(peer, name, sql, table) {
  const ours = Object.fromEntries(
    table.columns
      .filter(({ data }) => data.type !== 'decimal')
      .map((column) => [column.name.replace('_f64', ''), numbers(column, table.rows)]),
  );
  await peer.run('DROP TABLE IF EXISTS answer');
  await peer.run(`CREATE TEMP TABLE answer AS ${sql}`);
  const found = await peer.columns('answer');
  const names = Object.keys(found).filter((column) => column !== 'symbol');
  const rows = found[names[0]].length;
  if (rows !== table.rows) throw new Error(`${name}: ${rows} rows, ours has ${table.rows}`);
  const instrument = ours.instrument;
  let turnover = 0;
  for (let i = 0; i < rows; i++) {
    if (found.symbol[i] !== instrument[i])
      throw new Error(`${name}: row ${i} is of another instrument than ours`);
    turnover = i > 0 && instrument[i] === instrument[i - 1] ? turnover + ours.volume[i] : ours.volume[i];
    for (const column of names) {
      const got = found[column][i];
      const want = ours[column][i];
      if (got === null ? Number.isNaN(want) : Math.abs(got - want) <= bound(column, i, ours, turnover))
        continue;
      throw new Error(`${name}: ${column} of row ${i} is ${got}, ours is ${want}`);
    }
  }
  await peer.run('DROP TABLE answer');
  return { rows, columns: names.length + 1 };
}

function bound(column, i, ours, turnover) {
  switch (column) {
    case 'time':
    case 'row':
    case 'available_at':
    case 'cvd_available_at':
    case 'trades':
    case 'buy_trades':
    case 'sell_trades':
      return 0;
    case 'open':
    case 'high':
    case 'low':
    case 'close':
      return 1e-12 * ours[column][i];
    case 'notional':
    case 'vwap':
      return 1e-9 * ours[column][i];
    case 'sigma':
      // the difference of two squares in DOUBLE: half the digits
      return 1e-6 * ours.vwap[i];
    case 'cvd':
      return 1e-9 * turnover;
    case 'vi':
    case 'vi_low':
    case 'vi_high':
    case 'count_imbalance':
    case 'coverage':
      return 1e-9;
    default:
      return 1e-9 * ours.volume[i];
  }
}

/** A presented column as numbers, NaN where null; only for comparing. */
function numbers(column, rows) {
  const out = new Float64Array(rows);
  for (let i = 0; i < rows; i++) out[i] = isValid(column, i) ? valueAt(column.data, i) : Number.NaN;
  return out;
}

const valueAt = (data, i) =>
  data.type === 'symbol' ? data.codes[i] : 'values' in data ? data.values[i] : readInt64(data.words, i);
