const ITEM =
  /\s*(?:"([^"\\]*)"|("(?:[^"\\]|\\.)*")|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|NaN|-?Infinity|true|false)|null)\s*(?:,|$)/y;

/**
 * Items of a JSON array of plain values: texts without quotes, numbers with the digits they are written with, null for
 * null. Python's NaN and Infinity are read as texts. Undefined if the text is no such array.
 */
export function flatJsonArray(text: string): (string | null)[] | undefined {
  if (text.length < 3 || text[0] !== '[' || text[text.length - 1] !== ']') return undefined;
  const inner = text.slice(1, -1);
  const items: (string | null)[] = [];
  ITEM.lastIndex = 0;
  while (ITEM.lastIndex < inner.length) {
    const match = ITEM.exec(inner);
    if (!match) return undefined;
    if (match[2] === undefined) items.push(match[1] ?? match[3] ?? null);
    else {
      const value = unescaped(match[2]);
      if (value === undefined) return undefined;
      items.push(value);
    }
  }
  // a comma at the end promises one more
  return /,\s*$/.test(inner) ? undefined : items;
}

function unescaped(quoted: string): string | undefined {
  try {
    return JSON.parse(quoted) as string;
  } catch {
    return undefined;
  }
}
