/** The rule variants of definitions §6; see index.ts for what each means. */
export interface Rules {
  readonly step: 'one_row' | 'two_row_whole' | 'two_row_minimal' | 'greedy_by_volume';
  readonly rows: 'dense' | 'traded';
  readonly tie: 'up' | 'down' | 'both';
  readonly stop: 'ge' | 'gt';
  readonly pocTie: 'centre' | 'lowest' | 'highest';
}

export interface Area<V> {
  /** Index of the point of control. */
  readonly poc: number;
  /** Row numbers. */
  readonly lowest: number;
  readonly highest: number;
  readonly contained: V;
}

/**
 * Value area of one profile: `rows` ascending row numbers that traded, `volume` theirs, `least` the volume at
 * which growth stops. V is number while sums are safe, else bigint; + and < read the same for both.
 */
export function valueArea<V extends number | bigint>(
  rows: Float64Array,
  volume: ArrayLike<V>,
  least: V,
  zero: V,
  rules: Rules,
): Area<V> {
  const poc = pointOfControl(rows, volume, rules.pocTie);
  return rules.step === 'greedy_by_volume'
    ? byVolume(rows, volume, least, poc, rules.tie)
    : fromCentre(rows, volume, least, zero, poc, rules);
}

const add = <V extends number | bigint>(a: V, b: V): V => ((a as number) + (b as number)) as V;

function pointOfControl<V>(rows: Float64Array, volume: ArrayLike<V>, tie: Rules['pocTie']): number {
  const centre = rows[0]! + rows[rows.length - 1]!;
  let poc = 0;
  for (let i = 1; i < rows.length; i++) {
    if (volume[i]! < volume[poc]!) continue;
    const nearer = Math.abs(2 * rows[i]! - centre) < Math.abs(2 * rows[poc]! - centre);
    if (volume[i]! > volume[poc]! || tie === 'highest' || (tie === 'centre' && nearer)) poc = i;
  }
  return poc;
}

/** Grows row by row from the point of control, as a trader would with pencil and paper. */
function fromCentre<V extends number | bigint>(
  rows: Float64Array,
  volume: ArrayLike<V>,
  least: V,
  zero: V,
  poc: number,
  rules: Rules,
): Area<V> {
  const dense = rules.rows === 'dense';
  const step = rules.step === 'one_row' ? 1 : 2;
  // a place is a row number when dense, an index into the traded rows otherwise
  const place = (i: number): number => (dense ? rows[i]! : i);
  const last = rows.length - 1;
  const floor = place(0);
  const ceiling = place(last);
  let contained = volume[poc]!;
  let high = place(poc);
  let low = high;
  // the next traded row beyond each end
  let up = poc + 1;
  let down = poc - 1;
  while (contained < least) {
    let above = zero;
    let below = zero;
    for (let n = 0, at = up; n < step && at <= last && place(at) <= high + step; n++, at++)
      above = add(above, volume[at]!);
    for (let n = 0, at = down; n < step && at >= 0 && place(at) >= low - step; n++, at--)
      below = add(below, volume[at]!);
    const upSpent = high === ceiling;
    const downSpent = low === floor;
    if (upSpent && downSpent) break;
    const tie = above === below;
    const goUp = !upSpent && (downSpent || above > below || (tie && rules.tie !== 'down'));
    const goDown = !downSpent && (upSpent || below > above || (tie && rules.tie !== 'up'));
    if (above === zero && below === zero) {
      // nothing within reach on either side: whole steps up to the next traded row add nothing and decide alike
      const roomUp = goUp ? place(up) - high - 1 : Number.POSITIVE_INFINITY;
      const roomDown = goDown ? low - place(down) - 1 : Number.POSITIVE_INFINITY;
      const stride = Math.floor(Math.min(roomUp, roomDown) / step) * step;
      if (goUp) high += stride;
      if (goDown) low -= stride;
      if (stride > 0) continue;
    }
    for (let n = 0; n < step; n++) {
      if (goUp && high < ceiling) {
        high++;
        if (place(up) === high) contained = add(contained, volume[up++]!);
      }
      if (goDown && low > floor) {
        low--;
        if (place(down) === low) contained = add(contained, volume[down--]!);
      }
      if (rules.step === 'two_row_minimal' && contained >= least) break;
    }
  }
  return { poc, lowest: dense ? low : rows[low]!, highest: dense ? high : rows[high]!, contained };
}

/** Takes rows by volume, equal ones nearest the point of control first, then by the tie rule. */
function byVolume<V extends number | bigint>(
  rows: Float64Array,
  volume: ArrayLike<V>,
  least: V,
  poc: number,
  tie: Rules['tie'],
): Area<V> {
  const distance = (i: number): number => Math.abs(rows[i]! - rows[poc]!);
  const order = Array.from(rows, (_, i) => i).filter((i) => i !== poc);
  order.sort((a, b) => {
    if (volume[a] !== volume[b]) return volume[a]! > volume[b]! ? -1 : 1;
    return distance(a) - distance(b) || (tie === 'down' ? a - b : b - a);
  });
  let contained = volume[poc]!;
  let lowest = poc;
  let highest = poc;
  for (let n = 0; n < order.length && contained < least; n++) {
    const i = order[n]!;
    const next = order[n + 1];
    const twin =
      tie === 'both' && next !== undefined && volume[next] === volume[i] && distance(next) === distance(i);
    for (const taken of twin ? [i, next] : [i]) {
      contained = add(contained, volume[taken]!);
      lowest = Math.min(lowest, taken);
      highest = Math.max(highest, taken);
    }
    if (twin) n++;
  }
  return { poc, lowest: rows[lowest]!, highest: rows[highest]!, contained };
}
