import type { Importer } from '../core/importer.js';
import { addressOf, wordsOf } from './evm-words.js';
import { poolParams, poolSwaps, type SwapEvent } from './pool-swaps.js';

/** `Swap(address indexed sender, uint amount0In, uint amount1In, uint amount0Out, uint amount1Out, address indexed to)`. */
const SWAP: SwapEvent = {
  venue: 'uniswap-v2',
  topic: '0xd78ad95fa46c994b6551d0da85fc275fe613ce37657fb8d5e3d130840159d822',
  decode: ({ text }, i, topics, data) => {
    const words = wordsOf(data, 4);
    const sender = addressOf(topics[1]);
    const recipient = addressOf(topics[2]);
    if (words === undefined || topics.length !== 3 || sender === undefined || recipient === undefined)
      return false;
    text.sender![i] = sender;
    text.recipient![i] = recipient;
    // a token may go both ways in one swap (a flash swap): the pool's change is what came in less what went out
    text.amount0![i] = String(words[0]! - words[2]!);
    text.amount1![i] = String(words[1]! - words[3]!);
    return true;
  },
};

/** Swaps of Uniswap v2 pairs. Amounts are raw integers seen from the pool: positive is paid in. */
export const uniswapV2: Importer = {
  name: 'uniswap-v2',
  summary: 'Uniswap v2 swaps of raw logs, CSV or JSON as eth_getLogs answers',
  source: 'Uniswap v2 core, IUniswapV2Pair; Ethereum JSON-RPC, eth_getLogs',
  fixture: 'synthetic',
  kinds: ['dex_swaps'],
  params: poolParams,
  files: /\.(csv|json|jsonl|ndjson|zip|gz)$/i,
  read: (file, context) => poolSwaps(file, context, SWAP),
};
