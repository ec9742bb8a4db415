import { isExact } from '../../../dist/index.js';

/**
 * Compares a peer's table with ours, both sampled alike: as many rows, and every column that the peer gives equal to
 * ours exactly, to `relative` of the cell, or to `ofLargest` of the column's largest value (for running totals and
 * averages). Throws on the first cell beyond. Returns how much was compared.
 */
export function compareTables(name, ours, theirs, { relative = {}, ofLargest = {} }) {
  if (theirs.rows !== ours.rows) throw new Error(`${name}: ${theirs.rows} rows, ours has ${ours.rows}`);
  let rows = 0;
  for (const [column, got] of Object.entries(theirs.columns)) {
    const want = ours.columns[column];
    rows = want.length;
    if (got.length !== rows) throw new Error(`${name}: ${got.length} sampled rows, ours are ${rows}`);
    const scale = column in ofLargest ? ofLargest[column] * largest(want) : 0;
    const share = relative[column] ?? 0;
    for (let i = 0; i < rows; i++) {
      const same = Number.isNaN(want[i]) ? Number.isNaN(got[i]) : near(got[i], want[i], scale, share);
      if (!same) throw new Error(`${name}: ${column} of row ${i} is ${got[i]}, ours is ${want[i]}`);
    }
  }
  return { name, rows, columns: Object.keys(theirs.columns).length };
}

const near = (got, want, scale, share) => Math.abs(got - want) <= Math.max(scale, share * Math.abs(want));

function largest(values) {
  let most = 0;
  for (const value of values) if (Math.abs(value) > most) most = Math.abs(value);
  return most;
}

/**
 * Rows of every `every`-th instrument of one of our result tables, in its order, which is that of its key, and how many
 * rows there are of all instruments; only those that a peer keeps.
 */
export function sampleOurs({ table }, every, keep = () => true) {
  const codes = table.columns.instrument;
  const picked = [];
  let rows = 0;
  for (let i = 0; i < table.rows; i++) {
    if (!keep(table.columns, i)) continue;
    rows++;
    if (codes[i] % every === 0) picked.push(i);
  }
  const columns = {};
  for (const [name, column] of Object.entries(table.columns)) {
    const values = isExact(column) ? column.values : column;
    columns[name] = Float64Array.from(picked, (i) => values[i]);
  }
  return { rows, columns };
}
