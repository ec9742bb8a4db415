const MINUTE = 60_000_000;
const TIMES = 2 ** 51;

/** The bars of `order-flow-sql.mjs` in Polars, two ways to find the state before. */
export function orderFlowForms(pl, book, names, levels) {
  const { col, lit, when } = pl;
  const int = (n) => lit(n).cast(pl.Int64);
  const before = (name) => col(`${name}_before`);
  const places = Array.from({ length: levels }, (_, l) => l + 1);
  const event = (l) => {
    const [bid, bids, ask, asks] = ['bid', 'bids', 'ask', 'asks'].map((side) => side + l);
    const bought = when(col(bid).gt(before(bid)))
      .then(col(bids))
      .when(col(bid).lt(before(bid)))
      .then(lit(0).cast(pl.Int32).sub(before(bids)))
      .otherwise(col(bids).sub(before(bids)));
    const sold = when(col(ask).lt(before(ask)))
      .then(lit(0).cast(pl.Int32).sub(col(asks)))
      .when(col(ask).gt(before(ask)))
      .then(before(asks))
      .otherwise(before(asks).sub(col(asks)));
    return when(before(bid).isNull()).then(lit(null)).otherwise(bought.add(sold)).cast(pl.Int64).sum();
  };
  const mid = col('bid1').add(col('ask1')).sub(before('bid1')).sub(before('ask1'));
  const sums = [
    ...places.map((l) => event(l).alias(`ofi${l}`)),
    ...[before('bid1').count().alias('events'), pl.len().alias('observations'), mid.sum().alias('mid')],
  ];
  const time = col('ts').sub(col('ts').modulo(int(MINUTE)));
  /** One row a level; no event is no flow. Plans and expressions are made before the clock runs. */
  const known = (value) =>
    when(col('events').gt(lit(0)))
      .then(value)
      .otherwise(lit(null));
  const levelColumns = places.map((l) => [
    ...[col('instrument'), col('time'), lit(l).cast(pl.UInt8).alias('level')],
    known(col(`ofi${l}`)).alias('ofi'),
    ...[col('events'), col('observations'), known(col('mid').mul(lit(0.01)).div(lit(2))).alias('mid_change')],
    col('time').add(int(MINUTE)).alias('available_at'),
  ]);
  const longer = (plan) => async () => {
    const wide = (await plan.collect()).lazy();
    return { bars: await pl.concat(levelColumns.map((columns) => wide.select(...columns))).collect() };
  };
  const byInstrument = () => {
    const shifted = names.map((name) => col(name).shift(1).over('instrument').alias(`${name}_before`));
    const states = book.withColumns(...shifted, time.alias('time'));
    return states.groupBy(['instrument', 'time'], false).agg(...sums);
  };
  const storedOrder = () => {
    const same = col('instrument').eq(col('instrument').shift(1));
    const kept = (name) => when(same).then(col(name).shift(1)).otherwise(lit(null)).alias(`${name}_before`);
    const key = col('instrument').cast(pl.Int64).mul(int(TIMES)).add(time);
    const states = book.withColumns(...names.map(kept), key.alias('key'));
    const inside = col('key').modulo(int(TIMES));
    const instrument = col('key').sub(inside).div(int(TIMES)).cast(pl.UInt16).alias('instrument');
    return states
      .groupBy('key', false)
      .agg(...sums)
      .withColumns(instrument, inside.alias('time'));
  };
  return { 'shift by instrument': longer(byInstrument()), 'shift over stored order': longer(storedOrder()) };
}
