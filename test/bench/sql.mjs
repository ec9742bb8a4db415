/** Columns of the peer's trades: decimals in DOUBLE and the same as integer ticks and lots. */
export const SCHEMA =
  'symbol symbol, ts TIMESTAMP, price DOUBLE, size DOUBLE, tick INTEGER, lots INTEGER, side TINYINT, id INTEGER';

const MINUTE = "time_bucket(INTERVAL '1 minute', ts)";

/** Columns that follow from a bar's sums, by the names of `describe volume-imbalance`. */
const SHARES = `(buy_volume - sell_volume) / nullif(buy_volume + sell_volume, 0) AS vi,
  (buy_volume - sell_volume - unknown_volume) / volume AS vi_low,
  (buy_volume - sell_volume + unknown_volume) / volume AS vi_high,
  (buy_trades - sell_trades) / nullif(buy_trades + sell_trades, 0) AS count_imbalance,
  (buy_volume + sell_volume) / volume AS coverage, time + INTERVAL '1 minute' AS available_at,
  max(time + INTERVAL '1 minute') OVER past AS cvd_available_at`;
const PAST = 'WINDOW past AS (PARTITION BY symbol ORDER BY time ROWS UNBOUNDED PRECEDING)';

const inDoubles = (sumOf, countOf) => `SELECT symbol, time, open, high, low, close, buy_volume, sell_volume,
  unknown_volume, volume, trades, buy_trades, sell_trades, notional, notional / volume AS vwap,
  sqrt(greatest(0, squares / volume - (notional / volume) ** 2)) AS sigma, buy_volume - sell_volume AS delta,
  sum(buy_volume - sell_volume) OVER past AS cvd, ${SHARES}
FROM (SELECT symbol, ${MINUTE} AS time, arg_min(price, id) AS open, max(price) AS high, min(price) AS low,
    arg_max(price, id) AS close, ${sumOf(1)} AS buy_volume, ${sumOf(-1)} AS sell_volume,
    ${sumOf(0)} AS unknown_volume, sum(size) AS volume, count(*) AS trades, ${countOf(1)} AS buy_trades,
    ${countOf(-1)} AS sell_trades, sum(price * size) AS notional, sum(price * price * size) AS squares
  FROM trades GROUP BY ALL) ${PAST}`;

const lotsOf = (side) => `sum(CASE WHEN side = ${side} THEN lots ELSE 0 END)`;

/** Exact like ours: sums of ticks and lots, first and last as the extremes of (id, tick) in one BIGINT. */
const inIntegers = `SELECT symbol, time, (first & 4294967295) * tick AS open, high * tick AS high, low * tick AS low,
  (last & 4294967295) * tick AS close, buy_volume * lot AS buy_volume, sell_volume * lot AS sell_volume,
  unknown_volume * lot AS unknown_volume, volume * lot AS volume, trades, buy_trades, sell_trades,
  moment * tick * lot AS notional, moment / volume * tick AS vwap,
  sqrt((volume * squares - moment * moment)::DOUBLE) / volume * tick AS sigma,
  (buy_volume - sell_volume) * lot AS delta, (sum(buy_volume - sell_volume) OVER past) * lot AS cvd, ${SHARES}
FROM (SELECT symbol, ${MINUTE} AS time, min(id::BIGINT << 32 | tick) AS first, max(tick) AS high, min(tick) AS low,
    max(id::BIGINT << 32 | tick) AS last, ${lotsOf(1)} AS buy_volume, ${lotsOf(-1)} AS sell_volume,
    ${lotsOf(0)} AS unknown_volume, sum(lots) AS volume, count(*) AS trades, countif(side = 1) AS buy_trades,
    countif(side = -1) AS sell_trades, sum(tick::BIGINT * lots) AS moment,
    sum(tick::BIGINT * tick * lots) AS squares
  FROM trades GROUP BY ALL) JOIN units USING (symbol) ${PAST}`;

/** The full table, three ways; the fastest is the peer. */
export const FULL = {
  'FILTER, DOUBLE': inDoubles(
    (side) => `coalesce(sum(size) FILTER (side = ${side}), 0)`,
    (side) => `count(*) FILTER (side = ${side})`,
  ),
  'CASE, DOUBLE': inDoubles(
    (side) => `sum(CASE WHEN side = ${side} THEN size ELSE 0 END)`,
    (side) => `countif(side = ${side})`,
  ),
  'CASE, integers': inIntegers,
};

/** Far less work than our full table: nobody can say that the peer was loaded. */
export const LEAN = `SELECT symbol, ${MINUTE} AS time, sum(CASE WHEN side = 1 THEN size ELSE 0 END) AS buy_volume,
  sum(CASE WHEN side = -1 THEN size ELSE 0 END) AS sell_volume, count(*) AS trades,
  sum(price * size) / sum(size) AS vwap FROM trades GROUP BY ALL`;

/** Daily volume profile by one tick. */
export const PROFILE = `SELECT symbol, date_trunc('day', ts) AS time, tick AS row, ${lotsOf(1)} AS buy_volume,
  ${lotsOf(-1)} AS sell_volume, ${lotsOf(0)} AS unknown_volume, sum(lots) AS volume, count(*) AS trades
  FROM trades GROUP BY ALL`;
