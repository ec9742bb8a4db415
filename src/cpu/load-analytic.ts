import type { AnyAnalytic } from '../core/analytic.js';
import { InputError } from '../core/errors.js';

/** Where a worker finds an analytic: closures cannot be sent, a module and an export name can. */
export interface AnalyticLocation {
  readonly module: string;
  readonly exportName: string;
}

/** The location to send to a worker, or undefined for an analytic that must run inline. */
export const analyticLocation = ({ module, exportName }: AnyAnalytic): AnalyticLocation | undefined =>
  module !== undefined && exportName !== undefined ? { module, exportName } : undefined;

/** Imports an analytic inside a worker. */
export async function loadAnalytic({ module, exportName }: AnalyticLocation): Promise<AnyAnalytic> {
  const found = (await import(module))[exportName] as AnyAnalytic | undefined;
  if (typeof found?.reference !== 'function')
    throw new InputError(`export ${exportName} of`, module, 'must be an analytic');
  return found;
}
