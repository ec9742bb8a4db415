/** Base of every error steelyard throws on purpose; `exitCode` is what the CLI exits with. */
export abstract class SteelyardError extends Error {
  abstract readonly exitCode: number;
}

/**
 * Bad input or usage, in one line: subject, value found, bound.
 * `new InputError('volume-profile bins', 0, 'must be at least 1')` reads
 * "volume-profile bins 0 must be at least 1".
 */
export class InputError extends SteelyardError {
  readonly exitCode = 2;
  override readonly name = 'InputError';
  constructor(
    readonly subject: string,
    readonly found: unknown,
    readonly bound: string,
  ) {
    super(oneLine(`${subject} ${shown(found)} ${bound}`));
  }
}

/** A request no plan can serve within the limits given: subject, size needed, limit. */
export class PlanError extends SteelyardError {
  readonly exitCode = 2;
  override readonly name = 'PlanError';
  constructor(
    readonly subject: string,
    readonly found: unknown,
    readonly bound: string,
  ) {
    super(oneLine(`${subject} ${shown(found)} ${bound}`));
  }
}

/** No usable adapter, a lost device, a shader that does not compile, a GPU validation error. */
export class DeviceError extends SteelyardError {
  readonly exitCode = 3;
  override readonly name = 'DeviceError';
  constructor(message: string, options?: ErrorOptions) {
    super(oneLine(message), options);
  }
}

const shown = (found: unknown): string => {
  if (found === undefined) return '';
  try {
    return String(found).slice(0, 200);
  } catch {
    // an object without toString
    return typeof found;
  }
};

/** Characters of a message: names of columns and members may be megabytes long. */
const LONGEST = 1200;

/** One line, no control characters: values come from hostile files and end in terminals and logs. */
const oneLine = (text: string): string => {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: removing them is the point
  const line = text.replace(/[\s\u0000-\u001f\u007f-\u009f]+/g, ' ').trim();
  return line.length > LONGEST ? `${line.slice(0, LONGEST)} …` : line;
};
