const EXTENSIONS = /\.(arrows?|feather|ipc|parquet|csv|tsv|txt|json|ndjson|jsonl|gz)$/i;

/** A file's name without its known extensions. */
export function bareName(file: string): string {
  let name = file;
  while (EXTENSIONS.test(name)) name = name.replace(EXTENSIONS, '');
  return name === '' ? file : name;
}
