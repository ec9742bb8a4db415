import { Command } from 'commander';
import { InputError } from '../core/errors.js';

/** A command that throws instead of exiting and writes errors nowhere: `main` prints the one line. */
export function command(name: string, summary: string): Command {
  return new Command(name)
    .description(summary)
    .exitOverride()
    .configureOutput({ writeErr: () => {} })
    .showSuggestionAfterError();
}

/** Makes a flag given twice an error, where otherwise the last would win; flags that parse their argument may join. */
export function refuseRepeats(of: Command): Command {
  for (const option of of.options) {
    if (!option.required || option.parseArg) continue;
    let seen: string | undefined;
    of.on(`option:${option.name()}`, (value: string) => {
      if (seen !== undefined)
        throw new InputError(option.long ?? option.flags, value, `is given twice; first as ${seen}`);
      seen = value;
    });
  }
  return of;
}

/** Joins a list flag's arguments, if it is given more than once. */
export const joined = (value: string, before: string | undefined): string =>
  before === undefined ? value : `${before},${value}`;
