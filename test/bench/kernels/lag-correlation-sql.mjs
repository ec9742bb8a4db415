const CELL = 'PARTITION BY instrument, lag';
const PEERS = 'RANGE BETWEEN CURRENT ROW AND CURRENT ROW';

/** Average rank: those of equal value share the middle of their ranks. */
const rank = (by) =>
  `rank() OVER (${CELL} ORDER BY ${by}) + (count(*) OVER (${CELL} ORDER BY ${by} ${PEERS}) - 1) / 2`;

const centred = (name) => `${name} - avg(${name}) OVER cell AS ${name}`;
const sums = (a, b) =>
  `sum(${a} * ${a}) OVER cell AS ${a}${a}, sum(${b} * ${b}) OVER cell AS ${b}${b}, sum(${a} * ${b}) OVER cell AS ${a}${b}`;
const influence = (a, b) =>
  `${a} * ${b} - 0.5 * (${a} * ${a} * ${a}${b} / ${a}${a} + ${b} * ${b} * ${a}${b} / ${b}${b}) AS influence_${a}${b}`;

/** Windows of influences; those that reach past the last pair are the sums from the last pairs to the end. */
const windows = (name, lags) => `sum(${name}) OVER past AS past_${name},
  CASE WHEN lead(i, ${lags}) OVER w IS NULL AND lag(i) OVER w IS NOT NULL THEN sum(${name}) OVER rest ELSE 0 END AS rest_${name}`;

const correlation = (a, b, name, lags) => {
  const scale = `any_value(${a}${a}) * any_value(${b}${b})`;
  const rho = `any_value(${a}${b}) / sqrt(${scale})`;
  const squares = ['past', 'rest'].map((part) => `sum(${part}_influence_${a}${b} ** 2)`).join(' + ');
  return `${rho} AS ${name},
    sqrt((${squares}) / ${lags + 1} * count(*) / (${scale}) / (count(*) - 3)) / (1 - (${rho}) ** 2) AS ${name}_error`;
};

/** Both correlations and their errors of pairs (instrument, lag, i, x, y); Newey-West lags as `pairLags` has them. */
const table = (pairs, lags) => `SELECT instrument, lag, count(*) AS n_pairs,
    ${correlation('x', 'y', 'pearson', lags)}, ${correlation('u', 'v', 'spearman', lags)}
  FROM (
    SELECT *, ${windows('influence_xy', lags)}, ${windows('influence_uv', lags)} FROM (
      SELECT *, ${influence('x', 'y')}, ${influence('u', 'v')} FROM (
        SELECT *, ${sums('x', 'y')}, ${sums('u', 'v')} FROM (
          SELECT instrument, lag, i, ${['x', 'y', 'u', 'v'].map(centred)} FROM (
            SELECT *, ${rank('x')} AS u, ${rank('y')} AS v FROM (${pairs})
          ) WINDOW cell AS (${CELL})
        ) WINDOW cell AS (${CELL})
      )
    ) WINDOW w AS (${CELL} ORDER BY i), past AS (w ROWS ${lags} PRECEDING),
      rest AS (w ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING)
  ) GROUP BY ALL`;

/** Pairs of all lags by a join, and by a query a lag. */
export function lagForms(rows, lags) {
  const most = Math.floor(4 * (rows / 100) ** (2 / 9));
  const joined = `SELECT a.instrument, lag, a.i, a.x, b.y
    FROM series a, (VALUES ${lags.map((lag) => `(${lag})`)}) l(lag)
    JOIN series b ON b.instrument = a.instrument AND b.i = a.i + lag`;
  const one = (lag) => `SELECT instrument, ${lag} AS lag, i, x, y FROM (
    SELECT instrument, i, x, lead(y, ${lag}) OVER (PARTITION BY instrument ORDER BY i) AS y FROM series) WHERE y IS NOT NULL`;
  return {
    'a join of all lags': { lags: table(joined, most) },
    'a query a lag': { lags: lags.map((lag) => table(one(lag), most)).join(' UNION ALL ') },
  };
}
