/** Of instruments that all have a tick of 0.01 and a lot of 0.001, as in `indicators-sql.mjs`. */
const [TICK, LOT, MONEY] = [0.01, 0.001, 0.00001];
const MOVEMENT = (TICK * TICK * 1e8) / (2 * LOT);

/** Columns of indicators that have several. */
const SEVERAL = {
  ...{ emv: ['emv', 'emv_sma'], force: ['force2', 'force13'] },
  ...{ pvo: ['pvo', 'pvo_signal'], kvo: ['kvo', 'kvo_signal'] },
};

/** Expressions along one instrument's bars; those of a stage read the stages before it through `t`. */
function stagesOf({ col, lit, when, ...pl }) {
  const f64 = (name) => col(name).cast(pl.Float64);
  const [high, low, close, volume] = ['high', 'low', 'close', 'volume'].map(f64);
  const n = (value) => lit(value);
  const pick = (condition, value, other) => when(condition).then(value).otherwise(other);
  const sum = (expr, bars) => expr.rollingSum({ windowSize: bars, minPeriods: bars });
  const ema = (expr, period) => expr.ewmMean({ alpha: 2 / (period + 1), adjust: false, ignoreNulls: true });
  const total = (expr) => expr.fillNull(n(0)).cumSum();
  const first = {
    change: () => close.sub(close.shift(1)),
    flow: () => close.sub(low).sub(high.sub(close)).div(high.sub(low)).mul(volume),
    range: () => high.sub(low),
    typical: () => high.add(low).add(close),
    middle: () => high.add(low),
    v1: () => volume.shift(1),
  };
  const second = {
    adl_lots: (t) => t('flow').cumSum(),
    rise: (t) => t('typical').sub(t('typical').shift(1)),
    move: (t) => t('middle').sub(t('middle').shift(1)).mul(t('range')).div(volume),
    push: (t) => t('change').mul(volume),
    ratio: () => close.div(close.shift(1)),
    pvo: () => ema(volume, 12).sub(ema(volume, 26)).div(ema(volume, 26)).mul(n(100)),
    // -1 on a tie; the first bar has none
    turn: (t) => pick(t('typical').gt(t('typical').shift(1)), n(1), n(-1)),
    ranges: (t) => t('range').cumSum(),
    place: () => close.cumCount(),
  };
  const third = {
    // ranges before the run of equal trends, carried through it: the second bar's own count as none
    before: (t) =>
      when(t('place').eq(n(2)))
        .then(t('ranges'))
        .when(
          t('place')
            .gt(n(2))
            .and(t('turn').neq(t('turn').shift(1))),
        )
        .then(t('ranges').shift(2).fillNull(n(0)))
        .otherwise(lit(null))
        .forwardFill(),
    gain: (t) =>
      pick(t('rise').gt(n(0)), t('typical').mul(volume), pick(t('rise').isNull(), lit(null), n(0))),
    loss: (t) =>
      pick(t('rise').lt(n(0)), t('typical').mul(volume), pick(t('rise').isNull(), lit(null), n(0))),
  };
  const fourth = {
    force: (t) => {
      const run = t('ranges').sub(t('before'));
      const force = t('range').div(run).sub(n(1)).mul(n(2)).abs().mul(volume).mul(t('turn')).mul(n(100));
      return pick(t('place').gt(n(2)), force, lit(null));
    },
    gains: (t) => sum(t('gain'), 14),
    losses: (t) => sum(t('loss'), 14),
    volumes: () => sum(volume, 20),
  };
  const fifth = {
    klinger: (t) =>
      ema(t('force'), 34)
        .sub(ema(t('force'), 55))
        .mul(n(LOT)),
  };
  const shown = {
    obv: (t) =>
      total(pick(t('change').gt(n(0)), volume, pick(t('change').lt(n(0)), volume.mul(n(-1)), n(0)))),
    adl: (t) => t('adl_lots').mul(n(LOT)),
    cmf: (t) => sum(t('flow'), 20).div(t('volumes')),
    adosc: (t) =>
      ema(t('adl_lots'), 3)
        .sub(ema(t('adl_lots'), 10))
        .mul(n(LOT)),
    mfi: (t) =>
      t('gains')
        .div(t('gains').add(t('losses')))
        .mul(n(100)),
    force2: (t) => ema(t('push'), 2).mul(n(MONEY)),
    force13: (t) => ema(t('push'), 13).mul(n(MONEY)),
    pvo: (t) => t('pvo'),
    pvo_signal: (t) => ema(t('pvo'), 9),
    vwma: (t) => sum(close.mul(volume), 20).div(t('volumes')).mul(n(TICK)),
    nvi: (t) =>
      pick(volume.lt(t('v1')), t('ratio'), n(1))
        .cumProd()
        .mul(n(1000)),
    pvi: (t) =>
      pick(volume.gt(t('v1')), t('ratio'), n(1))
        .cumProd()
        .mul(n(1000)),
    emv: (t) => t('move').mul(n(MOVEMENT)),
    emv_sma: (t) => sum(t('move'), 14).div(n(14)).mul(n(MOVEMENT)),
    pvt: (t) => total(t('change').div(close.shift(1)).mul(volume)).mul(n(LOT)),
    vroc: () => volume.sub(volume.shift(14)).div(volume.shift(14)).mul(n(100)),
    kvo: (t) => t('klinger'),
    kvo_signal: (t) => ema(t('klinger'), 13),
  };
  return { stages: [first, second, third, fourth, fifth], shown };
}

/** Indicators in Polars: by window expressions, stage after stage, and by lists of a grouping that are unfolded again. */
export function indicatorForms(pl, panel, only) {
  const { col, lit } = pl;
  const { stages, shown } = stagesOf(pl);
  const wanted = only?.flatMap((name) => SEVERAL[name] ?? [name]) ?? Object.keys(shown);
  const outputs = Object.entries(shown).filter(([name]) => wanted.includes(name));
  const end = col('ts').add(lit(60e6).cast(pl.Int64)).alias('available_at');
  const keys = [col('ts').alias('time'), end];
  const flat = (name) => stages.find((stage) => name in stage)[name](flat);
  /** The stages that the outputs read, each with what it is read of. */
  const used = new Set();
  const mark = (name) => {
    used.add(name);
    return stages.find((stage) => name in stage)[name](mark);
  };
  for (const [, build] of outputs) build(mark);
  const over = (name, build) => build(col).over('instrument').alias(name);
  // plans are made before the clock runs
  let staged = panel;
  for (const stage of stages) {
    const needed = Object.entries(stage).filter(([name]) => used.has(name));
    if (needed.length > 0) staged = staged.withColumns(...needed.map(([name, build]) => over(name, build)));
  }
  const windows = staged.select(
    col('instrument'),
    ...keys,
    ...outputs.map(([name, build]) => over(name, build)),
  );
  const lists = outputs.map(([name, build]) => build(flat).alias(name));
  const unfolded = panel
    .groupBy('instrument', false)
    .agg(...keys, ...lists)
    .explode(['time', 'available_at', ...wanted]);
  return {
    'window expressions': async () => ({ indicators: await windows.collect() }),
    'lists of a grouping, unfolded': async () => ({ indicators: await unfolded.collect() }),
  };
}
