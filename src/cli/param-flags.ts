import { type Command, Option } from 'commander';
import { flagName, type ParamSpec } from '../core/schema.js';

/** One flag for each parameter, from its declaration. */
export function paramFlags(command: Command, params: ParamSpec): Command {
  for (const [name, p] of Object.entries(params)) {
    const standard = p.default === undefined ? '' : p.print(p.default);
    const shown = p.boolean || standard === '' ? '' : ` (default: ${standard})`;
    const flag = p.boolean ? flagName(name) : `${flagName(name)} <value>`;
    command.addOption(new Option(flag, `${p.doc} ${p.boolean ? '' : `[${p.values}]`}${shown}`.trim()));
  }
  return command;
}

/** What was given for parameters, unchecked. */
export const paramValues = (
  params: ParamSpec,
  flags: Readonly<Record<string, unknown>>,
): Record<string, unknown> =>
  Object.fromEntries(
    Object.keys(params)
      .filter((name) => flags[name] !== undefined)
      .map((name) => [name, flags[name]]),
  );
