/** Of instruments that all have a tick of 0.01 and a lot of 0.001: price, size, and ease of movement at its scale. */
const [TICK, LOT, MOVEMENT] = ['0.01', '0.001', '(0.01 * 0.01 * 1e8 / (2 * 0.001))'];

const ORDER = 'PARTITION BY instrument ORDER BY ts';
const past = (bars) => `(${ORDER} ROWS BETWEEN ${bars - 1} PRECEDING AND CURRENT ROW)`;
const TOTAL = `(${ORDER} ROWS UNBOUNDED PRECEDING)`;

/** What each bar adds. Prices in ticks and volumes in lots, so that most sums are of integers. */
const TERMS = `SELECT instrument, ts, n, close, volume, v1, v14, c1, high - low AS range,
    sign(close - c1) * volume AS signed, ((close - low) - (high - close))::DOUBLE / (high - low) * volume AS flow,
    close::BIGINT * volume AS turnover, (high + low - h1 - l1) * (high - low)::DOUBLE / volume AS move,
    CASE WHEN high + low + close > h1 + l1 + c1 THEN (high + low + close)::BIGINT * volume ELSE 0 END AS up,
    CASE WHEN high + low + close < h1 + l1 + c1 THEN (high + low + close)::BIGINT * volume ELSE 0 END AS down,
    volume * (close - c1)::DOUBLE / c1 AS trend, close / c1 AS change
  FROM (SELECT *, row_number() OVER w AS n, lag(high) OVER w AS h1, lag(low) OVER w AS l1, lag(close) OVER w AS c1,
      lag(volume) OVER w AS v1, lag(volume, 14) OVER w AS v14
    FROM panel WINDOW w AS (${ORDER}))`;

/** The ten indicators without a recursion, given how to write the sum of the last bars. */
const table = (from, sum) => `SELECT instrument, ts AS time, coalesce(sum(signed) OVER total, 0) AS obv,
    sum(flow) OVER total * ${LOT} AS adl,
    CASE WHEN n >= 20 THEN ${sum('flow', 20)} / ${sum('volume', 20)} END AS cmf,
    CASE WHEN n > 14 THEN 100 * ${sum('up', 14)} / nullif(${sum('up', 14)} + ${sum('down', 14)}, 0) END AS mfi,
    CASE WHEN n >= 20 THEN ${sum('turnover', 20)} / ${sum('volume', 20)} * ${TICK} END AS vwma,
    1000 * coalesce(product(CASE WHEN volume < v1 THEN change ELSE 1 END) OVER total, 1) AS nvi,
    1000 * coalesce(product(CASE WHEN volume > v1 THEN change ELSE 1 END) OVER total, 1) AS pvi,
    move * ${MOVEMENT} AS emv, CASE WHEN n > 14 THEN ${sum('move', 14)} / 14 * ${MOVEMENT} END AS emv_sma,
    coalesce(sum(trend) OVER total, 0) * ${LOT} AS pvt, 100 * (volume - v14)::DOUBLE / v14 AS vroc,
    ts + INTERVAL '1 minute' AS available_at
  FROM (${from}) WINDOW total AS ${TOTAL}, last14 AS ${past(14)}, last20 AS ${past(20)}`;

const SUMMED = ['flow', 'volume', 'turnover', 'up', 'down', 'move'];

export const FORMS = {
  'window frames': { indicators: table(TERMS, (of, bars) => `sum(${of}) OVER last${bars}`) },
  'differences of running totals': {
    indicators: table(
      `SELECT *, ${SUMMED.map((of) => `sum(${of}) OVER total AS ${of}_total`)} FROM (${TERMS}) WINDOW total AS ${TOTAL}`,
      (of, bars) => `(${of}_total - coalesce(lag(${of}_total, ${bars}) OVER total, 0))`,
    ),
  },
};
