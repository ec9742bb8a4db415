import { InputError } from '../core/errors.js';
import { checkSameLength } from './check-same-length.js';
import { checkWhole } from './check-whole.js';

export interface WalkForwardOptions {
  /** Test windows; 5 unless given. */
  readonly folds?: number;
  /** Time that must lie between the end of a train row's label and the test window; 0 unless given. */
  readonly embargo?: number;
  /** Train rows become available at most this long before the test window; all before it unless given. */
  readonly trainSpan?: number;
}

/** Row numbers to fit on and to score, and the time the model is decided at: the first test row's. */
export interface Fold {
  readonly train: Uint32Array;
  readonly test: Uint32Array;
  readonly decidedAt: number;
}

/**
 * Purged and embargoed walk-forward splits. Rows are in order of `availableAt`, the time their features are known;
 * their label covers [availableAt, labelEnd). Rows are cut into folds + 1 parts of equal size, moved so that rows of one
 * time stay together; part 0 is only ever trained on, each other part is tested once. A train row's label has ended by
 * the test window's start less the embargo: then it overlaps no test label, was known when the model was decided, and
 * nothing later was. Rows whose time or label end is null are in neither. (López de Prado 2018, chapter 7, with the test
 * after the train rows only.)
 */
export function walkForward(
  availableAt: Float64Array,
  labelEnd: Float64Array,
  options: WalkForwardOptions = {},
): Fold[] {
  checkSameLength('label ends', labelEnd.length, availableAt.length);
  const folds = checkWhole('walk-forward folds', options.folds ?? 5, 1, 1_000_000);
  const { embargo = 0, trainSpan = Number.POSITIVE_INFINITY } = options;
  if (!(embargo >= 0)) throw new InputError('walk-forward embargo', embargo, 'must be at least 0');
  if (!(trainSpan > 0)) throw new InputError('walk-forward train span', trainSpan, 'must be above 0');
  const rows = usableRows(availableAt, labelEnd);
  const cut = (part: number): number => {
    let at = Math.floor((part * rows.length) / (folds + 1));
    while (at > 0 && availableAt[rows[at]!] === availableAt[rows[at - 1]!]) at--;
    return at;
  };
  const out: Fold[] = [];
  for (let fold = 1; fold <= folds; fold++) {
    const test = rows.subarray(cut(fold), fold === folds ? rows.length : cut(fold + 1));
    if (test.length === 0) continue;
    const decidedAt = availableAt[test[0]!]!;
    const train = rows.filter(
      (row) =>
        availableAt[row]! < decidedAt &&
        availableAt[row]! >= decidedAt - trainSpan &&
        labelEnd[row]! <= decidedAt - embargo,
    );
    out.push({ train, test: test.slice(), decidedAt });
  }
  return out;
}

function usableRows(availableAt: Float64Array, labelEnd: Float64Array): Uint32Array {
  const rows = new Uint32Array(availableAt.length);
  let n = 0;
  let latest = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < availableAt.length; i++) {
    const time = availableAt[i]!;
    if (Number.isNaN(time) || Number.isNaN(labelEnd[i]!)) continue;
    if (time < latest)
      throw new InputError('available_at', time, `must not fall below ${latest}, the row before`);
    if (labelEnd[i]! < time)
      throw new InputError('label end', labelEnd[i], `must not lie before available_at ${time}`);
    latest = time;
    rows[n++] = i;
  }
  return rows.subarray(0, n);
}
