/** Names of the four columns of a level, and of what they were a state before. */
const level = (l) => ({ bid: `bid${l}`, bids: `bids${l}`, ask: `ask${l}`, asks: `asks${l}` });
const before = (name) => `${name}_before`;

/** Columns of the peers' book: every level's prices in ticks and sizes in lots. */
export const bookColumns = (levels) =>
  Array.from({ length: levels }, (_, l) => Object.values(level(l + 1))).flat();

/** e_n of a level, null in the first state of an instrument. */
const event = ({ bid, bids, ask, asks }) => `CASE WHEN ${bid} > ${before(bid)} THEN ${bids}
    WHEN ${bid} < ${before(bid)} THEN -${before(bids)} ELSE ${bids} - ${before(bids)} END
  + CASE WHEN ${ask} < ${before(ask)} THEN -${asks}
    WHEN ${ask} > ${before(ask)} THEN ${before(asks)} ELSE ${before(asks)} - ${asks} END`;

/** Bars of one row a level from states with the state before, null where there is none. */
function bars(states, levels) {
  const places = Array.from({ length: levels }, (_, l) => l + 1);
  const sums = places.map((l) => `sum(${event(level(l))}) AS ofi${l}`);
  return `WITH bars AS (
    SELECT instrument, time_bucket(INTERVAL '1 minute', ts) AS time, ${sums}, count(bid1_before) AS events,
      count(*) AS observations, sum(bid1 + ask1 - bid1_before - ask1_before) * 0.01 / 2 AS mid_change
    FROM (${states}) GROUP BY ALL)
  SELECT instrument, time, level, ofi, CASE WHEN events > 0 THEN events ELSE 0 END AS events, observations, mid_change,
    time + INTERVAL '1 minute' AS available_at
  FROM bars, LATERAL (VALUES ${places.map((l) => `(${l}::UTINYINT, ofi${l})`)}) AS l(level, ofi)`;
}

export function orderFlowForms(levels) {
  const names = bookColumns(levels);
  const lagged = names.map((name) => `lag(${name}) OVER w AS ${before(name)}`);
  const kept = (name) => `CASE WHEN same THEN ${before(name)} END AS ${before(name)}`;
  return {
    'lag by instrument': bars(
      `SELECT *, ${lagged} FROM book WINDOW w AS (PARTITION BY instrument ORDER BY ts)`,
      levels,
    ),
    'lag over stored order': bars(
      `SELECT instrument, ts, ${names}, ${names.map(kept)} FROM (
        SELECT *, lag(instrument) OVER () = instrument AS same,
          ${names.map((name) => `lag(${name}) OVER () AS ${before(name)}`)} FROM book)`,
      levels,
    ),
  };
}
