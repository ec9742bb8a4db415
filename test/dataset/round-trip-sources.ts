/** How a column looks to a reader; `symbol` is a dictionary, `side` one of these texts. */
export type ReaderType = 'symbol' | 'time' | 'i64' | 'u32' | 'f64' | 'text' | 'money' | 'side';

export interface RoundTripSource {
  readonly kind: string;
  readonly types: Readonly<Record<string, ReaderType>>;
  /** Columns named as the raw ones; two UTC days and several instruments. */
  readonly csv: string;
  /** Columns whose role their name does not tell alone. */
  readonly map?: Readonly<Record<string, string>>;
  /** Columns whose integers `exact` adds, with their unit column. */
  readonly exact: Readonly<Record<string, { readonly integer: string; readonly unit: string }>>;
}

const MAX = (2n ** 255n - 1n).toString();
const MIN = (-(2n ** 255n)).toString();
const scaled = (integer: string, unit: string) => ({ integer, unit });

export const SOURCES: readonly RoundTripSource[] = [
  {
    kind: 'trades',
    types: {
      ...({ instrument: 'symbol', ts: 'time', recv_ts: 'time', seq: 'i64', trade_id: 'text' } as const),
      ...({ price: 'f64', size: 'f64', side: 'side' } as const),
    },
    exact: { price: scaled('tick', 'price_unit'), size: scaled('lots', 'size_unit') },
    map: { seq: 'seq', trade_id: 'trade_id' },
    // the second day has finer prices and a size beyond 2^53 units of it
    csv: `ts,instrument,price,size,side,recv_ts,seq,trade_id
2024-01-05T00:00:00.000001Z,ETH/USDT,2268.7,0.1,buy,2024-01-05T00:00:00.250001Z,11,
2024-01-05T23:59:59.999999Z,ETH/USDT,2270.05,3,sell,,12,
2024-01-05T12:30:00Z,BTC-USDT,43990,0.00000001,,,,a-7
2024-01-05T12:30:00Z,BTC-USDT,43990.5,12,sell,,,"a,""8"""
2024-01-06T00:00:00Z,ETH/USDT,0.00001234,4007199254740.993001,buy,,13,
2024-01-06T07:00:00.5Z,ÉTÉ,1.1,0.3,sell,,1,
`,
  },
  {
    kind: 'bars',
    types: {
      ...({
        instrument: 'symbol',
        ts: 'time',
        interval: 'i64',
        open: 'f64',
        high: 'f64',
        low: 'f64',
      } as const),
      ...({ close: 'f64', volume: 'f64', buy_volume: 'f64', notional: 'money', trades: 'i64' } as const),
      ...({ available_at: 'time' } as const),
    },
    exact: {
      open: scaled('open_tick', 'price_unit'),
      close: scaled('close_tick', 'price_unit'),
      volume: scaled('volume_lots', 'size_unit'),
      buy_volume: scaled('buy_lots', 'size_unit'),
    },
    csv: `ts,instrument,interval,open,high,low,close,volume,buy_volume,notional,trades,available_at
2024-01-05T00:00:00Z,ETHUSDT,60000000,2268.78,2270,2267.01,2269.5,1234.567,617.2,2801234.123456789012345678,9007199254740991,2024-01-05T00:01:00Z
2024-01-05T00:01:00Z,ETHUSDT,60000000,2269.5,2269.5,2269.5,2269.5,0,,99999999999999999999.5,0,2024-01-05T00:02:00Z
2024-01-06T00:00:00Z,ADAUSDT,60000000,0.5,0.6,0.4,0.55,1000000,1000000,,7,2024-01-06T00:01:00Z
`,
  },
  {
    kind: 'oi',
    types: {
      ...({ instrument: 'symbol', ts: 'time', interval: 'i64', oi_contracts: 'f64', oi_usd: 'f64' } as const),
      ...({ funding: 'f64', available_at: 'time' } as const),
    },
    exact: {},
    csv: `ts,instrument,interval,oi_contracts,oi_usd,funding,available_at
2024-01-05T00:00:00Z,ETHUSDT,300000000,123456.789,,-0.0001,2024-01-05T00:05:00Z
2024-01-05T00:05:00Z,ETHUSDT,300000000,,280000000.1,,
2024-01-06T00:05:00Z,BTCUSDT,300000000,0,1e-7,0.1,2024-01-06T00:10:00Z
`,
  },
  {
    kind: 'dex_swaps',
    types: {
      ...({ instrument: 'symbol', ts: 'time', chain: 'text', block: 'i64', log_index: 'i64' } as const),
      ...({ tx_hash: 'text', amount0: 'text', amount1: 'text', decimals0: 'i64', decimals1: 'i64' } as const),
      ...({ sqrt_price: 'text', removed: 'u32' } as const),
    },
    exact: {},
    csv: `ts,instrument,chain,block,log_index,tx_hash,amount0,amount1,decimals0,decimals1,sqrt_price,removed
2024-01-05T00:00:11Z,0xpool,ethereum,18937000,3,0xaa,${MAX},${MIN},6,18,1678253476453453453453453453453453,0
2024-01-05T00:00:11Z,0xpool,ethereum,18937000,4,0xab,-124709318603849,54532862908237316359022,6,18,,1
2024-01-06T00:00:11Z,0xpool,,18944000,0,0xac,0,1,,,0,0
`,
  },
  {
    kind: 'book_snapshot',
    types: {
      ...({ instrument: 'symbol', ts: 'time', seq: 'i64' } as const),
      ...({ bid_price_1: 'f64', bid_size_1: 'f64', ask_price_1: 'f64', ask_size_1: 'f64' } as const),
      ...({ bid_price_2: 'f64', bid_size_2: 'f64', ask_price_2: 'f64', ask_size_2: 'f64' } as const),
    },
    exact: {
      bid_price_1: scaled('bid_tick_1', 'price_unit'),
      ask_size_2: scaled('ask_lots_2', 'size_unit'),
    },
    csv: `ts,instrument,seq,bid_price_1,bid_size_1,ask_price_1,ask_size_1,bid_price_2,bid_size_2,ask_price_2,ask_size_2
2024-01-05T00:00:00.1Z,ETHUSDT,100,2268.78,1.5,2268.79,0,2268.7,10,2268.8,0.001
2024-01-05T00:00:00.2Z,ETHUSDT,101,2268.78,1.5,,,2268.7,10,,
2024-01-06T00:00:00.2Z,ETHUSDT,102,2268.781,1,2269,2,,,2270,3
`,
  },
];

/** A cell as both readers are asked for it: numbers of f64, and text for all that must not be rounded. */
export type ReaderCell = number | string | null;

/** Rows of the source as an export must give them, from its text alone: by day, instrument, time. */
export function expectedRows(source: RoundTripSource, venue: string): Record<string, ReaderCell>[] {
  const [header = '', ...lines] = source.csv.trimEnd().split('\n');
  const names = header.split(',');
  const rows = lines.map((line) => {
    const cells = fields(line);
    const row: Record<string, ReaderCell> = {};
    for (const [name, type] of Object.entries(source.types))
      row[name] = cellOf(type, cells[names.indexOf(name)]!, venue);
    const key = [micros(cells[names.indexOf('ts')]!) / 86_400_000_000n, row.instrument, row.ts];
    return { row, key: key.map(String).join('|') };
  });
  return rows.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)).map(({ row }) => row);
}

/** Fields of a line without line breaks inside. */
const fields = (line: string): string[] =>
  [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(
    ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '',
  );

function cellOf(type: ReaderType, text: string, venue: string): ReaderCell {
  if (type === 'side') return text === '' ? 'unknown' : text;
  if (text === '') return null;
  switch (type) {
    case 'symbol':
      return `${venue}:${text}`;
    case 'time':
      return String(micros(text));
    case 'f64':
      return Number(text);
    case 'money': {
      const [whole, fraction = ''] = text.split('.');
      return `${whole}.${fraction.padEnd(18, '0')}`;
    }
    default:
      return text;
  }
}

function micros(text: string): bigint {
  const fraction = /\.(\d+)Z$/.exec(text)?.[1] ?? '';
  return BigInt(Date.parse(`${text.slice(0, 19)}Z`)) * 1000n + BigInt(fraction.padEnd(6, '0'));
}
