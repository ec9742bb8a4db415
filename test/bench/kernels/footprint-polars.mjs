const MINUTE = 60_000_000;
/** Times are below it, and price rows below a minute: instrument, minute and row fit one integer. */
const TIMES = 2 ** 51;

/**
 * The cells and zones of `footprint-sql.mjs` in Polars, grouped by three keys and by one that packs them. Expressions and
 * plans are made here, not while the clock runs: the binding takes longer to make them than they may take to run.
 */
export function footprintForms(pl, trades, units) {
  const { col, lit, when } = pl;
  const int = (n) => lit(n).cast(pl.Int64);
  const wide = (name) => col(name).cast(pl.Int64);
  const side = (code) => col('side').eq(lit(code).cast(pl.Int8));
  const lots = (code, name) =>
    when(side(code)).then(col('lots')).otherwise(lit(0).cast(pl.Int32)).sum().alias(name);
  const sums = [
    ...[lots(1, 'buy_volume'), lots(-1, 'sell_volume'), lots(0, 'unknown_volume'), pl.len().alias('trades')],
    ...[side(1).sum().alias('buy_trades'), side(-1).sum().alias('sell_trades')],
  ];
  const named = (names) => names.map((name) => col(name));
  const volumes = ['buy_volume', 'sell_volume', 'unknown_volume'];
  const [buy, sell] = [wide('buy_volume'), wide('sell_volume')];
  const share = (a, b) => a.sub(b).cast(pl.Float64).div(a.add(b));
  const dominates = (own, other) =>
    own
      .gtEq(other.mul(int(3)))
      .and(other.gt(int(0)))
      .fillNull(lit(false));
  const shown = [
    ...named(['instrument', 'time', 'row']),
    col('row').mul(col('unit')).alias('price'),
    ...named(volumes),
    buy.add(sell).add(col('unknown_volume')).alias('volume'),
    buy.sub(sell).alias('delta'),
    ...named(['trades', 'buy_trades', 'sell_trades']),
    share(buy, sell).alias('vi'),
    share(wide('buy_trades'), wide('sell_trades')).alias('count_imbalance'),
    dominates(buy, col('below_sell')).alias('buy_flag'),
    dominates(sell, col('above_buy')).alias('sell_flag'),
    dominates(buy, sell).alias('same_buy_flag'),
    dominates(sell, buy).alias('same_sell_flag'),
    col('time').add(int(MINUTE)).alias('available_at'),
  ];
  const same = (key) => col(key).eq(col(key).shift(1));
  const adjacent = same('instrument')
    .and(same('time'))
    .and(col('row').diff(1, 'ignore').eq(lit(1).cast(pl.Int32)));
  const run = adjacent.not().fillNull(lit(true)).cumSum().alias('run');
  const sides = [
    ['buy_flag', 1],
    ['sell_flag', -1],
  ].map(([flag, code]) => [col(flag), lit(code).cast(pl.Int8).alias('side')]);
  const zone = [
    ...named(['instrument', 'time', 'available_at']).map((key) => key.first()),
    ...[col('row').first().alias('first_row'), col('row').last().alias('last_row'), pl.len().alias('rows')],
    ...named(volumes).map((volume) => volume.sum()),
  ];
  const [stacked, butRun] = [col('rows').gtEq(lit(3)), pl.exclude('run')];
  const zonesOf = (cells, [flag, side]) =>
    cells
      .lazy()
      .filter(flag)
      .withColumns(run)
      .groupBy('run', false)
      .agg(...zone)
      .filter(stacked)
      .select(butRun, side);
  const tables = (neighbours) => {
    const plan = neighbours.join(units, { on: 'instrument' }).select(...shown);
    return async () => {
      const cells = await plan.collect();
      return { cells, zones: await pl.concat(sides.map((side) => zonesOf(cells, side))).collect() };
    };
  };
  const beside = (next, name, by) => when(next).then(wide(name).shift(by)).otherwise(lit(null));
  const neighbours = (next) => [
    beside(next, 'sell_volume', 1).alias('below_sell'),
    beside(next.shift(-1), 'buy_volume', -1).alias('above_buy'),
  ];
  const minute = col('ts').sub(col('ts').modulo(int(MINUTE)));
  const threeKeys = () => {
    const keys = ['instrument', 'time', 'row'];
    const cells = trades
      .withColumns(minute.alias('time'))
      .groupBy(keys, false)
      .agg(...sums);
    return cells.sort(keys).withColumns(...neighbours(adjacent));
  };
  const packedKey = () => {
    const key = wide('instrument')
      .mul(int(TIMES))
      .add(minute.add(col('row')));
    const cells = trades
      .withColumns(key.alias('key'))
      .groupBy('key', false)
      .agg(...sums);
    const inside = col('key').modulo(int(TIMES));
    const row = inside.modulo(int(MINUTE));
    return cells
      .sort('key')
      .withColumns(
        col('key').sub(inside).div(int(TIMES)).cast(pl.UInt16).alias('instrument'),
        inside.sub(row).alias('time'),
        row.cast(pl.Int32).alias('row'),
        ...neighbours(col('key').diff(1, 'ignore').eq(int(1))),
      );
  };
  return { 'three keys': tables(threeKeys()), 'a packed key': tables(packedKey()) };
}
