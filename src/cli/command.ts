import { Command } from 'commander';

/** A command that throws instead of exiting and writes errors nowhere: `main` prints the one line. */
export function command(name: string, summary: string): Command {
  return new Command(name)
    .description(summary)
    .exitOverride()
    .configureOutput({ writeErr: () => {} })
    .showSuggestionAfterError();
}
