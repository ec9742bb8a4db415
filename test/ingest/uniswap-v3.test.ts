import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { signed, wordsOf } from '../../src/ingest/evm-words.js';
import { uniswapV3 } from '../../src/ingest/uniswap-v3.js';
import { type ReadRow, readWith } from './import-support.js';
import { dataLine, haveData, realData, scratch } from './support.js';

const files = scratch();
const at = (end: string): string => realData(`uniswap-v3/usdc-eth-005_2024-01-05.${end}.csv`);
const records = (path: string): Record<string, string>[] => {
  const [head, ...lines] = readFileSync(path, 'utf8').trim().split('\n');
  const names = head!.split(',');
  return lines.map((line) => Object.fromEntries(line.split(',').map((field, j) => [names[j]!, field])));
};
const big = (row: ReadRow, name: string): bigint => BigInt(row.cells[name] as string);

const SWAP = '0xc42079f94a6350d7e6235f29174924f928cc2ac818eb64fed8004e115fbcca67';
const MINT = '0x7a53080ba414158be7ec69b987b5fb7d07dee101fe85488f0853ae16239d0bde';
const HASH = `0x${'ab'.repeat(32)}`;
const POOL = `0x${'88e6'.repeat(10)}`;
const topicOf = (byte: string): string => `0x${'0'.repeat(24)}${byte.repeat(20)}`;
const word = (value: bigint): string => BigInt.asUintN(256, value).toString(16).padStart(64, '0');
const dataOf = (...values: bigint[]): string => `0x${values.map(word).join('')}`;
const DATA = dataOf(-5n, 7n, 1n << 96n, 1000n, -3n);
const TOPICS = [SWAP, topicOf('11'), topicOf('22')];
const LOG = {
  ...{ address: POOL, blockNumber: '0x120f3a1', logIndex: '0xa9', blockTimestamp: '0x65974897' },
  ...{ transactionHash: HASH, topics: TOPICS, data: DATA, removed: false },
};

describe('uniswap-v3', () => {
  it.skipIf(!haveData)(`${dataLine}: every swap as decoded by others`, async () => {
    const { rows, skipped, instruments } = await readWith(uniswapV3, [at('raw')], {
      decimals0: 6,
      decimals1: 18,
    });
    // 6,234 logs, of which 6,046 swaps; the others and the header are skipped
    expect([rows.length, skipped]).toEqual([6046, 6234 - 6046 + 1]);
    expect(rows.filter(({ reject }) => reject !== undefined)).toEqual([]);
    expect(instruments).toEqual([{ venue: 'uniswap-v3-ethereum', symbol: 'usdc-eth-005' }]);
    const ticks = records(at('tick')).filter((tick) => tick.tx_type === 'SWAP');
    expect(ticks).toHaveLength(6046);
    const decoded = rows.map(({ cells }) => ({
      block: String(cells.block),
      time: new Date(Number(cells.ts) / 1000).toISOString().slice(0, 19).replace('T', ' '),
      hash: cells.tx_hash,
      log: String(cells.log_index),
      ...{ sender: cells.sender, recipient: cells.recipient, amount0: cells.amount0, amount1: cells.amount1 },
      ...{ sqrt: cells.sqrt_price, liquidity: cells.liquidity, tick: `${cells.pool_tick}.0` },
    }));
    expect(decoded).toEqual(
      ticks.map((tick) => ({
        ...{ block: tick.block_number, time: tick.block_timestamp, hash: tick.transaction_hash },
        ...{ log: tick.pool_log_index, sender: tick.sender, recipient: tick.receipt },
        ...{ amount0: tick.amount0, amount1: tick.amount1, sqrt: tick.sqrtPriceX96 },
        ...{ liquidity: tick.total_liquidity, tick: tick.current_tick },
      })),
    );
    expect(rows[0]!.cells).toMatchObject({
      ...{ chain: 'ethereum', decimals0: 6, decimals1: 18, token0: null, removed: 0 },
      seq: 18937382 * 2 ** 20 + 169,
    });
    expect(rows.every(({ cells }, i) => i === 0 || cells.seq! > rows[i - 1]!.cells.seq!)).toBe(true);
  });

  it.skipIf(!haveData)(`${dataLine}: minutes and inflows, beyond 2^53`, async () => {
    const { rows } = await readWith(uniswapV3, [at('raw')]);
    const minutes = new Map<string, ReadRow[]>();
    for (const row of rows) {
      const minute = new Date(Number(row.cells.ts) / 1000).toISOString().slice(0, 16).replace('T', ' ');
      minutes.set(minute, [...(minutes.get(minute) ?? []), row]);
    }
    const net = (of: readonly ReadRow[], name: string): bigint =>
      of.reduce((all, row) => all + big(row, name), 0n);
    const inflow = (of: readonly ReadRow[], name: string): bigint =>
      net(
        of.filter((row) => big(row, name) > 0n),
        name,
      );
    expect([inflow(rows, 'amount0'), inflow(rows, 'amount1')]).toEqual([
      124_709_318_603_849n,
      54_532_862_908_237_316_359_022n,
    ]);
    let compared = 0;
    for (const want of records(at('minute'))) {
      const of = minutes.get(want.timestamp!.slice(0, 16));
      if (of === undefined) continue;
      const ticks = of.map(({ cells }) => Number(cells.pool_tick));
      const got = [
        ...[net(of, 'amount0'), net(of, 'amount1'), inflow(of, 'amount0'), inflow(of, 'amount1')].map(String),
        ...[ticks[0], ticks.at(-1), Math.min(...ticks), Math.max(...ticks)].map((tick) => `${tick}.0`),
      ];
      expect([want.timestamp, ...got]).toEqual([
        ...[want.timestamp, want.netAmount0, want.netAmount1, want.inAmount0, want.inAmount1],
        ...[want.openTick, want.closeTick, want.lowestTick, want.highestTick],
      ]);
      compared++;
    }
    expect([compared, minutes.size]).toEqual([1408, 1408]);
  });

  it('takes logs as eth_getLogs answers, a log a line or a document', async () => {
    const logs = [LOG, { ...LOG, topics: [MINT] }, { ...LOG, removed: true, blockTimestamp: undefined }];
    for (const [name, json] of [
      ['logs.jsonl', logs.map((log) => JSON.stringify(log)).join('\n')],
      ['logs.json', JSON.stringify({ id: 1, result: logs }, undefined, 1)],
    ] as const) {
      const params = { chain: 'base', token0: 'USDC', token1: 'WETH' };
      const { rows, skipped, instruments } = await readWith(uniswapV3, [files.write(name, json)], params);
      expect(skipped).toBe(1);
      expect(instruments).toEqual([{ venue: 'uniswap-v3-base', symbol: POOL }]);
      expect(rows[0]).toMatchObject({ kind: 'dex_swaps', record: 0, reject: undefined });
      expect(rows[0]!.cells).toEqual({
        // 0x65974897 is 1704413335, 2024-01-05 00:08:55 UTC
        ...{ ts: 1704413335e6, seq: 0x120f3a1 * 2 ** 20 + 0xa9, block: 18936737, log_index: 169 },
        ...{ chain: 'base', tx_hash: HASH, amount0: '-5', amount1: '7', decimals0: null, decimals1: null },
        ...{
          token0: 'USDC',
          token1: 'WETH',
          sender: `0x${'11'.repeat(20)}`,
          recipient: `0x${'22'.repeat(20)}`,
        },
        ...{ sqrt_price: '79228162514264337593543950336', liquidity: '1000', pool_tick: -3, removed: 0 },
      });
      // a log without a time cannot be placed, even one that the chain took back
      expect(rows[1]).toMatchObject({ record: 2, reject: 'bad_time', cells: { removed: 1 } });
    }
  });

  it('256 bits in two’s complement', () => {
    const edges = [0n, 1n, -1n, (1n << 255n) - 1n, -(1n << 255n)];
    expect(wordsOf(dataOf(...edges), 5)!.map(signed)).toEqual(edges);
    for (const bad of ['', '0x', dataOf(1n), `${dataOf(1n, 2n)}0`, dataOf(1n, 2n).replace('0x', '0y')])
      expect(wordsOf(bad, 2)).toBeUndefined();
    expect(wordsOf(`0x${'g'.repeat(128)}`, 2)).toBeUndefined();
  });

  it('names the pool by the log, the parameter or the file', async () => {
    const header = 'block_number,block_timestamp,transaction_hash,log_index,topics,data';
    const line = `1,2024-01-05 00:00:23,${HASH},2,"['${TOPICS.join("', '")}']",${DATA}`;
    const symbols = async (name: string, pool?: string): Promise<string[]> => {
      const { rows } = await readWith(uniswapV3, [files.write(name, `${header}\n${line}\n`)], { pool });
      expect(rows[0]!.reject).toBeUndefined();
      return rows.map(({ symbol }) => symbol!);
    };
    expect(await symbols('usdc-eth-005_2024-01-05.raw.csv')).toEqual(['usdc-eth-005']);
    expect(await symbols(`ethereum-${POOL.toUpperCase().replace('0X', '0x')}-2024-01-05.raw.csv`)).toEqual([
      POOL,
    ]);
    expect(await symbols('pool.csv')).toEqual(['pool']);
    expect(await symbols('2024-01-05.csv')).toEqual(['2024-01-05.csv']);
    expect(await symbols('pool.csv', 'USDC/WETH')).toEqual(['USDC/WETH']);
  });

  it('hostile logs end in the ledger', async () => {
    const topic = (k: number, value: unknown): unknown[] => TOPICS.map((t, i) => (i === k ? value : t));
    const cases: [unknown, string | undefined][] = [
      [LOG, undefined],
      [{ ...LOG, removed: null }, undefined],
      [null, 'bad_row'],
      [{ error: { code: -32000 } }, 'bad_row'],
      [{ ...LOG, topics: SWAP }, 'bad_row'],
      [{ ...LOG, topics: [...TOPICS, HASH, HASH] }, 'bad_row'],
      [{ ...LOG, topics: topic(0, SWAP.slice(0, 40)) }, 'bad_row'],
      [{ ...LOG, topics: topic(2, { length: 66 }) }, 'bad_row'],
      [{ ...LOG, topics: TOPICS.slice(0, 2) }, 'bad_value'],
      [{ ...LOG, topics: topic(1, HASH) }, 'bad_value'],
      [{ ...LOG, address: '../../etc' }, 'bad_instrument'],
      [{ ...LOG, blockTimestamp: '0x1' }, 'bad_time'],
      [{ ...LOG, blockTimestamp: 1704413335 }, 'bad_time'],
      [{ ...LOG, blockTimestamp: `2024-01-05${' '.repeat(1e6)}x` }, 'bad_time'],
      [{ ...LOG, blockNumber: null }, 'bad_value'],
      [{ ...LOG, blockNumber: `0x${'f'.repeat(64)}` }, 'bad_value'],
      [{ ...LOG, logIndex: '0x100000' }, 'bad_value'],
      [{ ...LOG, logIndex: '-1' }, 'bad_value'],
      [{ ...LOG, transactionHash: '0x' }, 'bad_value'],
      [{ ...LOG, removed: 'perhaps' }, 'bad_value'],
      [{ ...LOG, data: null }, 'bad_value'],
      [{ ...LOG, data: DATA.slice(0, -2) }, 'bad_value'],
      [{ ...LOG, data: `${DATA}00` }, 'bad_value'],
      [{ ...LOG, data: dataOf(-5n, 7n, 1n << 160n, 1n, 1n) }, 'bad_value'],
      [{ ...LOG, data: dataOf(-5n, 7n, 1n, 1n << 128n, 1n) }, 'bad_value'],
      [{ ...LOG, data: dataOf(-5n, 7n, 1n, 1n, 1n << 23n) }, 'bad_value'],
    ];
    const path = files.write('hostile.jsonl', cases.map(([log]) => JSON.stringify(log)).join('\n'));
    const { rows, skipped } = await readWith(uniswapV3, [path]);
    expect(rows.map(({ text, reject }) => [text, reject])).toEqual(
      cases.map(([log, reject]) => [JSON.stringify(log), reject]),
    );
    expect(skipped).toBe(0);
  });

  it('reads lists of topics and removed marks as tables write them', async () => {
    const header = 'log_index,removed,transaction_hash,block_number,block_timestamp,address,data,topics';
    const line = (removed: string, topics: string): string =>
      `2,${removed},${HASH},1,2024-01-05T00:00:23Z,${POOL},${DATA},"${topics}"`;
    const listed = TOPICS.join(',');
    const cases: [string, number | undefined][] = [
      [line('True', listed), 1],
      [line('false', `[${TOPICS.map((t) => `""${t}""`).join(', ')}]`), 0],
      [line('', listed.toUpperCase().replaceAll('0X', '0x')), 0],
      [line('maybe', listed), undefined],
      [line('false', `${listed},0x12`), undefined],
    ];
    const path = files.write(
      'logs.csv',
      [header, ...cases.map(([text]) => text), line('0', '[]')].join('\n'),
    );
    const { rows, skipped } = await readWith(uniswapV3, [path]);
    // the header, and a log without topics, which no swap is
    expect(skipped).toBe(2);
    expect(rows.map(({ reject, cells }) => (reject === undefined ? cells.removed : undefined))).toEqual(
      cases.map(([, removed]) => removed),
    );
  });

  it.skipIf(!haveData)(`${dataLine}: decoded files are refused in one line`, async () => {
    await expect(readWith(uniswapV3, [at('minute')])).rejects.toThrow(
      /^usdc-eth-005_2024-01-05\.minute\.csv header /,
    );
    await expect(readWith(uniswapV3, [at('tick')])).rejects.toThrow(/column log_index is missing/);
    expect(['raw', 'minute', 'tick'].map((end) => uniswapV3.files.test(`p_2024-01-05.${end}.csv`))).toEqual([
      ...[true, false, false],
    ]);
  });
});
