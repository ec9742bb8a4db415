import type { SourceFile } from '../core/importer.js';

/** The first line that is not blank, for formats whose layout the header tells; '' in a file of blank lines. */
export async function firstLine(file: SourceFile): Promise<string> {
  for await (const { lines } of file.lines()) {
    const line = lines.find((text) => text !== '');
    if (line !== undefined) return line;
  }
  return '';
}
