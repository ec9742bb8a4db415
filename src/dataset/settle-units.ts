import type { Decimal } from '../core/decimal.js';
import type { InstrumentInfo } from '../core/importer.js';
import type { KindName } from '../core/kinds.js';
import type { LedgerReason } from '../core/raw.js';
import type { Block, BlockInfo, Units } from './block.js';
import type { BlockQueue } from './merge-blocks.js';
import { type Held, rescued } from './rescue.js';
import { inUnits, sameUnit } from './units.js';

/** An instrument's part of a partition: where its rows come from, in which units. */
export interface Part {
  readonly info: InstrumentInfo;
  readonly queues: readonly {
    readonly blocks: BlockQueue;
    readonly units: readonly Units[];
    readonly infos: readonly BlockInfo[];
  }[];
}

const TICK_MAX = 2 ** 53;
const LOTS_MAX = 2 ** 62;

/** Told of each row that is left out, of a block in some units. */
export type Tell = (block: Block, row: number, reason: LedgerReason, units: Units) => void;

/**
 * One unit for all of an instrument's blocks, and the blocks in it: the declared one, else the fewest decimals that hold
 * every value. `maxPrice` bounds the ticks.
 */
export async function settle(
  kind: KindName,
  part: Part,
  tell: Tell,
): Promise<{ units: Units; queues: BlockQueue[]; maxPrice: number }> {
  const { tick, lot } = part.info;
  const units: Units = {
    price: tick ?? { coef: 1, scale: most(part, 'priceScale') },
    size: lot ?? { coef: 1, scale: most(part, 'sizeScale') },
  };
  const [maxPrice, maxSize] = [largest(part, 'price', units), largest(part, 'size', units)];
  if (maxPrice < TICK_MAX && maxSize < LOTS_MAX) {
    const queues = part.queues.map(({ blocks, units: from }) =>
      blocks.map((read, b) => async () => {
        const block = await read();
        return inUnits(kind, block, from[b]!, units, (row, reason) => tell(block, row, reason, from[b]!));
      }),
    );
    return { units, queues, maxPrice };
  }
  const held: Held[] = [];
  // one after another: a partition's reader has one place in its file
  for (const { blocks, units: from } of part.queues)
    for (const [b, read] of blocks.entries()) {
      const own = { price: tick ?? from[b]!.price, size: lot ?? from[b]!.size };
      const block = await read();
      held.push({
        block: inUnits(kind, block, from[b]!, own, (row, reason) => tell(block, row, reason, from[b]!)),
        units: own,
      });
    }
  const counts = part.queues.map(({ blocks }) => blocks.length);
  const saved = rescued(kind, held, { price: tick !== undefined, size: lot !== undefined }, tell);
  let at = 0;
  const queues = counts.map((count) => {
    const from = at;
    at += count;
    return saved.blocks.slice(from, at).map((block) => () => block);
  });
  // what is left spans less than 2^31 ticks, wherever that span lies
  return { units: saved.units, queues, maxPrice: TICK_MAX - 1 };
}

const most = (part: Part, key: 'priceScale' | 'sizeScale'): number =>
  Math.max(...part.queues.flatMap(({ infos }) => infos.map((info) => info[key])));

/** Upper bound of an instrument's prices or sizes in the new unit. */
function largest(part: Part, what: 'price' | 'size', to: Units): number {
  const number = ({ coef, scale }: Decimal): number => coef / 10 ** scale;
  let max = 0;
  for (const { infos, units } of part.queues)
    infos.forEach((info, b) => {
      const from = units[Math.min(b, units.length - 1)]![what];
      const value = what === 'price' ? info.maxPrice : info.maxSize;
      const factor = sameUnit(from, to[what]) ? 1 : number(from) / number(to[what]);
      max = Math.max(max, value * factor);
    });
  return max;
}
