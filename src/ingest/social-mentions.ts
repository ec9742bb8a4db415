import { InputError } from '../core/errors.js';
import {
  type ImportContext,
  type Importer,
  NO_INSTRUMENT,
  type RawRows,
  type SourceFile,
} from '../core/importer.js';
import { microsOfIso } from '../core/parse-iso.js';
import { documentText, isObject, parseDocument } from './json-items.js';
import { mentionCounts } from './mention-counts.js';
import { repeatedKeys } from './repeated-keys.js';
import { RowBatch } from './row-batch.js';

const DAY = 86_400e6;
const MONTHS = [
  ...['january', 'february', 'march', 'april', 'may', 'june', 'july', 'august'],
  ...['september', 'october', 'november', 'december'],
];

/**
 * Mentions of assets in one forum thread a day, one JSON document a day: `results` {symbol: count}, `results_list`
 * [{symbol, count}], `thread_title`, `generated_at_utc`.
 *
 * The bucket is the UTC day that the title names, since it is that thread whose comments were counted; the file's name
 * stands in where the title holds no date. If both hold one and they differ, or none does, the rows are `bad_time`.
 * `ingest_ts` is `generated_at_utc`: the count is of what had been written by then, which may be before the day's end,
 * and it was known no sooner. Without it, or before the day began, the rows are `bad_time` too. `total_mentions` is the
 * sum of the day's good counts, null from 2^53 on. A missing file is an outage: no rows are made for its day.
 */
export const socialMentions: Importer = {
  name: 'social-mentions',
  summary: 'Daily mention counts of a forum thread, one JSON document a day',
  source: 'crypto-daily-mentions, data-<date>.json',
  fixture: 'real',
  kinds: ['social'],
  params: {},
  files: /\.json(\.gz)?$|\.zip$/i,
  read: readMentions,
};

async function* readMentions(file: SourceFile, context: ImportContext): AsyncGenerator<RawRows> {
  const json = await documentText(file);
  const document = parseDocument(file, json);
  if (!isObject(document)) throw new InputError(file.name, json.trim().slice(0, 60), 'must be a JSON object');
  const results = part(file, document, 'results', isObject, 'an object {symbol: count}');
  const list = part(file, document, 'results_list', Array.isArray, 'an array [{symbol, count}]');
  if (results === undefined && list === undefined)
    throw new InputError(file.name, '', 'holds neither results {symbol: count} nor results_list');
  const twice = [...repeatedKeys(json)][0];
  if (twice !== undefined) throw new InputError(`${file.name} key`, twice, 'must occur once');
  const counts = mentionCounts(results, list, repeatedKeys(json, 'results'));
  // a day on which nothing was mentioned
  if (counts.length === 0) return context.skip(1);

  const batch = new RowBatch('social', {
    ...{ ts: 'f64', interval: 'f64', ingest_ts: 'f64', mentions: 'f64', total_mentions: 'f64' },
  });
  const day = bucketOf(document.thread_title, file.name);
  const known = timeOf(document.generated_at_utc);
  let total = 0;
  for (const count of counts) if (count.reject === undefined) total += count.mentions;
  counts.forEach(({ symbol, mentions, text, reject }, record) => {
    const id = symbol === '' ? NO_INSTRUMENT : context.instrument({ venue: 'social', symbol });
    const i = batch.add(id, record, text);
    if (reject) batch.reject(i, reject);
    if (!(known >= day)) batch.reject(i, 'bad_time');
    const { f64 } = batch;
    f64.ts![i] = day;
    f64.interval![i] = DAY;
    f64.ingest_ts![i] = known;
    f64.mentions![i] = mentions;
    f64.total_mentions![i] = Number.isSafeInteger(total) ? total : Number.NaN;
  });
  yield batch.take();
}

/** A member of the document; null counts as absent, another type than expected is an error. */
function part<T>(
  file: SourceFile,
  document: Readonly<Record<string, unknown>>,
  name: string,
  is: (value: unknown) => value is T,
  expected: string,
): T | undefined {
  const value = document[name];
  if (value === undefined || value === null) return undefined;
  if (!is(value)) throw new InputError(`${file.name} ${name}`, typeof value, `must be ${expected}`);
  return value;
}

/** µs of an ISO text; NaN where there is none. */
const timeOf = (value: unknown): number => (typeof value === 'string' ? microsOfIso(value) : Number.NaN);

/** Start of the UTC day, µs; NaN where no day or two days are named. */
function bucketOf(title: unknown, fileName: string): number {
  const named = /\d{4}-\d{2}-\d{2}/.exec(fileName);
  const ofFile = named ? microsOfIso(named[0]) : undefined;
  const ofTitle = typeof title === 'string' ? dayOfTitle(title) : undefined;
  if (ofTitle !== undefined && ofFile !== undefined && ofTitle !== ofFile) return Number.NaN;
  return ofTitle ?? ofFile ?? Number.NaN;
}

/** `… - August 1, 2025 (GMT+0)`; undefined without a date, NaN for a day that is none or of another zone. */
function dayOfTitle(title: string): number | undefined {
  const date = /\b([a-z]{3,9}) (\d{1,2}), (\d{4})(?: \(GMT([+-]\d{1,2}(?::\d{2})?)\))?/i.exec(title);
  const month = date ? MONTHS.indexOf(date[1]!.toLowerCase()) : -1;
  if (!date || month < 0) return undefined;
  if (/[1-9]/.test(date[4] ?? '')) return Number.NaN;
  const two = (n: number | string): string => String(n).padStart(2, '0');
  return microsOfIso(`${date[3]}-${two(month + 1)}-${two(date[2]!)}`);
}
