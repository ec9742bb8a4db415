import { InputError } from '../core/errors.js';

/** `name=column,…` of a flag; `known` names the only names there are. */
export function pairs(
  flag: string,
  text: string,
  example: string,
  known?: readonly string[],
): Record<string, string> {
  const map = new Map<string, string>();
  for (const pair of text.split(',')) {
    const at = pair.indexOf('=');
    const name = pair.slice(0, at).trim();
    const column = pair.slice(at + 1).trim();
    if (at < 1 || column === '')
      throw new InputError(flag, pair, `must read name=column, such as ${example}`);
    if (known && !known.includes(name))
      throw new InputError(flag, name, `must be one of ${known.join(', ')}`);
    if (map.has(name)) throw new InputError(flag, name, 'is given twice');
    map.set(name, column);
  }
  return Object.fromEntries(map);
}
