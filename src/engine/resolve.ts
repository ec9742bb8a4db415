import type { AnyAnalytic } from '../core/analytic.js';
import { InputError } from '../core/errors.js';
import { checkParams, printParams } from '../core/schema.js';

/** One run of an analytic with checked parameters; needs are nodes too. */
export interface Node {
  readonly key: string;
  readonly analytic: AnyAnalytic;
  // biome-ignore lint/suspicious/noExplicitAny: each node has its own parameter types
  readonly params: any;
  readonly printed: Record<string, string>;
  readonly needs: Readonly<Record<string, { readonly node: Node; readonly output: string }>>;
}

/**
 * The graph of needs under one analytic. Nodes are keyed by (analytic, version, params), so that shared ones
 * are the same object and run once. Errors: InputError for unknown names and cycles.
 */
export function resolve(
  analytic: AnyAnalytic,
  params: Readonly<Record<string, unknown>>,
  registry: ReadonlyMap<string, AnyAnalytic>,
): Node {
  const nodes = new Map<string, Node>();
  const visit = (
    what: AnyAnalytic,
    given: Readonly<Record<string, unknown>>,
    path: readonly string[],
  ): Node => {
    if (path.includes(what.name))
      throw new InputError('analytic', [...path, what.name].join(' → '), 'needs itself');
    const checked = checkParams(what.name, what.params, given);
    const printed = printParams(what.params, checked);
    const key = JSON.stringify([what.name, what.version, printed]);
    const known = nodes.get(key);
    if (known) return known;
    const needs: Record<string, { node: Node; output: string }> = {};
    for (const [name, need] of Object.entries(what.needs ?? {})) {
      const needed = typeof need.analytic === 'string' ? find(need.analytic, registry) : need.analytic;
      if (!Object.hasOwn(needed.outputs, need.output))
        throw new InputError(
          `${what.name} need ${name} of output`,
          need.output,
          `must be an output of ${needed.name}`,
        );
      needs[name] = { node: visit(needed, need.params(checked), [...path, what.name]), output: need.output };
    }
    const node: Node = { key, analytic: what, params: checked, printed, needs };
    nodes.set(key, node);
    return node;
  };
  return visit(analytic, params, []);
}

/** The analytic of that name. Errors: InputError listing the known names. */
export function find(name: string, registry: ReadonlyMap<string, AnyAnalytic>): AnyAnalytic {
  const found = registry.get(name);
  if (!found) throw new InputError('analytic', name, `is unknown; known: ${[...registry.keys()].join(', ')}`);
  return found;
}
