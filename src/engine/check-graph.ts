import type { Instrument } from '../core/columns.js';
import { InputError } from '../core/errors.js';
import type { Node } from './resolve.js';

/**
 * Rejects, for a whole graph of needs, parameters that do not go together, or not with these instruments, and bars that need
 * a book where there is none. Before anything is read no instrument is known. Errors: InputError.
 */
export function checkGraph(node: Node, instruments: readonly Instrument[], hasBook: boolean): void {
  const { analytic, params, printed, needs } = node;
  for (const need of Object.values(needs)) checkGraph(need.node, instruments, hasBook);
  analytic.check?.(params, instruments);
  if (hasBook) return;
  for (const spec of Object.values(analytic.inputs)) {
    if (typeof spec !== 'object' || spec.kind !== 'panel') continue;
    const by = spec.book?.(params).neededBy;
    if (by)
      throw new InputError(`${analytic.name} ${by}`, printed[by], 'needs a book beside the bars (--book)');
  }
}
