/** What Hive writes for a null. */
const NULL = '__HIVE_DEFAULT_PARTITION__';

/** Columns that a path tells, by name: `symbol=BTCUSDT/date=2024-01-05/x.parquet`. Values are URL-decoded. */
export function hiveColumns(path: string): ReadonlyMap<string, string | null> {
  const out = new Map<string, string | null>();
  for (const part of path.split('/').slice(0, -1)) {
    const at = part.indexOf('=');
    if (at < 1) continue;
    const value = decoded(part.slice(at + 1));
    out.set(decoded(part.slice(0, at)), value === NULL ? null : value);
  }
  return out;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // a per cent sign that is one
    return text;
  }
}
