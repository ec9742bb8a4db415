import { createHash } from 'node:crypto';
import { registry } from '../analytics/index.js';
import type { AnyAnalytic, InputKind } from '../core/analytic.js';
import type { Frame } from '../core/columns.js';
import type { Decimal } from '../core/decimal.js';
import { InputError } from '../core/errors.js';
import type { Ledger } from '../core/raw.js';
import { readManifest } from '../dataset/manifest.js';
import { isDataset } from '../dataset/select.js';
import { alignFrame, alignInstruments, type InstrumentMatch } from './align-instruments.js';
import { checkGraph } from './check-graph.js';
import { bookRequest, type Inputs, kindsOf, panelWidth } from './inputs.js';
import { nativeDataset, nativeFormatOf } from './native-dataset.js';
import { type Opened, type OpenOptions, openTrades } from './open.js';
import { openBars } from './open-bars.js';
import { openBook } from './open-book.js';
import { openOi } from './open-oi.js';
import { resolve } from './resolve.js';

export interface OpenInputsOptions extends OpenOptions {
  /** Where open interest is, if not in the inputs. */
  readonly oi?: readonly string[];
  /** Where books are, if not in the inputs; bars look at books only where these are named. */
  readonly book?: readonly string[];
  /** How instruments of other inputs are found: by equal name, equal symbol, or equal base currency. Default name. */
  readonly match?: InstrumentMatch;
  /** Unit in which bars count volume, rounded; by default the finest that holds every volume. */
  readonly barLot?: Decimal;
  /** Parameters of native formats. */
  readonly formatParams?: Readonly<Record<string, unknown>>;
}

/** What a run reads, ready, and what was not taken. */
export interface OpenedInputs {
  readonly inputs: Inputs;
  /** Of the kind that the analytic is driven by. */
  readonly ledger: Ledger;
  /** Of the other kinds; books and open interest count states and observations as rows. */
  readonly otherLedgers: Readonly<Partial<Record<InputKind, Ledger>>>;
  readonly inputHash: string;
  readonly mappings: Opened['mappings'];
  readonly quotes?: Opened['quotes'];
  /** Instruments without a counterpart among those of another input. */
  readonly unmatched: readonly string[];
}

type Part = Pick<OpenedInputs, 'ledger' | 'inputHash'> & { readonly frame: Frame } & Partial<
    Pick<Opened, 'mappings' | 'quotes'>
  >;

/**
 * Opens what an analytic and its needs read: trades, books rebuilt from changes, a panel of bars where the inputs hold bars
 * (else the trades it will be made of), open interest, and books for bars to look at where they are named. Native files become a dataset in a temporary folder first.
 * Instruments of other inputs are matched to those of the first. Errors: InputError in one line for whatever cannot be read.
 */
export async function openInputs(
  analytic: AnyAnalytic,
  paths: readonly string[],
  params: Readonly<Record<string, unknown>> = {},
  options: OpenInputsOptions = {},
): Promise<OpenedInputs> {
  const node = resolve(analytic, params, registry);
  const kinds = kindsOf(node);
  const width = panelWidth(node);
  const book = bookRequest(node);
  for (const kind of ['book', 'oi'] as const) {
    const given = options[kind]?.join(', ');
    if (given === undefined) continue;
    if (!kinds.has(kind)) throw new InputError(kind, given, `must not be given: ${analytic.name} reads none`);
    // the first input would not even be opened
    if (kinds.size === 1)
      throw new InputError(kind, given, `must be the input itself: ${analytic.name} reads nothing else`);
  }
  const opensBook = book !== undefined && (options.book !== undefined || book.every === undefined);
  checkGraph(node, [], opensBook);
  const parts = new Map<InputKind, Part>();
  if (opensBook) parts.set('book', await bookPart(options.book ?? paths, book, options));
  const bars = width !== undefined && (await holdsBars(paths, options));
  if (bars) parts.set('panel', await barsPart(paths, width, options));
  if (kinds.has('trades') || (width !== undefined && !bars)) {
    const opened = await openTrades(paths, options);
    parts.set('trades', opened);
  }
  if (kinds.has('oi')) parts.set('oi', await oiPart(options.oi ?? paths, options));
  // the kind an analytic is driven by comes first
  const order: InputKind[] = ['trades', 'panel', 'book', 'oi'];
  const [first, ...others] = order
    .filter((kind) => parts.has(kind))
    .map((kind) => [kind, parts.get(kind)!] as const);
  const inputs: Partial<Record<InputKind, Frame>> = { [first![0]]: first![1].frame };
  const unmatched: string[] = [];
  for (const [kind, { frame }] of others) {
    const { instruments } = first![1].frame;
    const index = alignInstruments(
      instruments.map(({ symbol }) => symbol),
      frame.instruments.map(({ symbol }) => symbol),
      options.match ?? 'name',
    );
    if (index.every((at) => at < 0))
      throw new InputError(
        `instruments of ${kind}`,
        frame.instruments
          .slice(0, 5)
          .map(({ symbol }) => symbol)
          .join(', '),
        `must match some of ${instruments
          .slice(0, 5)
          .map(({ symbol }) => symbol)
          .join(', ')}: choose how by --match`,
      );
    instruments.forEach(({ symbol }, s) => {
      if (index[s]! < 0) unmatched.push(`${symbol} has no ${kind}`);
    });
    inputs[kind] = alignFrame(frame, instruments, index);
  }
  const all = [first!, ...others];
  return {
    inputs,
    ledger: first![1].ledger,
    otherLedgers: Object.fromEntries(others.map(([kind, { ledger }]) => [kind, ledger])),
    // of one input its own
    inputHash:
      others.length === 0
        ? first![1].inputHash
        : joinedHash(all.map(([kind, { inputHash }]) => [kind, inputHash])),
    mappings: first![1].mappings ?? [],
    ...(first![1].quotes ? { quotes: first![1].quotes } : {}),
    unmatched,
  };
}

const joinedHash = (hashes: readonly (readonly [string, string])[]): string =>
  createHash('sha256').update(JSON.stringify(hashes)).digest('hex');

/** Whether the inputs hold bars as imported: a dataset of them, or native files of such a format. */
async function holdsBars(paths: readonly string[], { from }: OpenInputsOptions): Promise<boolean> {
  if (paths.length === 1 && (await isDataset(paths[0]!)))
    return ((await readManifest(paths[0]!))?.rows.bars ?? 0) > 0;
  for (const path of paths) if (await isDataset(path)) return false;
  const format = await nativeFormatOf(paths, ['bars']);
  return format !== undefined && (from === undefined || from === format);
}

async function barsPart(paths: readonly string[], every: number, options: OpenInputsOptions): Promise<Part> {
  const input = await nativeDataset(paths, ['bars'], nativeOptions(options));
  try {
    const { frame, ledger, inputHash } = await openBars(input.folder, every, selection(options));
    return { frame, inputHash, ledger: withRejected(ledger, input) };
  } finally {
    await input.close();
  }
}

async function bookPart(
  paths: readonly string[],
  request: Parameters<typeof openBook>[1],
  options: OpenInputsOptions,
): Promise<Part> {
  const { instruments, barLot: _, ...times } = selection(options);
  const named = options.book === undefined || (options.match ?? 'name') === 'name';
  const { frame, inputHash, ...left } = await openBook(paths, request, {
    ...(options.book ? besideOptions(options) : nativeOptions(options)),
    ...times,
    // by another match, names are those of the first input
    ...(instruments && named ? { instruments } : {}),
  });
  return { frame, inputHash, ledger: withRejected(ledgerOf(frame.rows), left) };
}

async function oiPart(paths: readonly string[], options: OpenInputsOptions): Promise<Part> {
  const native = options.oi ? besideOptions(options) : nativeOptions(options);
  const input = await nativeDataset(paths, ['oi'], native);
  try {
    const { instruments: _, barLot: __, ...times } = selection(options);
    const { frame, inputHash } = await openOi(input.folder, times);
    return { frame, inputHash, ledger: withRejected(ledgerOf(frame.rows), input) };
  } finally {
    await input.close();
  }
}

const nativeOptions = ({ from, formatParams, progress, signal }: OpenInputsOptions) => ({
  ...(from === undefined ? {} : { from }),
  ...(formatParams ? { formatParams } : {}),
  ...(progress ? { progress } : {}),
  ...(signal ? { signal } : {}),
});

/** Of inputs beside the first, whose format the one named, if any, is. */
const besideOptions = (options: OpenInputsOptions) => {
  const { from: _, formatParams: __, ...own } = nativeOptions(options);
  return { ...own, advice: 'make it a dataset by `steelyard import`, as' };
};

const selection = ({ instruments, fromTime, until, barLot, signal }: OpenInputsOptions) => ({
  ...(barLot ? { barLot } : {}),
  ...(instruments?.length ? { instruments } : {}),
  ...(fromTime === undefined ? {} : { fromTime }),
  ...(until === undefined ? {} : { until }),
  ...(signal ? { signal } : {}),
});

const ledgerOf = (rows: number): Ledger => ({
  ...{ rowsRead: rows, rowsKept: rows, filtered: 0, counts: {}, outOfOrder: 0, clockSkew: 0, rows: [] },
});

/** Rows that the import left out are rows read, too. */
function withRejected(
  ledger: Ledger,
  { rejected, duplicates }: { rejected: Readonly<Record<string, number>>; duplicates: number },
): Ledger {
  const counts: Record<string, number> = { ...ledger.counts };
  let all = 0;
  for (const [reason, n] of [...Object.entries(rejected), ['duplicate', duplicates] as const]) {
    if (n > 0) counts[reason] = (counts[reason] ?? 0) + n;
    all += n;
  }
  return { ...ledger, rowsRead: ledger.rowsRead + all, counts };
}
