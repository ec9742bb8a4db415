import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { haveData, realData } from '../ingest/support.js';
import { output, records, scratch } from './support.js';

const files = scratch();

describe.skipIf(!haveData)('a sweep of real daily bars', () => {
  it('648 parameter sets over 203 symbols in one command, with DSR and PBO of the number of trials', () => {
    const out = files.path('sweep');
    output(
      ...[
        'sweep',
        realData('binance-klines'),
        '--out',
        out,
        '--format',
        'csv',
        '--backend',
        'cpu',
        '--quiet',
      ],
      ...['--every', '1d', '--surprise-bars', '60', '--theta', '0.5,1,1.5', '--trend', '5/20,10/30,20/50'],
      ...[
        '--relative-volume',
        '0,1.2',
        '--stop',
        '0,2,4',
        '--time-stop',
        '0,20',
        '--reversal-window',
        '3,5,8',
      ],
      ...['--target-volatility', '0.2,0.4'],
    );
    const table = (name: string) => records(readFileSync(join(out, `${name}.csv`), 'utf8'));
    const [sweep] = table('sweep');
    const trials = table('trials');
    const n = 3 * 3 * 2 * 3 * 2 * 3 * 2;
    expect([Number(sweep!.trials), trials.length, table('runs').length]).toEqual([n, n, 203 * n]);
    for (const name of ['pbo', 'best_dsr', 'reality_check_p', 'spa_p', 'sign_flip_p', 'time_shift_p']) {
      expect(Number(sweep![name]), name).toBeGreaterThan(0);
      expect(Number(sweep![name]), name).toBeLessThanOrEqual(1);
    }
    // what looks good alone is not once the trials are counted
    expect(Number(sweep!.best_dsr)).toBeLessThan(Number(sweep!.best_psr));
    expect(Number(sweep!.best_dsr)).toBeLessThan(0.95);
    // sets that trade alike count together, but a grid is not one trial
    expect(Number(sweep!.effective_trials)).toBeGreaterThan(20);
    expect(Number(sweep!.effective_trials)).toBeLessThan(n / 2);
    expect(Number(sweep!.best_dsr_effective)).toBeGreaterThan(Number(sweep!.best_dsr));
    expect(Number(sweep!.best_dsr_effective)).toBeLessThan(0.5);
    expect(trials.every(({ overflown }) => overflown === '0')).toBe(true);
    const best = trials.find(({ trial }) => trial === sweep!.best_trial)!;
    expect(best.sharpe).toBe(sweep!.best_sharpe);
    // no fill comes before its decision
    for (const { time, decided_at: decided } of table('trades')) expect(time! >= decided!).toBe(true);
  }, 600_000);
});
