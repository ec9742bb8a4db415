import { COST } from './sweep-sql.mjs';

/** The runs of `sweep-sql.mjs` in Polars: parameter sets as rows of a join, and as columns of one frame. */
export function sweepForms(pl, { bars, signals, sets }, list) {
  const { col, lit, when } = pl;
  const nothing = lit(null);
  const sign = when(col('z').gt(lit(0)))
    .then(lit(1))
    .otherwise(
      when(col('z').lt(lit(0)))
        .then(lit(-1))
        .otherwise(lit(0)),
    );
  const value = (given) => (typeof given === 'string' ? col(given) : lit(given));
  const wanted = (direction, { entry, relative, volatility }) => {
    const enters = col(direction)
      .eq(sign.cast(pl.Int8))
      .and(col('z').abs().gtEq(value(entry).cast(pl.Int32)))
      .and(col('relative').gtEq(value(relative).cast(pl.Int32)));
    const weight = value(volatility).cast(pl.Float64).div(col('sigma')).clip(0, 1);
    return when(enters).then(col(direction).mul(weight)).otherwise(nothing);
  };
  const stages = (frame, by, names) => {
    const each = (of) => names.map((k) => of(k));
    // nothing is held in the first bar, whatever the row before it held
    const turned = (held) =>
      when(col('i').eq(lit(0).cast(pl.Int16)))
        .then(lit(0))
        .otherwise(held.diff(1, 'ignore').abs());
    return frame
      .withColumns(
        ...each((k) =>
          col(`wanted${k}`)
            .forwardFill()
            .shift(1)
            .over(...by)
            .fillNull(lit(0))
            .alias(`held${k}`),
        ),
      )
      .withColumns(...each((k) => turned(col(`held${k}`)).alias(`turned${k}`)))
      .withColumns(
        ...each((k) =>
          col(`held${k}`)
            .mul(col('change'))
            .sub(col(`turned${k}`).mul(lit(COST)))
            .alias(`profit${k}`),
        ),
      )
      .groupBy(by, false)
      .agg(
        ...each((k) => {
          const profit = col(`profit${k}`);
          const equity = profit.cumSum();
          return [
            ...[profit.sum().alias(`total${k}`), profit.mul(profit).sum().alias(`squares${k}`)],
            ...[
              col(`turned${k}`).sum().alias(`turnover${k}`),
              col(`held${k}`).neq(lit(0)).sum().alias(`exposure${k}`),
            ],
            equity.cumMax().sub(equity).max().alias(`drawdown${k}`),
          ];
        }).flat(),
      );
  };
  const measures = ['total', 'squares', 'turnover', 'exposure', 'drawdown'];
  // plans and expressions are made before the clock runs
  const set = { entry: 'entry', relative: 'least', volatility: 'volatility' };
  const joined = sets.join(signals, { on: 'trend', how: 'left' });
  const rows = stages(
    joined.withColumns(wanted('direction', set).alias('wanted')),
    ['instrument', 'set'],
    [''],
  );
  const asked = list.map((own, k) => wanted(`direction${own.trend}`, own).alias(`wanted${k}`));
  const columns = stages(bars.withColumns(...asked), ['instrument'], [...list.keys()]);
  const shown = list.map((own, k) => [
    ...[col('instrument'), lit(own.set).cast(pl.Int16).alias('set')],
    ...measures.map((name) => col(name + k).alias(name)),
  ]);
  return {
    'sets as rows': async () => ({ runs: await rows.collect() }),
    'sets as columns': async () => {
      const wide = await columns.collect();
      return { runs: pl.concat(shown.map((one) => wide.select(...one))) };
    },
  };
}
