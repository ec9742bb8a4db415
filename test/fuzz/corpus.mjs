import { CSV_SAMPLES, LOBSTER_PAIR } from './corpus-csv.mjs';
import { JSON_SAMPLES } from './corpus-json.mjs';
import { realSamples } from './corpus-real.mjs';
import { tableSamples } from './corpus-tables.mjs';

const file = ([name, content]) => ({ name, bytes: Buffer.from(content) });

/**
 * Valid samples by format: `files` as they lie in the input folder, `params` of a native format, `kind` of a table.
 * `lineRecords`: every line that is not blank is one row or is counted as skipped.
 */
export async function corpus() {
  const samples = [
    ...CSV_SAMPLES.map(([format, name, content, params]) => ({
      ...{ format, params, lineRecords: true, files: [file([name, content])] },
    })),
    { format: 'lobster', files: LOBSTER_PAIR.map(file) },
    ...JSON_SAMPLES.map(([format, name, content, params]) => ({
      ...{ format, params, files: [file([name, content])] },
    })),
    ...(await tableSamples()),
    ...realSamples(),
  ];
  const byFormat = new Map();
  for (const sample of samples) byFormat.set(sample.format, [...(byFormat.get(sample.format) ?? []), sample]);
  return byFormat;
}
