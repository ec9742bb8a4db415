import { registry } from '../analytics/index.js';
import { type AnyAnalytic, kindOf } from '../core/analytic.js';

/** Analytics that trades alone are enough for: bars are made of them, books and open interest are not. */
export const tradeAnalytics = (): ReadonlyMap<string, AnyAnalytic> => {
  const enough = ({ inputs, needs }: AnyAnalytic): boolean =>
    Object.values(inputs).every((spec) => ['trades', 'panel'].includes(kindOf(spec))) &&
    Object.values(needs ?? {}).every(({ analytic }) => {
      const needed = typeof analytic === 'string' ? registry.get(analytic) : analytic;
      return needed !== undefined && enough(needed);
    });
  return new Map([...registry].filter(([, analytic]) => enough(analytic)));
};
