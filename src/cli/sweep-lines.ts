import { trialAt } from '../analytics/strategy-sweep/grid.js';
import type { Sweep } from '../engine/sweep.js';
import { count, exactCount } from './progress.js';

/** What a sweep shows: its best trial, and how much of that the number of trials explains. */
export function sweepLines(sweep: Sweep): string[] {
  const { inference, portfolio, walkForward, placebos, params, first, trials } = sweep;
  const { best, statistics, pbo, realityCheck, spa } = inference;
  const runs = sweep.runs.table;
  const instruments = new Set(runs.columns.instrument as Uint32Array).size;
  const lines = [
    `sweep: ${exactCount(trials)} trials of ${exactCount(sweep.grid)} × ${exactCount(instruments)} instruments, ${exactCount(portfolio.time.length)} periods; N = ${exactCount(inference.trials)}, effective ${shown(inference.effective, 0)}`,
  ];
  if (best < 0) lines.push('best: none, no trial has returns that vary');
  else {
    const axes = Object.entries(trialAt(params, first + best))
      .reverse()
      .map(([name, value]) => `${name} ${text(value)}`);
    const of = (name: keyof typeof statistics): number => statistics[name][best]!;
    lines.push(
      `best: trial ${first + best}, ${axes.join(', ')}`,
      `      Sharpe ${shown(of('sharpe'))} a year, return ${percent(of('totalReturn'))}, largest drawdown ${percent(of('maxDrawdown'))}`,
      `      PSR ${shown(of('psr'))}, DSR ${shown(of('dsr'))} (effective N ${shown(of('dsrEffective'))}), Holm p ${shown(of('holm'))}`,
    );
  }
  lines.push(
    `overfitting: PBO ${shown(pbo.pbo)} of ${exactCount(pbo.splits)} splits, reality check p ${shown(realityCheck.p)}, SPA p ${shown(spa.consistent)}`,
    `out of sample: walk-forward Sharpe ${shown(walkForward.outOfSample * Math.sqrt(sweep.periodsPerYear))} a year; placebos as good: signs p ${shown(placebos?.signFlip.p)}, shifts p ${shown(placebos?.timeShift.p)}`,
  );
  const { backend, device } = sweep.backend;
  const rate = runs.rows / Math.max(sweep.runSeconds, 1e-6);
  lines.push(
    `${backend === 'cpu' ? device : `WebGPU (${device})`}: ${sweep.runSeconds.toFixed(2)} s of runs, ${count(rate)} runs/s; ${sweep.seconds.toFixed(2)} s in all`,
  );
  return lines;
}

const shown = (value: number | undefined, digits = 3): string =>
  value === undefined || Number.isNaN(value) ? 'null' : value.toFixed(digits);
const percent = (value: number): string => (Number.isNaN(value) ? 'null' : `${(100 * value).toFixed(2)} %`);
const text = (value: unknown): string =>
  typeof value === 'object' && value !== null ? Object.values(value).join('/') : String(value);
