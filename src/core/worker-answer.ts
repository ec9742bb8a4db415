import { InputError, PlanError } from './errors.js';

/** What a worker answers: the result, or an error in parts, as classes do not survive the way. */
export type WorkerAnswer<Result> =
  | { readonly result: Result }
  | {
      readonly error: 'InputError' | 'PlanError';
      readonly subject: string;
      readonly found: string | undefined;
      readonly bound: string;
    }
  | { readonly failure: { readonly name: string; readonly message: string; readonly stack: string } };

/** The answer that an error becomes. */
export function errorAnswer(error: unknown): WorkerAnswer<never> {
  if (error instanceof InputError || error instanceof PlanError) {
    const { name, subject, found, bound } = error;
    return { error: name, subject, found: found === undefined ? undefined : String(found), bound };
  }
  const { name, message, stack = '' } = error instanceof Error ? error : new Error(String(error));
  return { failure: { name, message, stack } };
}

/** The result of an answer. Errors: those that the worker met, with the worker's stack as the cause of one nobody expected. */
export function resultOf<Result>(answer: WorkerAnswer<Result>): Result {
  if ('result' in answer) return answer.result;
  if ('error' in answer) {
    const Kind = answer.error === 'InputError' ? InputError : PlanError;
    throw new Kind(answer.subject, answer.found, answer.bound);
  }
  const { name, message, stack } = answer.failure;
  const Kind = { RangeError, TypeError }[name] ?? Error;
  throw new Kind(message, { cause: stack });
}
