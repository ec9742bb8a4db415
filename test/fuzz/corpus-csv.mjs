// Small valid files of the delimited formats, written by hand to the columns that the vendors document.

const T = 1704412800000;
const KEY = 'exchange,symbol,timestamp,local_timestamp';
const AT = '1583020803145000,1583020803307160';
const LATER = '1583107203145000,1583107203307160';
const OPEN = '34200.025551909';

const text = (...lines) => `${lines.join('\n')}\n`;

/** Formats of which every line but a header is one record: [format, file name, content, parameters]. */
export const CSV_SAMPLES = [
  [
    'binance-aggtrades',
    'ETHUSDT-aggTrades-2024-01-05.csv',
    text(
      `7,2268.10000000,0.50000000,9,11,${T},True,True`,
      `8,2268.20,1,12,12,${T + 1},False,True`,
      `9,2268.20,1.25,13,15,${T + 86400000},true,True`,
      `8,2268.20,1,12,12,${T + 1},False,True`,
    ),
  ],
  [
    'binance-aggtrades',
    'BTCUSD_PERP-aggTrades-2024-01-05.csv',
    text(
      'agg_trade_id,price,quantity,first_trade_id,last_trade_id,transact_time,is_buyer_maker',
      `26129,43210.1,4,27781,27781,${T},true`,
      `"26130","43210.2","2","27782","27783","${T}","false"`,
    ),
  ],
  [
    'binance-trades',
    'BNBUSDT-trades-2020-03.csv',
    text(
      'id,price,qty,quote_qty,time,is_buyer_maker',
      '28457,4.00000100,12.00000000,48.00,1499865549590,false',
      '28458,4.00000200,1.5,6.00,1499865549590,true',
      '28460,4.1,3,12.3,1499951949591,true',
    ),
  ],
  [
    'binance-bookdepth',
    'BTCUSDT-bookDepth-2024-01-05.csv',
    text(
      'timestamp,percentage,depth,notional',
      '2024-01-05 00:00:10,-5,6789.12300000,290123456.78900000',
      '2024-01-05 00:00:10,-0.20,12.5,550000.25',
      '2024-01-06 00:00:10,5.00,7000,310000000',
    ),
  ],
  [
    'binance-depth',
    'btcusdt-depth-update.csv',
    text(
      'symbol,timestamp,first_update_id,last_update_id,side,update_type,price,qty,pu',
      'BTCUSDT,1667346579146,7,8,b,snap,20377.00,1.770,-1',
      'BTCUSDT,1667346579146,7,8,b,snap,20376.90,2,-1',
      'BTCUSDT,1667346579246,9,11,a,set,20472.80,0.000,8',
      'ETHUSDT,1667346579246,12,13,a,set,1600.01,0.5,11',
    ),
  ],
  [
    'binance-funding',
    'BTCUSDT-fundingRate-2024-01.csv',
    text(
      'calc_time,funding_interval_hours,last_funding_rate',
      '1704067200000,8,0.00037409',
      '1704096000001,8,-0.00011',
    ),
  ],
  [
    'binance-klines',
    'ETHUSDT-1d-2021-01.csv',
    text(
      'open_time,open,high,low,close,volume,close_time,quote_asset_volume,number_of_trades,taker_buy_base_asset_volume,taker_buy_quote_asset_volume,ignore',
      '1609459200000,1.3623,1.3974,1.0863,1.155,20279992.26,1609545599999,24465518.026843,91068,9096169.67,10983604.249296,0',
      '1609545600000,1.1521,1.1607,1.0,1.025,11922746.16,1609631999999,12861436.62075,54928,5114974.76,5532459.586454,0',
      '1609632000000,1.025,1.1,1.0,1.05,1e3,1609718399999,1050,12,500,525,0',
    ),
  ],
  [
    'binance-metrics',
    'ACEUSDT-metrics-2025-01-21.csv',
    text(
      'create_time,symbol,sum_open_interest,sum_open_interest_value,count_toptrader_long_short_ratio,sum_toptrader_long_short_ratio,count_long_short_ratio,sum_taker_long_short_vol_ratio',
      '2025-01-21 00:05:00,ACEUSDT,2310973.7900000000000000,3669133.0863830000000000,4.24734982,2.26803000,2.72141015,0.69236000',
      '2025-01-21 00:10:00,ACEUSDT,2310973.79,3669133.08,"",,"",',
    ),
  ],
  [
    'bybit-trades',
    'BTCUSDT2024-12-01.csv',
    text(
      'timestamp,symbol,side,size,price,tickDirection,trdMatchID,grossValue,homeNotional,foreignNotional',
      '1733011200.6918,BTCUSDT,Buy,0.003,96441.9,PlusTick,20f43950-d8dd-5b31-9112-a178eb6023af,2.89e+10,0.003,289.3257',
      '1733011201.5,BTCUSD,Sell,12,96441.5,MinusTick,20f43950-d8dd-5b31-9112-a178eb6023b0,1,1,1',
    ),
  ],
  [
    'bybit-trades',
    'BTCUSDT_2025-05-19.csv',
    text(
      'id,timestamp,price,volume,side,rpi',
      '5,1747612800074,106453.8,0.003718,sell,0',
      '6,1747612800075,106453.9,1e-3,buy,1',
    ),
  ],
  [
    'coinalyze-funding',
    'funding_rates.csv',
    text(
      'rank,coin_name,coin_symbol,symbol,date,timestamp,funding_rate,funding_rate_pct,fr_open,fr_high,fr_low',
      '1,Bitcoin,BTC,BTCUSD_PERP.A,2025-07-28,1753660800,0.01,1.0,0.01,0.01,0.01',
      '1,Bitcoin,BTC,BTCUSD_PERP.A,2025-08-01,1754006400,0.01,1.0,0.01,0.01,-0.002093',
      '2,Ether,ETH,ETHUSD_PERP.A,2025-08-01,1754006400,0.002154,0.2154,0.001188,0.002154,0.001188',
    ),
  ],
  [
    'coinalyze-oi',
    'open_interest_7d.csv',
    text(
      'coin_symbol,symbol,date,timestamp,oi_open,oi_high,oi_low,oi_close',
      '0G,0GUSDT_PERP.A,2025-10-21,1761004800,13168736.146200001,18691126.9428,13120598.8998,18369144.2958',
      '0G,0GUSDT_PERP.A,2025-10-22,1761091200,17528265.3352,18649310.125299998,17528265.3352,17594803.439999998',
    ),
  ],
  [
    'deribit-summary',
    'deribit_options.csv',
    text(
      ',mid_price,estimated_delivery_price,volume_usd,quote_currency,creation_timestamp,base_currency,interest_rate,volume,underlying_index,underlying_price,price_change,mark_price,open_interest,ask_price,bid_price,instrument_name,last,low,high,currency,expire_date,strike_price,option_type',
      '0,0.0007,2222.19,2.41,ETH,1704712781414,ETH,0.0,1.0,ETH-26JAN24,2241.65,0.0,0.000853,965.0,0.001,0.0004,ETH-26JAN24-1200-P,0.0011,0.0011,0.0011,ETH,26JAN24,1200,P',
      '1,,2222.19,0.0,ETH,1704712781414,ETH,0.0,0.0,ETH-12JAN24,2226.35,,0.149997,229.0,,,ETH-12JAN24-2550-P,0.0755,,,ETH,12JAN24,2550,P',
    ),
  ],
  [
    'kraken-trades',
    'BCHEUR.csv',
    text(
      '1672531436,90.540000,1.10448420',
      '1672531471,90.450000,1.00000000',
      '1672533909,90.000000,0.05000000',
      '1672618309,90.000000,0.05000000',
    ),
  ],
  [
    'tardis-trades',
    'bitmex_trades_2020-03-01_XBTUSD.csv',
    text(
      `${KEY},id,side,price,amount`,
      `bitmex,XBTUSD,${AT},ccc3c1fa-212c-e8b0-1706-9b9c4f3d5ecf,sell,8531.5,2152`,
      `bitmex,a/../b,${AT},7,buy,8531.5,1`,
      `bitmex,XBTUSD,${LATER},8,unknown,1e-7,0.1`,
    ),
  ],
  [
    'tardis-quotes',
    'huobi-dm-swap_quotes_2020-05-01_BTC-USD.csv',
    text(
      `${KEY},ask_amount,ask_price,bid_price,bid_amount`,
      `huobi-dm-swap,BTC-USD,${AT},5411,8629.3,8629.2,847`,
      `huobi-dm-swap,BTC-USD,${LATER},,,8629.2,0`,
    ),
  ],
  [
    'tardis-incremental-book-l2',
    'deribit_incremental_book_L2_2020-03-01_BTC-PERPETUAL.csv',
    text(
      `${KEY},is_snapshot,side,price,amount`,
      `deribit,BTC-PERPETUAL,${AT},true,ask,6421.5,18640`,
      `deribit,BTC-PERPETUAL,${AT},true,bid,6421,100`,
      `deribit,BTC-PERPETUAL,${LATER},false,ask,6421.5,0`,
    ),
  ],
  [
    'tardis-book-snapshot',
    'x_book_snapshot_2_2020-03-01_BTCUSDT.csv',
    text(
      `${KEY},asks[0].price,asks[0].amount,bids[0].price,bids[0].amount,asks[1].price,asks[1].amount,bids[1].price,bids[1].amount`,
      `x,BTCUSDT,${AT},11,1,10,2,12,1,9,3`,
      `x,BTCUSDT,${LATER},11.5,1,10,2,,,9,3`,
    ),
  ],
  [
    'tardis-derivative-ticker',
    'bitmex_derivative_ticker_2020-03-01_XBTUSD.csv',
    text(
      `${KEY},funding_timestamp,funding_rate,predicted_funding_rate,open_interest,last_price,index_price,mark_price`,
      `bitmex,XBTUSD,${AT},1583035200000000,-0.000345,0.0001,1000123,8531.5,8530.1,8531.02`,
      `bitmex,XBTUSD,${LATER},,,,,,,`,
    ),
  ],
  [
    'tardis-options-chain',
    'deribit_options_chain_2020-03-01_OPTIONS.csv',
    text(
      `${KEY},type,strike_price,expiration,open_interest,last_price,bid_price,bid_amount,bid_iv,ask_price,ask_amount,ask_iv,mark_price,mark_iv,underlying_index,underlying_price,delta,gamma,vega,theta,rho`,
      `deribit,BTC-26JUN20-9000-P,${AT},put,9000,1593158400000000,18.7,0.0605,0.061,3,56.1,,,,0.0617,57.3,BTC-26JUN20,8621.7,-0.51,0.00012,13.5,-4.2,-7.1`,
      `okex-options,BTC-USD-200626-9000-C,${LATER},call,9000,1593158400000000,18.7,0.0605,0.061,3,56.1,,,,0.0617,57.3,BTC-26JUN20,8621.7,-0.51,0.00012,13.5,-4.2,-7.1`,
    ),
  ],
];

const STEM = 'AAPL_2012-06-21_34200000_57600000';

/** The one format that comes in pairs of files. */
export const LOBSTER_PAIR = [
  [
    `${STEM}_message_2.csv`,
    text(
      `${OPEN},4,16120456,10,5859100,-1`,
      '34200.1,4,16120457,7,5853300,1',
      '34200.2,5,0,3,5856150,-1',
      '34202,6,-1,5000,5860000,-1',
      '34203,7,0,0,-1,-1',
    ),
  ],
  [
    `${STEM}_orderbook_2.csv`,
    text(
      '5859400,200,5853300,18,5859500,5,5853200,1',
      '5859400,200,5853300,18,9999999999,0,-9999999999,0',
      '5859400,100,5853300,18,9999999999,0,-9999999999,0',
      '5859400,100,5853300,18,5859500,5,5853200,1',
      '5859400,100,5853300,18,5859500,5,5853200,1',
    ),
  ],
];
