import type { ImportContext, RawRows, SourceFile } from '../core/importer.js';
import { microsOfIso } from '../core/parse-iso.js';
import { microsOfStamp } from '../core/stamps.js';
import { csvRows, type Places } from './csv-rows.js';
import { isWord, quantityOf } from './evm-words.js';
import { isObject, jsonItems, startsAsJson } from './json-items.js';
import type { RowBatch } from './row-batch.js';

/** One event log as an EVM chain recorded it, not yet decoded. Hex is in lower case. */
export interface EvmLog {
  readonly record: number;
  readonly text: string;
  /** NaN where missing or unreadable, as `logIndex` and `time` (µs). */
  readonly block: number;
  readonly logIndex: number;
  readonly time: number;
  readonly txHash: string;
  /** '' where the source does not give it. */
  readonly address: string;
  /** Undefined where they cannot be read: what event it is then remains unknown. */
  readonly topics: readonly string[] | undefined;
  readonly data: string;
  /** Undefined where unreadable. */
  readonly removed: boolean | undefined;
}

const REQUIRED = ['block_number', 'block_timestamp', 'transaction_hash', 'log_index', 'topics', 'data'];

/**
 * Raw logs: a CSV of `block_number, block_timestamp, transaction_hash, log_index, topics, data` (and `address`,
 * `removed` where there), topics as a list in one field; or JSON as `eth_getLogs` answers, a document or a log a line,
 * with `blockTimestamp` where the node gives it.
 */
export async function* evmLogs(
  file: SourceFile,
  context: ImportContext,
  batch: RowBatch,
  add: (log: EvmLog) => void,
): AsyncGenerator<RawRows> {
  if (!(await startsAsJson(file))) {
    yield* csvRows(file, context, {
      ...{ batch, columns: [...REQUIRED, 'address', 'removed'], required: REQUIRED, header: 'always' },
      record: (fields, at, record, text) => add(logOfFields(fields, at, record, text)),
    });
    return;
  }
  for await (const { value, record, text } of jsonItems(file, context)) {
    add(logOfJson(value, record, text));
    if (batch.full) yield batch.take();
  }
  if (batch.rows > 0) yield batch.take();
}

function logOfFields(fields: readonly string[], at: Places, record: number, text: string): EvmLog {
  const removed = at.removed === undefined ? '' : (fields[at.removed] ?? '').toLowerCase();
  const listed = fields[at.topics!]!.replace(/[[\]'"\s]/g, '');
  return {
    ...{ record, text },
    block: quantityOf(fields[at.block_number!]!),
    logIndex: quantityOf(fields[at.log_index!]!),
    time: timeOf(fields[at.block_timestamp!]!),
    txHash: fields[at.transaction_hash!]!.toLowerCase(),
    address: at.address === undefined ? '' : (fields[at.address] ?? '').toLowerCase(),
    topics: topicsOf(listed === '' ? [] : listed.split(',')),
    data: fields[at.data!]!,
    removed: ['true', '1'].includes(removed)
      ? true
      : ['', 'false', '0'].includes(removed)
        ? false
        : undefined,
  };
}

function logOfJson(value: unknown, record: number, text: string): EvmLog {
  const log = isObject(value) ? value : {};
  const of = (name: string): string => (typeof log[name] === 'string' ? log[name] : '');
  const { removed } = log;
  return {
    ...{ record, text },
    block: quantityOf(of('blockNumber')),
    logIndex: quantityOf(of('logIndex')),
    time: timeOf(of('blockTimestamp')),
    txHash: of('transactionHash').toLowerCase(),
    address: of('address').toLowerCase(),
    topics: topicsOf(log.topics),
    data: of('data'),
    removed:
      removed === undefined || removed === null ? false : typeof removed === 'boolean' ? removed : undefined,
  };
}

function topicsOf(list: unknown): string[] | undefined {
  if (!Array.isArray(list) || list.length > 4) return undefined;
  const topics: string[] = [];
  for (const topic of list) {
    if (typeof topic !== 'string' || !isWord(topic)) return undefined;
    topics.push(topic.toLowerCase());
  }
  return topics;
}

/** Seconds in hex or decimal digits, or a date; NaN for every other text. */
function timeOf(text: string): number {
  const digits = /^0x/i.test(text) ? String(quantityOf(text)) : text;
  return /^\d+$/.test(digits) ? microsOfStamp(digits) : microsOfIso(text);
}
