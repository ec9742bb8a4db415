// Small valid files of the formats that hold JSON, written by hand to the vendors' documentation.

const NS = 1723161256172210766n;
const MS = 1723161257434;
const word = (value) => BigInt.asUintN(256, value).toString(16).padStart(64, '0');
const party = (byte) => `0x${'0'.repeat(24)}${byte.repeat(20)}`;
const dataOf = (...values) => `0x${values.map(word).join('')}`;

const swap = (signature, data, more = {}) => ({
  ...{ address: `0x${'88e6'.repeat(10)}`, blockNumber: '0x120f3a1', logIndex: '0xa9' },
  ...{ blockTimestamp: '0x65974897', transactionHash: `0x${'ab'.repeat(32)}`, removed: false },
  ...{ topics: [signature, party('11'), party('22')], data, ...more },
});
const V2 = '0xd78ad95fa46c994b6551d0da85fc275fe613ce37657fb8d5e3d130840159d822';
const V3 = '0xc42079f94a6350d7e6235f29174924f928cc2ac818eb64fed8004e115fbcca67';
const v2 = (more) => swap(V2, dataOf(1000n, 0n, 0n, 996n), more);
const v3 = (more) => swap(V3, dataOf(-5n, 10n ** 22n, 1n << 96n, 1000n, -3n), more);

const logsCsv = (log, signature) =>
  [
    'block_number,block_timestamp,transaction_hash,transaction_index,log_index,topics,data',
    `18937382,2024-01-05 00:00:23,${log.transactionHash},33,169,"['${log.topics.join("', '")}']",${log.data}`,
    `18937383,2024-01-05 00:00:35,${log.transactionHash},33,170,"['${signature}']",${log.data}`,
    '',
  ].join('\n');

const jsonl = (values) => `${values.map((value) => JSON.stringify(value)).join('\n')}\n`;

const spotDiff = { e: 'depthUpdate', E: MS, s: 'ETHUSDT', U: 5, u: 7, b: [['10.50', '0.000']], a: [] };
const trade = { e: 'trade', E: MS, T: MS - 1, s: 'ETHUSDT', t: 9, p: '10.5', q: '2', X: 'MARKET', m: true };
const capture = (...messages) =>
  messages.map((message, i) => `${NS + BigInt(i) * 1000000n} ${JSON.stringify(message)}\n`).join('');

const order = (type, u, b, a) => ({
  ...{ topic: 'orderbook.500.XRPUSDT', type, ts: 1733011200691 + u },
  ...{ data: { s: 'XRPUSDT', b, a, u, seq: 9 }, cts: 1 },
});

const summary = (instrument_name, more = {}) => ({
  ...{ instrument_name, creation_timestamp: 1704712781414, volume: 1, underlying_index: 'ETH-26JAN24' },
  ...{ underlying_price: 2241.65, mark_price: 0.000853, open_interest: 965, ask_price: 0.001 },
  ...{ bid_price: 0.0004, last: 0.0011, mark_iv: 61.2, base_currency: 'ETH', ...more },
});

const freqtrade = [
  [1570752011620, '13519807', null, 'sell', 0.00141342, 23.0, 0.03250866],
  [1570752011620, '13519808', null, 'sell', 0.00141266, 54.0, 0.07628364],
  [1570838417964, '13519809', null, 'buy', 1e-8, 8.0, 0.01130128],
];

const mentions = {
  thread_title: 'Daily Crypto Discussion - August 1, 2025 (GMT+0)',
  generated_at_utc: '2025-08-12T17:55:08.680436Z',
  results: { BTC: 110, ETH: 3, 'A/../B': 0 },
  results_list: [
    { symbol: 'BTC', count: 110 },
    { symbol: 'ETH', count: 3 },
    { symbol: 'A/../B', count: 0 },
  ],
};

/** [format, file name, content, parameters]. */
export const JSON_SAMPLES = [
  [
    'binance-websocket',
    'ethusdt.txt',
    capture(
      { stream: 'ethusdt@depth@100ms', data: spotDiff },
      { lastUpdateId: 6, bids: [['10', '1']], asks: [['11', '2.5']] },
      trade,
      { u: 8, s: 'ETHUSDT', b: '10.4', B: '1', a: '10.6', A: '2' },
      { ...trade, t: 10, T: MS + 86400000 },
      { result: null, id: 1 },
    ),
  ],
  [
    'binance-websocket',
    'futures.txt',
    capture(
      { ...spotDiff, T: MS - 6, pu: 4, a: [['11', '3']] },
      { e: 'aggTrade', E: MS, s: 'BTCUSDT', a: 3, p: '1.0', q: '4', f: 1, l: 2, T: MS, m: false },
      { ...spotDiff, s: 'ETHUSD_PERP', ps: 'ETHUSD', T: MS - 6, pu: 4 },
    ),
  ],
  [
    'bybit-ob500',
    '2024-12-01_XRPUSDT_ob500.data',
    jsonl([
      order(
        'snapshot',
        7,
        [
          ['1.9531', '6203'],
          ['1.9530', '2'],
        ],
        [['1.9532', '1']],
      ),
      order('delta', 8, [], []),
      order('delta', 9, [['1.9531', '0']], [['1.9533', '10.5']]),
    ]),
  ],
  [
    'deribit-summary',
    'summary.json',
    JSON.stringify({
      jsonrpc: '2.0',
      result: [summary('ETH-26JAN24-1200-P'), summary('ETH-PERPETUAL'), summary('ETH-26JAN24')],
    }),
  ],
  ['freqtrade-trades', 'XRP_ETH-trades.json', JSON.stringify(freqtrade)],
  ['social-mentions', 'data-2025-08-01.json', JSON.stringify(mentions)],
  [
    'uniswap-v2',
    'weth.jsonl',
    jsonl([v2(), v2({ logIndex: '0x2' }), v2({ topics: [V3] })]),
    { decimals0: 6 },
  ],
  ['uniswap-v2', 'pair_2020-05-07.csv', logsCsv(v2(), V3)],
  ['uniswap-v3', 'logs.json', JSON.stringify({ result: [v3(), v3({ logIndex: '0xaa', removed: true })] })],
  ['uniswap-v3', 'pool_2024-01-05.raw.csv', logsCsv(v3(), V2), { decimals0: 6, decimals1: 18 }],
];
