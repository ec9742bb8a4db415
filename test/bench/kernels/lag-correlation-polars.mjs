/**
 * Correlations of x with y `lag` rows later in Polars, by instrument: Pearson's and Spearman's, each with the standard error
 * of its Fisher z. All lags as one long frame, and a plan a lag, joined at the end.
 */
export function lagForms(pl, series, rows, lags) {
  const { col, lit } = pl;
  const n = (value) => lit(value);
  /** Pairs of a lag. */
  const pairs = (lag) => {
    const y = col('y').shift(-lag).over('instrument');
    const number = lit(lag).cast(pl.Int32).alias('lag');
    return series.select(col('instrument'), number, col('x'), y.alias('y')).filter(col('y').isNotNull());
  };
  /** What is summed of a pair: its values and its ranks, centred. */
  const moments = (keys) => (frame) => {
    const over = (expr) => expr.over(...keys);
    const rank = (name) => over(col(name).rank({ method: 'average' }));
    const centred = (name) =>
      col(name)
        .sub(over(col(name).mean()))
        .alias(name);
    const products = [
      ['x', 'y'],
      ['u', 'v'],
    ].flatMap(([a, b]) => [
      [a, a],
      [b, b],
      [a, b],
    ]);
    const sums = products.map(([a, b]) => over(col(a).mul(col(b)).sum()).alias(a + b));
    const influence = (a, b) => {
      const [aa, bb, ab] = [col(a + a), col(b + b), col(a + b)];
      const own = col(a)
        .mul(col(a))
        .mul(ab.div(aa))
        .add(col(b).mul(col(b)).mul(ab.div(bb)));
      return col(a)
        .mul(col(b))
        .sub(own.mul(n(0.5)))
        .alias(`influence_${a}${b}`);
    };
    return frame
      .withColumns(rank('x').alias('u'), rank('y').alias('v'))
      .withColumns(...['x', 'y', 'u', 'v'].map(centred))
      .withColumns(...sums)
      .withColumns(influence('x', 'y'), influence('u', 'v'));
  };
  /** Newey-West lags as `pairLags` has them; the fewest and the most pairs of these lags have the same. */
  const bandwidth = Math.floor(4 * (rows / 100) ** (2 / 9));
  /** One row an instrument and lag; windows that reach past the last pair are those of zeros behind it. */
  const correlations = (frame) => {
    const windows = (name) =>
      col(name)
        .extendConstant(0, bandwidth)
        .rollingSum({ windowSize: bandwidth + 1, minPeriods: 1 })
        .pow(2)
        .sum();
    const names = [
      ['x', 'y', 'pearson'],
      ['u', 'v', 'spearman'],
    ];
    const summed = frame
      .groupBy(['instrument', 'lag'], false)
      .agg(
        pl.len().alias('n_pairs'),
        ...names.flatMap(([a, b]) => [
          ...[a + a, b + b, a + b].map((name) => col(name).first()),
          windows(`influence_${a}${b}`).alias(`windows_${a}${b}`),
        ]),
      );
    const shown = names.flatMap(([a, b, name]) => {
      const scale = col(a + a).mul(col(b + b));
      const rho = col(a + b).div(scale.pow(0.5));
      const count = col('n_pairs');
      const variance = col(`windows_${a}${b}`)
        .div(n(bandwidth + 1))
        .mul(count)
        .div(scale);
      const error = variance
        .div(count.sub(n(3)))
        .pow(0.5)
        .div(n(1).sub(rho.mul(rho)));
      return [rho.alias(name), error.alias(`${name}_error`)];
    });
    return summed.select(...['instrument', 'lag', 'n_pairs'].map((name) => col(name)), ...shown);
  };
  // plans are made before the clock runs
  const together = correlations(moments(['instrument', 'lag'])(pl.concat(lags.map(pairs))));
  const apart = pl.concat(lags.map((lag) => correlations(moments(['instrument'])(pairs(lag)))));
  return {
    'all lags at once': async () => ({ lags: await together.collect() }),
    'a plan a lag': async () => ({ lags: await apart.collect() }),
  };
}

/** Less than ours gives: both correlations of `some` lags without errors, and Pearson's alone of `all`. */
export function leanForms(pl, series, some, all) {
  const { col } = pl;
  const measures = { pearson: pl.pearsonCorr, spearman: pl.spearmanRankCorr };
  /** Columns by lag become rows; measures of the same lags in the same order stand beside one another. */
  const lag = col('lag').str.split(' ').lst.get(1).cast(pl.Int32).alias('lag');
  const table = (lags, names) => {
    const column = (name, by) => measures[name](col('x'), col('y').shift(-by)).alias(`${name} ${by}`);
    const plan = series
      .groupBy('instrument', false)
      .agg(...names.flatMap((name) => lags.map((by) => column(name, by))));
    const own = (name) => lags.map((by) => `${name} ${by}`);
    return async () => {
      const wide = await plan.collect();
      const longer = (name) =>
        wide.unpivot('instrument', own(name), { variableName: 'lag', valueName: name });
      const [first, ...others] = names.map(longer);
      const all = others.reduce((frame, one) => frame.hstack([one.getColumn(one.columns.at(-1))]), first);
      return { lags: all.withColumns(lag) };
    };
  };
  return { both: table(some, ['pearson', 'spearman']), pearson: table(all, ['pearson']) };
}
