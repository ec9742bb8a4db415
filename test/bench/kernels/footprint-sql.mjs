const lotsOf = (side) => `sum(CASE WHEN side = ${side} THEN lots ELSE 0 END)`;

/** Cells without flags: volumes and trades by instrument, minute, price row and side. */
const SUMS = `${lotsOf(1)} AS buy_volume, ${lotsOf(-1)} AS sell_volume, ${lotsOf(0)} AS unknown_volume,
  count(*)::UINTEGER AS trades, countif(side = 1)::UINTEGER AS buy_trades, countif(side = -1)::UINTEGER AS sell_trades`;

/** What follows from a row and its neighbours: below_sell and above_buy are null where the next price did not trade. */
const SHOWN = `instrument, time, row, row * unit AS price, buy_volume, sell_volume, unknown_volume,
  buy_volume + sell_volume + unknown_volume AS volume, buy_volume - sell_volume AS delta, trades, buy_trades,
  sell_trades, (buy_volume - sell_volume)::DOUBLE / nullif(buy_volume + sell_volume, 0) AS vi,
  (buy_trades::INTEGER - sell_trades::INTEGER)::DOUBLE / nullif(buy_trades + sell_trades, 0) AS count_imbalance,
  coalesce(buy_volume >= 3 * below_sell AND below_sell > 0, false) AS buy_flag,
  coalesce(sell_volume >= 3 * above_buy AND above_buy > 0, false) AS sell_flag,
  buy_volume >= 3 * sell_volume AND sell_volume > 0 AS same_buy_flag,
  sell_volume >= 3 * buy_volume AND buy_volume > 0 AS same_sell_flag, time + INTERVAL '1 minute' AS available_at`;

/** Runs of at least three adjacent flagged prices: row less its number is the same all along a run. */
const zonesOf = (side, flag) => `SELECT instrument, time, min(row) AS first_row, ${side}::TINYINT AS side,
  max(row) AS last_row, count(*) AS rows, sum(buy_volume) AS buy_volume, sum(sell_volume) AS sell_volume,
  sum(unknown_volume) AS unknown_volume, any_value(available_at) AS available_at
FROM (SELECT *, row - row_number() OVER (PARTITION BY instrument, time ORDER BY row) AS run
  FROM cells WHERE ${flag}) GROUP BY instrument, time, run HAVING count(*) >= 3`;
const zones = `${zonesOf(1, 'buy_flag')} UNION ALL ${zonesOf(-1, 'sell_flag')}`;

const cells = `SELECT instrument, time_bucket(INTERVAL '1 minute', ts) AS time, row, ${SUMS}
  FROM trades GROUP BY ALL`;

/** Neighbours by window functions over an instrument's rows in order. */
const WINDOWS = `SELECT ${SHOWN} FROM (
  SELECT *, CASE WHEN lag(time) OVER w = time AND lag(row) OVER w = row - 1 THEN lag(sell_volume) OVER w END AS below_sell,
    CASE WHEN lead(time) OVER w = time AND lead(row) OVER w = row + 1 THEN lead(buy_volume) OVER w END AS above_buy
  FROM (${cells}) WINDOW w AS (PARTITION BY instrument ORDER BY time, row)) JOIN units USING (instrument)`;

/** Minute and price row in one integer, so that one key is grouped by and one is sorted by. */
const PACKED = `SELECT ${SHOWN} FROM (
  SELECT instrument, make_timestamp((key >> 32) * 60000000) AS time, (key & 4294967295)::INTEGER AS row,
    * EXCLUDE (instrument, key), CASE WHEN lag(key) OVER w = key - 1 THEN lag(sell_volume) OVER w END AS below_sell,
    CASE WHEN lead(key) OVER w = key + 1 THEN lead(buy_volume) OVER w END AS above_buy
  FROM (SELECT instrument, (epoch_us(ts) // 60000000) << 32 | row AS key, ${SUMS} FROM trades GROUP BY ALL)
  WINDOW w AS (PARTITION BY instrument ORDER BY key)) JOIN units USING (instrument)`;

export const FORMS = {
  'three keys': { cells: WINDOWS, zones },
  'a packed key': { cells: PACKED, zones },
};
