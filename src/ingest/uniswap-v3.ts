import type { Importer } from '../core/importer.js';
import { addressOf, signed, wordsOf } from './evm-words.js';
import { poolParams, poolSwaps, type SwapEvent } from './pool-swaps.js';

/** `Swap(address indexed sender, address indexed recipient, int256, int256, uint160, uint128, int24)`. */
const SWAP: SwapEvent = {
  venue: 'uniswap-v3',
  topic: '0xc42079f94a6350d7e6235f29174924f928cc2ac818eb64fed8004e115fbcca67',
  decode: ({ text, f64 }, i, topics, data) => {
    const words = wordsOf(data, 5);
    const sender = addressOf(topics[1]);
    const recipient = addressOf(topics[2]);
    if (words === undefined || topics.length !== 3 || sender === undefined || recipient === undefined)
      return false;
    const [sqrtPrice, liquidity, tick] = [words[2]!, words[3]!, signed(words[4]!)];
    // narrower types come padded to a word; one that uses more than its bits is no swap
    if (sqrtPrice >> 160n || liquidity >> 128n || BigInt.asIntN(24, tick) !== tick) return false;
    text.sender![i] = sender;
    text.recipient![i] = recipient;
    text.amount0![i] = String(signed(words[0]!));
    text.amount1![i] = String(signed(words[1]!));
    text.sqrt_price![i] = String(sqrtPrice);
    text.liquidity![i] = String(liquidity);
    f64.pool_tick![i] = Number(tick);
    return true;
  },
};

/** Swaps of Uniswap v3 pools. Amounts are raw integers seen from the pool: positive is paid in. */
export const uniswapV3: Importer = {
  name: 'uniswap-v3',
  summary: 'Uniswap v3 swaps of raw logs, CSV or JSON as eth_getLogs answers',
  source: 'Uniswap v3 core, IUniswapV3PoolEvents; Ethereum JSON-RPC, eth_getLogs',
  fixture: 'real',
  kinds: ['dex_swaps'],
  params: poolParams,
  // decoded files often lie beside the raw ones
  files: /^(?!.*\.(minute|tick)\.csv).*\.(csv|json|jsonl|ndjson|zip|gz)$/is,
  read: (file, context) => poolSwaps(file, context, SWAP),
};
