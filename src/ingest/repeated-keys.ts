/**
 * Keys that occur more than once in the object of a valid JSON text, or in the object that is its member `member`. A
 * parser keeps the last of them and says nothing. Linear in the text, whatever its depth.
 */
export function repeatedKeys(json: string, member?: string): ReadonlySet<string> {
  const depthOfKeys = member === undefined ? 1 : 2;
  const repeated = new Set<string>();
  let seen = new Set<string>();
  /** Last key of the outermost object. */
  let outer: string | undefined;
  /** Open brackets, outermost first: true for an object. */
  const open: boolean[] = [];
  for (let at = 0; at < json.length; at++) {
    const c = json[at];
    if (c === '{' || c === '[') {
      open.push(c === '{');
      if (open.length === depthOfKeys) seen = new Set();
    } else if (c === '}' || c === ']') open.pop();
    else if (c === '"') {
      const end = stringEnd(json, at);
      if (open.length <= 2 && open.at(-1) && isKey(json, end)) {
        const key = JSON.parse(json.slice(at, end + 1)) as string;
        if (open.length === 1) outer = key;
        if (open.length === depthOfKeys && (member === undefined || outer === member)) {
          if (seen.has(key)) repeated.add(key);
          seen.add(key);
        }
      }
      at = end;
    }
  }
  return repeated;
}

/** Place of the quote that ends the string begun at `start`. */
function stringEnd(json: string, start: number): number {
  let at = start + 1;
  while (json[at] !== '"') at += json[at] === '\\' ? 2 : 1;
  return at;
}

function isKey(json: string, end: number): boolean {
  let next = end + 1;
  while (/\s/.test(json[next] ?? '')) next++;
  return json[next] === ':';
}
