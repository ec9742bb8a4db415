import { type BookRequest, type InputKind, kindOf } from '../core/analytic.js';
import type { Frame, Instrument } from '../core/columns.js';
import { durationText } from '../core/duration.js';
import { InputError } from '../core/errors.js';
import type { Node } from './resolve.js';

/** What a run reads, a frame of each kind; all of them have the same instruments, in the same order. */
export type Inputs = Readonly<Partial<Record<InputKind, Frame>>>;

/** Inputs by kind; a frame alone is the input of its kind. Errors: InputError where instruments differ. */
export function inputsOf(given: Frame | Inputs): Inputs {
  const inputs: Inputs = isFrame(given) ? { [given.kind]: given } : given;
  const frames = Object.values(inputs);
  const [first, ...others] = frames;
  if (first === undefined) throw new InputError('input', '(none)', 'must be at least one frame');
  for (const other of others)
    if (other.instruments.length !== first.instruments.length || !sameSymbols(first, other))
      throw new InputError(
        `instruments of ${other.kind}`,
        other.instruments.length,
        `must be the ${first.instruments.length} of ${first.kind}, in the same order`,
      );
  return inputs;
}

const isFrame = (given: Frame | Inputs): given is Frame => 'offsets' in given;

const sameSymbols = (a: Frame, b: Frame): boolean =>
  a.instruments.every(({ symbol }, s) => symbol === b.instruments[s]!.symbol);

/** The instruments of a run. */
export const instrumentsOf = (inputs: Inputs): readonly Instrument[] => Object.values(inputs)[0]!.instruments;

/** Whether bars know a book: one is given, or they have looked at one before. */
export const hasBook = ({ book, panel }: Inputs): boolean => (book ?? panel?.columns.spread) !== undefined;

/** Kinds that a graph of needs reads, books that it can do without among them. */
export function kindsOf(node: Node): Set<InputKind> {
  const kinds = new Set<InputKind>();
  for (const spec of Object.values(node.analytic.inputs)) {
    kinds.add(kindOf(spec));
    if (typeof spec === 'object' && spec.kind === 'panel' && spec.book) kinds.add('book');
  }
  for (const need of Object.values(node.needs)) for (const kind of kindsOf(need.node)) kinds.add(kind);
  return kinds;
}

/** Bar width of the panel that a graph reads, µs; undefined if it reads none. Errors: InputError for two widths. */
export function panelWidth(node: Node): number | undefined {
  const { analytic, params, needs } = node;
  const widths = Object.values(analytic.inputs).map((spec) =>
    typeof spec === 'object' && spec.kind === 'panel' ? spec.every(params) : undefined,
  );
  for (const need of Object.values(needs)) widths.push(panelWidth(need.node));
  const [first, ...others] = [...new Set(widths.filter((width) => width !== undefined))];
  if (others.length > 0)
    throw new InputError(
      `${analytic.name} bars of`,
      others.map(durationText).join(', '),
      `must be as wide as the others, ${durationText(first!)}`,
    );
  return first;
}

/**
 * The books that a graph reads: as many levels as any of its analytics asks for. With `every` only bars look at them, and
 * the graph can do without. Undefined if it reads none. Errors: InputError for two policies or ages.
 */
export function bookRequest(node: Node): BookRequest | undefined {
  const requests = requestsOf(node);
  const [first, ...others] = requests;
  if (first === undefined) return undefined;
  for (const other of others)
    if (other.repair !== first.repair || other.maxAge !== first.maxAge)
      throw new InputError(`${node.analytic.name} books`, '(several)', 'must be of one policy and age');
  const { every, ...request } = first;
  const bars = requests.every((other) => other.every !== undefined);
  const levels = Math.max(...requests.map((other) => other.levels));
  return { ...request, levels, ...(bars ? { every: every! } : {}) };
}

function requestsOf({ analytic, params, needs }: Node): BookRequest[] {
  const own = Object.values(analytic.inputs).flatMap((spec): BookRequest[] => {
    if (typeof spec === 'string' || !spec.book) return [];
    const request = spec.book(params);
    return [spec.kind === 'panel' ? { ...request, every: spec.every(params) } : request];
  });
  return [...own, ...Object.values(needs).flatMap((need) => requestsOf(need.node))];
}
