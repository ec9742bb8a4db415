/** A resource variable of group 0 that an entry point may reach. */
export interface Binding {
  readonly binding: number;
  readonly name: string;
  readonly type: GPUBufferBindingType;
}

const RESOURCE =
  /@group\s*\(\s*0[iu]?\s*\)\s*@binding\s*\(\s*(\d+)[iu]?\s*\)\s*var\s*<\s*(uniform|storage)\s*(?:,\s*(read|write|read_write)\s*)?,?\s*>\s*([\p{L}_][\p{L}\p{N}_]*)/gu;
const RESOURCE_SWAPPED =
  /@binding\s*\(\s*(\d+)[iu]?\s*\)\s*@group\s*\(\s*0[iu]?\s*\)\s*var\s*<\s*(uniform|storage)\s*(?:,\s*(read|write|read_write)\s*)?,?\s*>\s*([\p{L}_][\p{L}\p{N}_]*)/gu;
const FUNCTION = /\bfn\s+([\p{L}_][\p{L}\p{N}_]*)\s*\(/gu;
const IDENTIFIER = /[\p{L}_][\p{L}\p{N}_]*/gu;

/**
 * Resource variables of group 0 named in `entry` or in a function it calls. Bind group layouts are built from
 * these, so that a plan may bind buffers an entry does not use: an automatic layout would refuse them.
 * A local that hides a resource's name only adds an unused layout entry.
 */
export function entryBindings(code: string, entry: string): Binding[] {
  const clean = stripComments(code);
  const functions = new Map<string, Set<string>>();
  for (const match of clean.matchAll(FUNCTION)) {
    const body = functionText(clean, match.index + match[0].length);
    functions.set(match[1]!, new Set(body.match(IDENTIFIER) ?? []));
  }
  const reached = new Set<string>();
  const queue = [entry];
  for (let name = queue.pop(); name !== undefined; name = queue.pop())
    for (const word of functions.get(name) ?? []) {
      if (reached.has(word)) continue;
      reached.add(word);
      if (functions.has(word)) queue.push(word);
    }
  const bindings: Binding[] = [];
  for (const pattern of [RESOURCE, RESOURCE_SWAPPED])
    for (const [, number, space, access, name] of clean.matchAll(pattern)) {
      if (!reached.has(name!)) continue;
      const type =
        space === 'uniform' ? 'uniform' : access === 'read_write' ? 'storage' : 'read-only-storage';
      bindings.push({ binding: Number(number), name: name!, type });
    }
  return bindings.sort((a, b) => a.binding - b.binding);
}

/** From a function's opening parenthesis to the brace that ends its body. */
function functionText(code: string, start: number): string {
  let depth = 0;
  for (let i = start; i < code.length; i++) {
    if (code[i] === '{') depth++;
    else if (code[i] === '}' && --depth === 0) return code.slice(start, i);
  }
  return code.slice(start);
}

/** Comments become spaces; WGSL block comments nest. */
function stripComments(code: string): string {
  let out = '';
  let depth = 0;
  for (let i = 0; i < code.length; i++) {
    const two = code.slice(i, i + 2);
    if (two === '/*') {
      depth++;
      i++;
    } else if (depth > 0 && two === '*/') {
      depth--;
      i++;
      out += ' ';
    } else if (depth === 0 && two === '//') {
      while (i < code.length && code[i] !== '\n') i++;
      out += '\n';
    } else if (depth === 0) out += code[i];
  }
  return out;
}
