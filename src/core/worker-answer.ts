import { InputError, PlanError } from './errors.js';

/** What a worker answers: the result, or an error in parts, as classes do not survive the way. */
export type WorkerAnswer<Result> =
  | { readonly result: Result }
  | {
      readonly error: 'InputError' | 'PlanError';
      readonly subject: string;
      readonly found: string;
      readonly bound: string;
    }
  | { readonly failure: string };

/** The answer that an error becomes. */
export function errorAnswer(error: unknown): WorkerAnswer<never> {
  if (error instanceof InputError || error instanceof PlanError)
    return {
      error: error.name,
      subject: error.subject,
      found: String(error.found ?? ''),
      bound: error.bound,
    };
  return { failure: String(error instanceof Error ? error.stack : error) };
}

/** The result of an answer. Errors: those that the worker met; what no one expected, as an Error that names the worker. */
export function resultOf<Result>(answer: WorkerAnswer<Result>, worker: string): Result {
  if ('result' in answer) return answer.result;
  if ('failure' in answer) throw new Error(`${worker} failed: ${answer.failure}`);
  const Kind = answer.error === 'InputError' ? InputError : PlanError;
  throw new Kind(answer.subject, answer.found, answer.bound);
}
