/** A path as an SQL literal that DuckDB takes literally: quotes doubled, glob characters in brackets. */
export const sqlPath = (path: string): string =>
  `'${path.replace(/[[*?]/g, (c) => `[${c}]`).replace(/'/g, "''")}'`;

export const sqlName = (name: string): string => `"${name.replace(/"/g, '""')}"`;

export const sqlText = (text: string): string => `'${text.replaceAll("'", "''")}'`;
