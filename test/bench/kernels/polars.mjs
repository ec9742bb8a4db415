import { loadPolars } from '../../support/polars.mjs';
import { THREADS } from './duck.mjs';

/** Polars with as many threads as DuckDB; undefined where it cannot be had, which is said on standard error. */
export function openPolars() {
  // read once, when the library is loaded
  process.env.POLARS_MAX_THREADS = String(THREADS);
  const pl = loadPolars();
  if (!pl) return undefined;
  return {
    pl,
    version: pl.version,
    /** A lazy frame of columns `[type, typed array]`, copied once; types are DuckDB's and do not matter here. */
    frame(columns) {
      const series = Object.entries(columns).map(([name, [, array]]) => [name, pl.Series(name, array)]);
      return pl.DataFrame(Object.fromEntries(series)).lazy();
    },
    /** `tables` gives data frames by name. */
    contestant(name, tables) {
      let answer;
      return {
        who: 'polars',
        name: `Polars, ${name}`,
        reset() {
          answer = undefined;
        },
        async run() {
          answer = await tables();
        },
        sample: (table, keys, every) => sample(pl, answer[table], keys, every),
      };
    },
  };
}

/** As DuckDB's. */
function sample(pl, frame, keys, every) {
  const picked = frame
    .filter(pl.col('instrument').modulo(every).eq(0))
    .sort(keys)
    .select(...frame.columns.map((name) => pl.col(name).cast(pl.Float64).fillNull(pl.lit(Number.NaN))));
  const columns = frame.columns.map((name) => [name, picked.getColumn(name).toTypedArray()]);
  return { rows: frame.height, columns: Object.fromEntries(columns) };
}
