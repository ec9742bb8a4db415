/**
 * steelyard: a GPU-batched research engine for volume imbalance in markets. Exact on WebGPU and on the CPU.
 *
 * @example
 * import { openTrades, presentResult, registry, run } from 'steelyard';
 * const { frame, inputHash } = await openTrades(['trades.parquet'], {});
 * const result = await run(registry.get('volume-imbalance')!, frame, { every: '5m' }, { inputHash });
 * const bars = presentResult(result).bars!;
 */

export { footprint } from './analytics/footprint/index.js';
export { imbalanceCorrelation } from './analytics/imbalance-correlation/index.js';
export { imbalanceRegression } from './analytics/imbalance-regression/index.js';
export { imbalanceSurprise } from './analytics/imbalance-surprise/index.js';
export { registry } from './analytics/index.js';
export { oiCorrelation } from './analytics/oi-correlation/index.js';
export { openInterest } from './analytics/open-interest/index.js';
export { orderBookImbalance } from './analytics/order-book-imbalance/index.js';
export { orderFlowImbalance } from './analytics/order-flow-imbalance/index.js';
export { orderFlowRegression } from './analytics/order-flow-regression/index.js';
export { relativeVolume } from './analytics/relative-volume/index.js';
export { strategySweep } from './analytics/strategy-sweep/index.js';
export { valueArea } from './analytics/value-area/index.js';
export { volumeImbalance } from './analytics/volume-imbalance/index.js';
export { volumeIndicators } from './analytics/volume-indicators/index.js';
export { volumeProfile } from './analytics/volume-profile/index.js';
export { vwapDeviation } from './analytics/vwap-deviation/index.js';
export { ammOutput } from './core/amm-output.js';
export {
  type Accuracy,
  type Analytic,
  type AnalyticDoc,
  type AnyAnalytic,
  type BookRequest,
  type Carry,
  type CarrySpec,
  type ColumnSpec,
  type DeriveContext,
  type Dtype,
  defineAnalytic,
  type InputKind,
  type InputSpec,
  type Kernel,
  type MergeClass,
  type Need,
  type OutputSpec,
  type PlanContext,
  type ScanSpec,
  type Tile,
  type TileResult,
} from './core/analytic.js';
export { BOOK_STATES, type BookState } from './core/book-states.js';
export {
  type Column,
  type Frame,
  type FrameStats,
  type Instrument,
  measureTrades,
  type Physical,
  rowTime,
  SIDE_BUY,
  SIDE_SELL,
  SIDE_UNKNOWN,
  type Table,
  type TimeBase,
} from './core/columns.js';
export { type Decimal, decimal, decimalText, decimalToNumber } from './core/decimal.js';
export { DeviceError, InputError, PlanError, SteelyardError } from './core/errors.js';
export {
  bigAt,
  decodeF64,
  decodeWords,
  divideBig,
  type ExactColumn,
  exactColumn,
  isExact,
  ratio,
  setBig,
  type Weights,
  weightedRatio,
  weightedSum,
} from './core/exact.js';
export type { FeeTier } from './core/fee-ladder.js';
export { type BarGrid, barGrid, finestLevel, type SessionGrid, sessionGrid } from './core/grid.js';
export type {
  ImportContext,
  Importer,
  InstrumentInfo,
  LineBatch,
  RawColumn,
  RawRows,
  SourceFile,
} from './core/importer.js';
export { type CellSpec, KINDS, type Kind, type KindName } from './core/kinds.js';
export { exactMoments, type Moments } from './core/moments.js';
export { normalCdf } from './core/normal-cdf.js';
export {
  type BufferSpec,
  DEFAULT_LIMITS,
  type Dispatch,
  type Limits,
  type Plan,
  type Read,
  type ShaderSource,
  type Upload,
} from './core/plan.js';
export { gridGroups, type Layout, packUniform, type Scalar, storage, uniform } from './core/planners.js';
export type { AsOf, Quotes } from './core/quotes.js';
export type { InstrumentDeclaration, Ledger, LedgerReason, LedgerRow } from './core/raw.js';
export { type Param, type ParamSpec, type ParamsInput, type ParamsOf, param } from './core/schema.js';
export { gridStart, sessionStarts } from './core/sessions.js';
export type { SideScore } from './core/side-rules/score-sides.js';
export type { SideOrigin, SideRule } from './core/side-rules/sides.js';
export { type SweepCost, sweepCost } from './core/sweep-cost.js';
export { type TradeSpreads, tradeSpreads } from './core/trade-spreads.js';
export {
  type FeeWindow,
  nextTierValue,
  type OwnFill,
  type VolumeFees,
  volumeFees,
} from './core/volume-fees.js';
export { type VpinBuckets, vpinBuckets } from './core/vpin-buckets.js';
export type { Units } from './dataset/block.js';
export {
  type ImportOptions,
  type ImportProgress,
  type ImportReport,
  importDataset,
} from './dataset/import.js';
export type { Manifest, PartitionEntry, SourceEntry } from './dataset/manifest.js';
export { readManifest } from './dataset/manifest.js';
export type { ImportFormat } from './dataset/read-phase.js';
export { type ImportSource, importSources } from './dataset/source-files.js';
export type { AuditBars, BarScore, BarSides } from './engine/audit-bars.js';
export {
  type AuditedRule,
  type AuditOptions,
  auditSides,
  type InstrumentAudit,
  type RuleAudit,
  type SideAudit,
} from './engine/audit-sides.js';
export { auditTables } from './engine/audit-tables.js';
export type { AdapterChoice, BackendChoice, BackendOptions } from './engine/backend.js';
export { type Comparison, compareResults, type WorstCell } from './engine/compare.js';
export { type DoctorReport, doctor, formatDoctor } from './engine/doctor.js';
export {
  type FormatRow,
  findImporter,
  formatRows,
  nativeFormat,
  tableFormat,
} from './engine/import-formats.js';
export type { SideOptions } from './engine/infer-sides.js';
export { writeMarket } from './engine/market.js';
export { type Opened, type OpenOptions, openTrades } from './engine/open.js';
export { type OpenedBars, openBars } from './engine/open-bars.js';
export { type OpenBookOptions, type OpenedBook, openBook } from './engine/open-book.js';
export { type OpenedInputs, type OpenInputsOptions, openInputs } from './engine/open-inputs.js';
export { type OpenedOi, openOi } from './engine/open-oi.js';
export { type OpenedQuotes, openQuotes, type QuoteOptions } from './engine/open-quotes.js';
export { type Bars, panelOf } from './engine/panel.js';
export { presentResult } from './engine/present-result.js';
export {
  type ReplayBooksOptions,
  type ReplayedBooks,
  type ReplayedInstrument,
  replayBooks,
} from './engine/replay.js';
export type { ReplayInputOptions } from './engine/replay-input.js';
export {
  type InstrumentSummary,
  type ReplayReport,
  replayReport,
  type StateTotal,
} from './engine/replay-summary.js';
export { REPLAY_TABLES, type ReplayTableOptions, replayTables } from './engine/replay-tables.js';
export type { Result, ResultTable } from './engine/result.js';
export { type Inputs, type Progress, type RunOptions, run } from './engine/run.js';
export { type Sweep, type SweepOptions, sweep } from './engine/sweep.js';
export type { WalkForwardResult } from './engine/sweep-folds.js';
export type { Inference, TrialStatistics } from './engine/sweep-inference.js';
export type { SweepPlacebos } from './engine/sweep-placebos.js';
export type { Portfolio } from './engine/sweep-portfolio.js';
export { SWEEP_TABLES, sweepTables } from './engine/sweep-tables.js';
export { tradeAnalytics } from './engine/trade-analytics.js';
export { type VerifyReport, verify } from './engine/verify.js';
export type { AdapterInfo, AdapterKind, AdapterReport } from './gpu/adapter-info.js';
export type { DispatchProfile, TileProfile } from './gpu/profile.js';
export { generateMarket, type Market, type MarketInstrument, type MarketOptions } from './ingest/generate.js';
export {
  BookReplay,
  type BookRows,
  type CoverageSpan,
  type DeltaColumns,
  type GapEntry,
  type MessageCounts,
  type Numbers,
  type ReplayJob,
  type ReplayOptions,
  type ReplayPool,
  type ReplayResult,
  type ReplaySummary,
  replayBook,
  replayInstruments,
  replayOptions,
  replayParams,
  SEQUENCE_RULES,
  type SequenceRule,
  type StatePolicy,
  sequenceRuleOf,
} from './ingest/replay/index.js';
export * as stats from './stats/index.js';
export { arrowTable } from './table/arrow-table.js';
export type { BuiltQuotes } from './table/build-quotes.js';
export { ledgerTable } from './table/ledger-table.js';
export type { PresentedColumn, PresentedData, PresentedTable } from './table/presented.js';
export { type Destination, destination, type Format, writeTables } from './table/write-tables.js';
