import { type Command, Option } from 'commander';
import { registry } from '../analytics/index.js';
import type { AnyAnalytic } from '../core/analytic.js';
import { InputError } from '../core/errors.js';
import { flagName, type ParamSpec } from '../core/schema.js';
import { closest } from './closest.js';

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

/** One flag for each parameter, from its declaration. */
export function analyticFlags(command: Command, analytic: AnyAnalytic | undefined): Command {
  for (const [name, p] of Object.entries((analytic?.params ?? {}) as ParamSpec)) {
    const standard = p.default === undefined ? '' : p.print(p.default);
    const shown = p.boolean || standard === '' ? '' : ` (default: ${standard})`;
    const flag = p.boolean ? flagName(name) : `${flagName(name)} <value>`;
    command.addOption(new Option(flag, `${p.doc} ${p.boolean ? '' : `[${p.values}]`}${shown}`.trim()));
  }
  return command;
}

/** What was given for the analytic's parameters, unchecked. */
export const analyticParams = (
  analytic: AnyAnalytic,
  flags: Readonly<Record<string, unknown>>,
): Record<string, unknown> =>
  Object.fromEntries(
    Object.keys(analytic.params)
      .filter((name) => flags[name] !== undefined)
      .map((name) => [name, flags[name]]),
  );
