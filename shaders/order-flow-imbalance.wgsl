// One thread owns one level of one run: rows of an instrument and bar, at most as many as the plan allows. It compares each
// quote with the one before. `out` holds three pairs a run and level (sum of events; change of bid + ask; events,
// observations), then, if asked for, one pair a row and level: the event, or NO_EVENT.
//#import grid
//#import i64

struct Params {
  runs: u32,
  levels: u32,
  // levels a row of the book has
  stride: u32,
  // bit c: a book of state c is an observation
  observed: u32,
}

struct Quote {
  bid: i32,
  ask: i32,
  bids: vec2<u32>,
  asks: vec2<u32>,
  // bid + ask of level 0
  mid: vec2<u32>,
  open: bool,
  shown: bool,
}

struct Run {
  first: u32,
  end: u32,
  // row observed before, CARRIED, or NOTHING
  before: u32,
  instrument: u32,
}

override WG: u32 = 64u;
override LOT_WORDS: u32 = 1u;
override ZERO_FIRST: u32 = 0u;
override EVENTS: u32 = 0u;

const CARRIED = 0xffffffffu;
const NOTHING = 0xfffffffeu;
// in place of a state: one of equal time follows
const SUPERSEDED = 255u;
const NO_EVENT = vec2<u32>(0u, 0x80000000u);

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> runs: array<Run>;
@group(0) @binding(2) var<storage, read> state: array<u32>;
@group(0) @binding(3) var<storage, read> bid_tick: array<i32>;
@group(0) @binding(4) var<storage, read> bid_lots: array<u32>;
@group(0) @binding(5) var<storage, read> ask_tick: array<i32>;
@group(0) @binding(6) var<storage, read> ask_lots: array<u32>;
// six words an instrument and level: bid, ask, their lots
@group(0) @binding(7) var<storage, read> carried: array<u32>;
@group(0) @binding(8) var<storage, read_write> out: array<vec2<u32>>;

fn widen(a: i32) -> vec2<u32> {
  return vec2<u32>(bitcast<u32>(a), bitcast<u32>(a >> 31u));
}

/// A quote whose size is there on both sides.
fn shown(bids: vec2<u32>, asks: vec2<u32>) -> bool {
  return any(bids != vec2<u32>()) && any(asks != vec2<u32>());
}

fn quote_at(row: u32, level: u32) -> Quote {
  var quote: Quote;
  quote.open = ((params.observed >> state[row]) & 1u) == 1u;
  if (!quote.open || level >= params.stride) { return quote; }
  let best = row * params.stride;
  let at = best + level;
  quote.bid = bid_tick[at];
  quote.ask = ask_tick[at];
  if (LOT_WORDS == 2u) {
    quote.bids = vec2<u32>(bid_lots[2u * at], bid_lots[2u * at + 1u]);
    quote.asks = vec2<u32>(ask_lots[2u * at], ask_lots[2u * at + 1u]);
  } else {
    quote.bids.x = bid_lots[at];
    quote.asks.x = ask_lots[at];
  }
  quote.mid = add64(widen(bid_tick[best]), widen(ask_tick[best]));
  quote.shown = shown(quote.bids, quote.asks);
  return quote;
}

fn carried_quote(instrument: u32, level: u32) -> Quote {
  var quote: Quote;
  let best = instrument * params.levels * 6u;
  let at = best + level * 6u;
  quote.open = true;
  quote.bid = bitcast<i32>(carried[at]);
  quote.ask = bitcast<i32>(carried[at + 1u]);
  quote.bids = vec2<u32>(carried[at + 2u], carried[at + 3u]);
  quote.asks = vec2<u32>(carried[at + 4u], carried[at + 5u]);
  quote.mid = add64(widen(bitcast<i32>(carried[best])), widen(bitcast<i32>(carried[best + 1u])));
  quote.shown = shown(quote.bids, quote.asks);
  return quote;
}

fn event(last: Quote, now: Quote) -> vec2<u32> {
  var e = vec2<u32>();
  if (now.bid >= last.bid) { e = add64(e, now.bids); }
  if (now.bid <= last.bid) { e = sub64(e, last.bids); }
  if (now.ask <= last.ask) { e = sub64(e, now.asks); }
  if (now.ask >= last.ask) { e = add64(e, last.asks); }
  return e;
}

@compute @workgroup_size(WG)
fn flows(@builtin(global_invocation_id) gid: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let cell = linear_thread(gid, groups, WG);
  if (cell >= params.runs * params.levels) { return; }
  let run = runs[cell / params.levels];
  let level = cell % params.levels;
  var last: Quote;
  if (run.before == CARRIED) {
    last = carried_quote(run.instrument, level);
  } else if (run.before != NOTHING) {
    last = quote_at(run.before, level);
  }
  var sum = vec2<u32>();
  var moved = vec2<u32>();
  var events = 0u;
  var observations = 0u;
  for (var row = run.first; row < run.end; row++) {
    var e = NO_EVENT;
    if (state[row] != SUPERSEDED) {
      observations += 1u;
      let now = quote_at(row, level);
      if (now.shown && last.shown) {
        e = event(last, now);
        sum = add64(sum, e);
        moved = add64(moved, sub64(now.mid, last.mid));
        events += 1u;
      } else if (ZERO_FIRST == 1u && now.shown && !last.open) {
        e = vec2<u32>();
        events += 1u;
      }
      last = now;
    }
    if (EVENTS == 1u) { out[(3u * params.runs + row) * params.levels + level] = e; }
  }
  out[3u * cell] = sum;
  out[3u * cell + 1u] = moved;
  out[3u * cell + 2u] = vec2<u32>(events, observations);
}
