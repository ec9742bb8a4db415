import { type ImportContext, NO_INSTRUMENT, type RawRows, type SourceFile } from '../core/importer.js';
import { param } from '../core/schema.js';
import { type EvmLog, evmLogs } from './evm-logs.js';
import { isAddress, isWord } from './evm-words.js';
import { InstrumentIndex } from './instrument-index.js';
import { RowBatch } from './row-batch.js';

const token = (n: number) =>
  param.text({ pattern: /^\S{1,64}$/, values: 'a name without spaces', doc: `name of token ${n}` });
const decimals = (n: number) =>
  param.integer({ default: undefined, min: 0, max: 255, doc: `decimals of token ${n}` });

/** Parameters of importers of pool logs: what the logs themselves do not say. */
export const poolParams = {
  chain: param.text({
    pattern: /^[a-z0-9][a-z0-9-]{0,31}$/,
    values: 'a lower-case name',
    doc: 'chain of the logs, part of the venue; ethereum unless given',
  }),
  pool: param.text({
    pattern: /^\S{1,64}$/,
    values: 'an address or a name without spaces',
    doc: 'pool of logs that carry no address; what the file is named after unless given',
  }),
  token0: token(0),
  token1: token(1),
  decimals0: decimals(0),
  decimals1: decimals(1),
};

/** One kind of swap event. */
export interface SwapEvent {
  readonly venue: string;
  /** Hash of the event's signature. */
  readonly topic: string;
  /** Fills amounts, parties and pool state of row `i`; false where topics or data are not the event's. */
  readonly decode: (batch: RowBatch, i: number, topics: readonly string[], data: string) => boolean;
}

/**
 * Swaps of raw logs as `dex_swaps` rows; logs of other events (mint, burn, collect …) are no swaps and are counted by
 * `skip`. The instrument is the pool, of venue `<venue>-<chain>`, since one address may be a pool on several chains.
 * `seq` is block · 2^20 + log index: blocks may share a second. A log that the chain took back has `removed` 1.
 */
export async function* poolSwaps(
  file: SourceFile,
  context: ImportContext,
  event: SwapEvent,
): AsyncGenerator<RawRows> {
  const batch = new RowBatch('dex_swaps', {
    ...{ ts: 'f64', seq: 'f64', chain: 'text', block: 'f64', log_index: 'f64', tx_hash: 'text' },
    ...{
      amount0: 'text',
      amount1: 'text',
      decimals0: 'f64',
      decimals1: 'f64',
      token0: 'text',
      token1: 'text',
    },
    ...{ sender: 'text', recipient: 'text', sqrt_price: 'text', liquidity: 'text', pool_tick: 'f64' },
    removed: 'codes',
  });
  const params = context.params as { readonly [K in keyof typeof poolParams]?: string | number };
  const chain = String(params.chain ?? 'ethereum');
  const fallback = String(params.pool ?? poolOfName(file.name));
  const venue = `${event.venue}-${chain}`;
  const pools = new InstrumentIndex(context);
  const poolId = (address: string): number =>
    address === '' || isAddress(address) ? pools.named(venue, address || fallback) : NO_INSTRUMENT;
  const add = (log: EvmLog): void => {
    const { topics } = log;
    if (topics === undefined) {
      batch.reject(batch.add(NO_INSTRUMENT, log.record, log.text), 'bad_row');
      return;
    }
    if (topics[0] !== event.topic) {
      context.skip(1);
      return;
    }
    const id = poolId(log.address);
    const i = batch.add(id, log.record, log.text);
    if (id === NO_INSTRUMENT) batch.reject(i, 'bad_instrument');
    const { f64, text } = batch;
    f64.ts![i] = log.time;
    if (Number.isNaN(log.time)) batch.reject(i, 'bad_time');
    f64.block![i] = log.block;
    f64.log_index![i] = log.logIndex;
    const seq = log.block * 2 ** 20 + log.logIndex;
    if (log.logIndex < 2 ** 20 && Number.isSafeInteger(seq)) f64.seq![i] = seq;
    else batch.reject(i, 'bad_value');
    text.chain![i] = chain;
    text.tx_hash![i] = log.txHash;
    if (!isWord(log.txHash) || log.removed === undefined) batch.reject(i, 'bad_value');
    batch.codes.removed![i] = log.removed ? 1 : 0;
    f64.decimals0![i] = Number(params.decimals0 ?? Number.NaN);
    f64.decimals1![i] = Number(params.decimals1 ?? Number.NaN);
    text.token0![i] = (params.token0 as string | undefined) ?? null;
    text.token1![i] = (params.token1 as string | undefined) ?? null;
    if (!event.decode(batch, i, topics, log.data)) batch.reject(i, 'bad_value');
  };
  yield* evmLogs(file, context, batch, add);
}

/** The address in a file's name, else what stands before its date or extension: `usdc-eth-005_2024-01-05.raw.csv`. */
function poolOfName(name: string): string {
  const address = /0x[0-9a-f]{40}(?![0-9a-f])/i.exec(name);
  if (address) return address[0].toLowerCase();
  return name.replace(/[-_.]?\d{4}-\d{2}-\d{2}.*$/s, '').replace(/\..*$/s, '') || name;
}
