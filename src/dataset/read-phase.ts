import { existsSync } from 'node:fs';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ImportContext, InstrumentInfo, RawRows } from '../core/importer.js';
import type { KindName } from '../core/kinds.js';
import type { InstrumentDeclaration } from '../core/raw.js';
import { REASONS } from '../table/ledger-book.js';
import { RowEncoder } from './encode-rows.js';
import { instrumentKey, mergedInfo } from './instrument-facts.js';
import { LedgerSpool } from './ledger-spool.js';
import { RunBuffer } from './run-buffer.js';
import { sortedBlocks } from './sorted-run.js';
import type { ImportSource } from './source-files.js';
import { writeRun } from './spill.js';

/** How a format's files are read: an importer with its parameters, or a table with its mapping. */
export interface ImportFormat {
  readonly name: string;
  /** Parameters as canonical text: part of what makes an import the same. */
  readonly params: Readonly<Record<string, string>>;
  readonly values: Readonly<Record<string, unknown>>;
  readonly read: (source: ImportSource, context: ImportContext) => AsyncIterable<RawRows>;
}

/** Counts of one source. */
export interface SourceCounts {
  rowsRead: number;
  skipped: number;
  /** Rows left out by the user's filters; not among the rows read. */
  filtered: number;
  /** Rows that came later than a successor; they are sorted. */
  outOfOrder: number;
  /** Rows whose local stamp lies before the exchange's: the stamp is kept, never believed. */
  clockSkew: number;
  ledger: Record<string, number>;
  /** Rows in the spool. */
  listed: number;
}

/** A run on disk: a file of the scratch folder. */
export interface Run {
  readonly kind: KindName;
  readonly name: string;
}

/** What reading gave. */
export interface ReadResult {
  readonly counts: readonly SourceCounts[];
  readonly runs: readonly Run[];
  readonly instruments: readonly InstrumentInfo[];
  readonly encodedIn: readonly EncodedIn[];
  readonly spool: LedgerSpool;
}

/** Units that an instrument's rows were encoded in: those declared when it first came; facts may come later. */
export type EncodedIn = Pick<InstrumentDeclaration, 'tick' | 'lot'>;

export interface ReadOptions {
  readonly id: string;
  /** Scratch folder of the import. */
  readonly folder: string;
  readonly sources: readonly ImportSource[];
  readonly format: ImportFormat;
  /** Declared for every instrument. */
  readonly declared: InstrumentDeclaration;
  /** What the dataset knows of an instrument, by `instrumentKey`. */
  readonly known: (key: string) => InstrumentInfo | undefined;
  readonly bufferBytes: number;
  readonly progress?: (rows: number, bytes: number, source: string) => void;
  readonly signal?: AbortSignal | undefined;
}

interface State {
  readonly id: string;
  readonly counts: readonly SourceCounts[];
  readonly runs: readonly Run[];
  readonly instruments: readonly InstrumentInfo[];
  readonly encodedIn: readonly EncodedIn[];
  readonly spool: { readonly bytes: number; readonly listed: number };
}

/** Rows between two turns of the event loop, so that an abort is seen. */
const YIELD_ROWS = 500_000;

/**
 * Reads sources into sorted runs on disk. What is finished is written down at each spill that falls between two
 * sources, so that a killed import goes on from there. Where runs are cut changes nothing of the result.
 */
export async function readPhase(options: ReadOptions): Promise<ReadResult> {
  const earlier = await readState(options.folder, options.id);
  const spool = new LedgerSpool(
    join(options.folder, 'ledger.ndjson'),
    earlier?.spool.bytes,
    earlier?.spool.listed,
  );
  try {
    return await readInto(spool, earlier, options);
  } finally {
    spool.close();
  }
}

async function readInto(
  spool: LedgerSpool,
  earlier: State | undefined,
  options: ReadOptions,
): Promise<ReadResult> {
  const { folder, sources, format } = options;
  const counts: SourceCounts[] = earlier ? [...earlier.counts] : [];
  const runs: Run[] = earlier ? [...earlier.runs] : [];
  const instruments: InstrumentInfo[] = [];
  const encodedIn: EncodedIn[] = [];
  const encoder = new RowEncoder();
  const ids = new Map<string, number>();
  const register = (info: InstrumentInfo): number => {
    const key = `${info.venue}\0${info.symbol}`;
    const at = ids.get(key);
    if (at !== undefined) {
      instruments[at] = { ...mergedInfo(instruments[at], info), ...options.declared };
      return at;
    }
    const id = instruments.length;
    ids.set(key, id);
    const full = { ...mergedInfo(options.known(instrumentKey(info)), info), ...options.declared };
    instruments.push(full);
    const { tick, lot } = earlier?.encodedIn[id] ?? full;
    encodedIn.push({ ...(tick ? { tick } : {}), ...(lot ? { lot } : {}) });
    encoder.price.add(id, tick);
    encoder.size.add(id, lot);
    return id;
  };
  for (const info of earlier?.instruments ?? []) register(info);
  const buffers = new Map<KindName, RunBuffer>();
  const spill = async (source: SourceCounts): Promise<void> => {
    for (const buffer of buffers.values()) {
      if (buffer.rows === 0) continue;
      const name = `run-${runs.length}-${buffer.kind}`;
      const late = { rows: 0 };
      await writeRun(join(folder, name), sortedBlocks(buffer, late));
      // rows of an earlier source in the same buffer are counted with the last one
      source.outOfOrder += late.rows;
      runs.push({ kind: buffer.kind, name });
      buffer.clear();
    }
  };
  const bytes = (): number => [...buffers.values()].reduce((sum, buffer) => sum + buffer.bytes, 0);
  let rows = counts.reduce((sum, { rowsRead }) => sum + rowsRead, 0);
  let yielded = rows;
  // instruments are numbered by `register` already
  const every: number[] = [];
  let before = sources.slice(0, counts.length).reduce((sum, { size }) => sum + size, 0);
  for (let s = counts.length; s < sources.length; s++) {
    const count: SourceCounts = {
      rowsRead: 0,
      skipped: 0,
      filtered: 0,
      outOfOrder: 0,
      clockSkew: 0,
      ledger: {},
      listed: 0,
    };
    const context: ImportContext = {
      params: format.values,
      instrument: register,
      skip: (records) => {
        count.skipped += records;
      },
      filtered: (records) => {
        count.filtered += records;
      },
    };
    for await (const raw of format.read(sources[s]!, context)) {
      let buffer = buffers.get(raw.kind);
      if (buffer === undefined) {
        buffer = new RunBuffer(raw.kind);
        buffers.set(raw.kind, buffer);
      }
      while (every.length < instruments.length) every.push(every.length);
      encoder.append(buffer, raw, every, s, (row, code) => {
        const reason = REASONS[code - 1]!;
        count.ledger[reason] = (count.ledger[reason] ?? 0) + 1;
        const record = raw.record?.[row] ?? raw.firstRecord + row;
        if (reason !== 'duplicate' && spool.add(s, record, reason, raw.text?.(row) ?? '')) count.listed++;
      });
      count.rowsRead += raw.rows;
      count.clockSkew += skewed(raw);
      rows += raw.rows;
      options.progress?.(rows, before + sources[s]!.read(), sources[s]!.label);
      if (bytes() > options.bufferBytes) await spill(count);
      if (rows - yielded >= YIELD_ROWS) {
        yielded = rows;
        await new Promise(setImmediate);
      }
      options.signal?.throwIfAborted();
    }
    counts.push(count);
    before += sources[s]!.size;
    if (s + 1 < sources.length && bytes() < options.bufferBytes / 2) continue;
    await spill(count);
    await writeState(folder, {
      ...{ id: options.id, counts, runs, instruments, encodedIn },
      spool: { bytes: spool.flush(), listed: spool.listed },
    });
  }
  return { counts, runs, instruments, encodedIn, spool };
}

/** Rows whose local stamp lies before the exchange's. */
function skewed(raw: RawRows): number {
  const received = raw.columns.recv_ts;
  const ts = raw.columns.ts;
  if (received?.kind !== 'f64' || ts?.kind !== 'f64') return 0;
  let n = 0;
  for (let i = 0; i < raw.rows; i++) if (received.values[i]! < ts.values[i]!) n++;
  return n;
}

const statePath = (folder: string): string => join(folder, 'state.json');

async function readState(folder: string, id: string): Promise<State | undefined> {
  if (!existsSync(statePath(folder))) return undefined;
  const state = JSON.parse(await readFile(statePath(folder), 'utf8')) as State;
  return state.id === id ? state : undefined;
}

async function writeState(folder: string, state: State): Promise<void> {
  const draft = `${statePath(folder)}.draft`;
  await writeFile(draft, JSON.stringify(state));
  await rename(draft, statePath(folder));
}
