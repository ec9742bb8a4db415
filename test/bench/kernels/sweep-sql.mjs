/** Half spread and taker fee of every change of position, the defaults of strategy-sweep. */
export const COST = 0.0006;

const MEASURES = ['total', 'squares', 'turnover', 'exposure', 'drawdown'];
/** What is kept of a run: profits, their squares, what was turned over, bars with a position, the largest fall. */
const measures = (k = '') => [
  ...[`sum(profit${k})`, `sum(profit${k} * profit${k})`, `sum(turned${k})`],
  ...[`count(*) FILTER (held${k} <> 0)`, `max(peak${k} - equity${k})`],
];

/** The position that a bar's signals ask for, null where they ask for none and what is held stays. */
const wanted = (direction, { entry, relative, volatility }) =>
  `CASE WHEN direction${direction} = sign(z) AND abs(z) >= ${entry} AND relative >= ${relative}
    THEN direction${direction} * least(1, ${volatility} / sigma) END`;

/** Stage after stage, each over the one before; `each` writes an expression for every run that a row holds. */
function stages(from, keys, by, each) {
  const w = `(PARTITION BY ${by} ORDER BY i)`;
  const past = `(PARTITION BY ${by} ORDER BY i ROWS UNBOUNDED PRECEDING)`;
  const before = `(PARTITION BY ${by} ORDER BY i ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)`;
  const held = each((k) => `coalesce(last_value(wanted${k} IGNORE NULLS) OVER ${before}, 0) AS held${k}`);
  const turned = each((k) => `held${k}, abs(held${k} - coalesce(lag(held${k}) OVER ${w}, 0)) AS turned${k}`);
  const profit = each((k) => `held${k}, turned${k}, held${k} * change - ${COST} * turned${k} AS profit${k}`);
  return [
    `SELECT ${keys}, i, change, ${held} FROM (${from})`,
    `SELECT ${keys}, i, change, ${turned}`,
    `SELECT ${keys}, i, ${profit}`,
    `SELECT *, ${each((k) => `sum(profit${k}) OVER ${past} AS equity${k}`)}`,
    `SELECT *, ${each((k) => `max(equity${k}) OVER ${past} AS peak${k}`)}`,
  ].reduce((inner, outer) => `${outer} FROM (${inner})`);
}

/** Parameter sets as rows: a join gives every set the bars of its trend. */
function rows() {
  const set = { entry: 's.entry', relative: 's.least', volatility: 's.volatility' };
  const crossed = `SELECT b.instrument, s.set, b.i, b.change, ${wanted('', set)} AS wanted
    FROM signals b JOIN sets s USING (trend)`;
  const named = measures().map((measure, n) => `${measure} AS ${MEASURES[n]}`);
  const one = (of) => of('');
  return `SELECT instrument, set, ${named} FROM (${stages(crossed, 'instrument, set', 'instrument, set', one)}) GROUP BY ALL`;
}

/** Parameter sets as columns: one order of the bars carries them all. */
function columns(sets) {
  const each = (of) => sets.map((_, k) => of(k)).join(', ');
  const asked = each((k) => `${wanted(sets[k].trend, sets[k])} AS wanted${k}`);
  const from = `SELECT instrument, i, change, ${asked} FROM bars`;
  const named = each((k) => measures(k).map((measure, n) => `${measure} AS ${MEASURES[n]}${k}`));
  const wide = `SELECT instrument, ${named} FROM (${stages(from, 'instrument', 'instrument', each)}) GROUP BY ALL`;
  const values = each((k) => `(${sets[k].set}, ${MEASURES.map((name) => name + k)})`);
  return `WITH wide AS MATERIALIZED (${wide})
    SELECT instrument, l.* FROM wide, LATERAL (VALUES ${values}) AS l(set, ${MEASURES})`;
}

export const sweepForms = (sets) => ({
  'sets as rows': { runs: rows() },
  'sets as columns': { runs: columns(sets) },
});
