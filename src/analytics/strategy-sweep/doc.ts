export const FORMULA =
  'Signals of bar t, known at its available_at: trend sign(EMA_fast - EMA_slow) of closes; z of VI = (B - S)/(B + S) ' +
  'against the `surpriseBars` values before; relative volume V_t by the mean of the bars before; ATR of the last ' +
  '`atrBars` traded bars; σ of the last `volatilityBars` log returns; divergence: a close above those of the ' +
  '`divergenceBars` before without CVD above its own (or both mirrored). ' +
  'Gate: |z| ≥ gate, relative volume ≥ relativeVolume, and with a limit the spread of the last book known at available_at ' +
  '≤ spreadLimit, a null spread not. Long if trend = +1 and z ≥ θ, short mirrored. ' +
  'Weight w = min(maxWeight, σ*/σ); lots = min(capital · w / close, participation · mean V). ' +
  'A fill of q lots at price p costs p q · (half spread + Yσ√(q/V)), V and σ of the bars before its bar, and the taker ' +
  'fee of value p q ± costs at the tier of own value in the 30 days before its bar. Yσ is cut at 0.67 and the rate of ' +
  'impact at 0.335. ' +
  'Returns are changes of equity by capital: positions are sized on capital, profits are not reinvested. ' +
  'Capacity = capital · (G/I)², G the profit before impact and I the impact: with x times the capital orders are x times ' +
  'as large, G becomes G·x and I, a rate of √(q/V), becomes I·x^(3/2). Orders are taken as they were: what a limit of ' +
  'participation cuts is not seen.';

/** The state machine, transition by transition. Both backends follow this list; neither follows the other. */
export const NOTES =
  'A run walks its bars in order; at each bar, in this order:\n\n' +
  '1. A bar that begins a UTC day: the day starts from the equity so far, and a daily loss is forgotten.\n' +
  '2. An open that leaves an equity of 0 or less ruins the account: its position is taken over, nothing remains and ' +
  'trading ends. Funding due at the open: charged on the position held before it, at the open (at the last close where there is none).\n' +
  '3. The order, if one is due and the bar traded: first what reduces the position, up to what the bar can fill ' +
  '(participation · its volume); what is left of it stays due at the next bar. Then, from flat, what opens, up to what ' +
  'the bar can still fill; what is left of that lapses. Opening sets stop and target at this open ∓ k · ATR of the ' +
  'deciding bar, at least a tick, and forgets warnings.\n' +
  '4. Funding due inside the bar: on the position now held, at the open.\n' +
  '5. Stop, else target, if the range of the bar reaches it: filled there, or at the open where that is beyond; what the ' +
  'bar cannot fill becomes the order to close, due at the next bar. So a bar that reaches both is stopped.\n' +
  '6. Equity = cash + position · last close, ruined as in 2; a close that costs more than there is ruins too, and what it ' +
  'costs beyond is forgiven: the loss of the trade is what the account had, while turnover, fees and costs are booked as ' +
  'charged, so that fills and funding add up to less than the equity by what was forgiven. A fall from the peak of ' +
  '`drawdownKill` · capital ends trading; a fall from the start of the day of `dailyLoss` · capital closes the position ' +
  'until the next day. A notional ' +
  'of 2^49 micro-quote, or a sum of 2^52, ends the run: its status says so.\n' +
  '7. A bar that ends a period: its return is the change of equity by capital, in whole 10^-6 (halves away from 0).\n' +
  '8. The decision, unless an order is due. Flat: enter, if the signals do and nothing forbids it. Otherwise, the first ' +
  'that holds: ended or daily loss, close; held for `timeStop` bars, close; a warning against the position (z ≤ -θ for a ' +
  'long, a divergence, a climax): the first halves it, one within `reversalWindow` bars of the last closes it, or ' +
  'reverses it to a newly sized one. The order is due at the first traded bar whose open is at or after available_at + ' +
  'latency: never in the bar that decided it.\n\n' +
  'Money is integers of 10^-6 quote currency, and an order lot is the size that gains one of them a tick: ticks × lots ' +
  'is money, exactly. It is coarser than the lot of most exchanges and finer than their smallest order. Decisions ' +
  'compare integers: z, θ and volumes in 2^-10, σ in 10^-6, rates and spreads in 10^-8; each is quantised ' +
  'once, for all trials and both backends. Costs and fees round half away from zero, levels and weights down. A ' +
  'value other than 0 that its unit would make 0, and so turn off, is refused. Books of changes are looked at as they ' +
  'stood at the last whole bar by then.\n\n' +
  'The fill bar’s own volume only limits how much of an order it takes: nothing decides by it. Bars without a trade, and ' +
  'bars that were not observed, fill nothing. Trials are numbered in the order of the axes, the last fastest.';
