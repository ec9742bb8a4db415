import type { Command } from 'commander';
import { registry } from '../analytics/index.js';
import type { AnyAnalytic } from '../core/analytic.js';
import { InputError } from '../core/errors.js';
import type { ParamSpec } from '../core/schema.js';
import { closest } from './closest.js';
import { paramFlags, paramValues } from './param-flags.js';

/** The analytic of that name; the error lists what there is and what may have been meant. */
export function findAnalytic(name: string): AnyAnalytic {
  const found = registry.get(name);
  if (found) return found;
  const known = [...registry.keys()];
  const meant = closest(name, known);
  throw new InputError(
    'analytic',
    name,
    `is unknown; ${meant ? `did you mean ${meant}? ` : ''}known: ${known.join(', ')}`,
  );
}

/** The first argument that names an analytic, so that its flags can be offered before parsing. */
export const analyticIn = (args: readonly string[]): AnyAnalytic | undefined =>
  args.map((arg) => registry.get(arg)).find((analytic) => analytic !== undefined);

/** One flag for each parameter of the analytic. */
export const analyticFlags = (command: Command, analytic: AnyAnalytic | undefined): Command =>
  paramFlags(command, (analytic?.params ?? {}) as ParamSpec);

/** What was given for the analytic's parameters, unchecked. */
export const analyticParams = (
  analytic: AnyAnalytic,
  flags: Readonly<Record<string, unknown>>,
): Record<string, unknown> => paramValues(analytic.params as ParamSpec, flags);
