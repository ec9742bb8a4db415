import { expect, it } from 'vitest';
import { uniswapV2 } from '../../src/ingest/uniswap-v2.js';
import { readWith } from './import-support.js';
import { scratch } from './support.js';

// synthetic: written to the event's declaration in IUniswapV2Pair
const files = scratch();
const SWAP = '0xd78ad95fa46c994b6551d0da85fc275fe613ce37657fb8d5e3d130840159d822';
const SYNC = '0x1c411e9a96e071241c2f21f7726b17ae89e3cab4c78be50e062b03a9fffbbad1';
const HASH = `0x${'cd'.repeat(32)}`;
const party = (byte: string): string => `0x${'0'.repeat(24)}${byte.repeat(20)}`;
const dataOf = (...values: bigint[]): string =>
  `0x${values.map((value) => value.toString(16).padStart(64, '0')).join('')}`;
const LOG = {
  ...{ address: `0x${'b4e1'.repeat(10)}`, blockNumber: '0xa', logIndex: '0x1', blockTimestamp: '0x5eb3f610' },
  ...{ transactionHash: HASH, topics: [SWAP, party('01'), party('02')], data: dataOf(1000n, 0n, 0n, 996n) },
};

it('amounts are what came in less what went out', async () => {
  const whole = 2n ** 256n - 1n;
  const logs = [
    LOG,
    { ...LOG, topics: [SYNC], data: dataOf(1n, 2n) },
    // a flash swap: both tokens go both ways
    { ...LOG, logIndex: '0x2', data: dataOf(5n, 10n ** 30n, 7n, 1n) },
    { ...LOG, logIndex: '0x3', data: dataOf(0n, whole, whole, 0n) },
  ];
  const path = files.write('weth.jsonl', logs.map((log) => JSON.stringify(log)).join('\n'));
  const { rows, skipped, instruments } = await readWith(uniswapV2, [path], { decimals0: 6 });
  expect(skipped).toBe(1);
  expect(instruments).toEqual([{ venue: 'uniswap-v2-ethereum', symbol: LOG.address }]);
  expect(rows.map(({ reject, cells }) => [reject, cells.amount0, cells.amount1])).toEqual([
    [undefined, '1000', '-996'],
    [undefined, '-2', '999999999999999999999999999999'],
    // 2^256 - 1, beyond a signed word
    ...[[undefined, `-${whole}`, String(whole)]],
  ]);
  expect(rows[0]!.cells).toMatchObject({
    // 0x5eb3f610 is 1588852240, 2020-05-07 11:50:40 UTC
    ...{ ts: 1588852240e6, sender: `0x${'01'.repeat(20)}`, recipient: `0x${'02'.repeat(20)}` },
    ...{ sqrt_price: null, liquidity: null, pool_tick: null, decimals0: 6, decimals1: null },
  });
});

it('takes the CSV of raw logs, and rejects data that is no swap', async () => {
  const header = 'block_number,block_timestamp,transaction_hash,transaction_index,log_index,topics,data';
  const line = (data: string, topics = LOG.topics): string =>
    `10,1588852240,${HASH},0,1,"['${topics.join("', '")}']",${data}`;
  const cases: [string, string | undefined][] = [
    [line(LOG.data), undefined],
    [line(dataOf(1n, 2n, 3n)), 'bad_value'],
    [line(dataOf(1n, 2n, 3n, 4n, 5n)), 'bad_value'],
    [line(''), 'bad_value'],
    [line(LOG.data, [SWAP, party('01'), HASH]), 'bad_value'],
    [line(LOG.data, LOG.topics.slice(0, 2)), 'bad_value'],
  ];
  const path = files.write('pair_2020-05-07.csv', [header, ...cases.map(([text]) => text)].join('\n'));
  const { rows } = await readWith(uniswapV2, [path]);
  expect(rows.map(({ text, reject }) => [text, reject])).toEqual(cases);
  expect(rows[0]).toMatchObject({ symbol: 'pair', cells: { ts: 1588852240e6, amount0: '1000' } });
});
