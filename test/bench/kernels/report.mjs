const ms = (n) => n.toFixed(0);
const times = (n) => `${n.toFixed(2)} ×`;
const percent = (n) => `${(100 * n).toFixed(n < 0.1 ? 1 : 0)} %`;
const giga = (n) => `${(n / 1e9).toFixed(2)} GB/s`;

/** The tables of one workload as Markdown. */
export function reportWorkload(result) {
  const { machine, runs, bandwidth, peakMiB } = result;
  const lines = [
    `${machine.cpu}, ${machine.cores} cores; Node ${machine.node}; DuckDB ${machine.duckdb} and Polars ${machine.polars}, ` +
      `${machine.threads} threads each; ${machine.adapter}; copy ${giga(bandwidth)}; ${runs} interleaved runs; ` +
      `peak ${peakMiB} MiB`,
  ];
  for (const section of result.sections) lines.push('', ...sectionLines(section, result));
  return lines.join('\n');
}

function sectionLines({ title, notes, checked, bytes, others, rows }, { bandwidth, unit, count }) {
  const peer = fastest(rows);
  const own = rows.find(({ who }) => who === 'cpu');
  const rate = (row) => (bytes / row.median) * 1000;
  const lines = [
    `### ${title}`,
    notes,
    `compared before timing: ${checked.map((c) => `${c.name} (${c.columns} columns, ${c.rows} rows)`).join('; ')}`,
    `other processes took ${percent(others)} of the cores${others > 0.1 ? ': DO NOT QUOTE THE RATIOS, run again alone' : ''}`,
    '',
    `| | median ms | quartiles | CPU ms | M ${unit}/s | faster peer / this | bytes/time | of copy |`,
    '|---|--:|--:|--:|--:|--:|--:|--:|',
    ...rows.map((row) =>
      [
        `| ${row.name} | ${ms(row.median)} | ${ms(row.q1)}–${ms(row.q3)} | ${ms(row.cpu)} `,
        `| ${(count / row.median / 1000).toFixed(1)} | ${peer ? times(peer.median / row.median) : ''} `,
        ours(row) ? `| ${giga(rate(row))} | ${percent(rate(row) / bandwidth)} |` : '| | |',
      ].join(''),
    ),
  ];
  if (peer) {
    const ratio = peer.median / own.median;
    const verdict = ratio >= 1 ? 'met' : 'MISSED';
    lines.push('', `one CPU thread: ${times(ratio)} the faster peer (${peer.name}), target 1 ×: ${verdict}`);
    const all = rows.find(({ who }) => who === 'threads');
    lines.push(`all CPU threads: ${times(peer.median / all.median)}`);
  }
  return lines;
}

const ours = ({ who }) => ['cpu', 'threads', 'webgpu'].includes(who);

/** A peer that does less than the whole is shown, but is not the one to beat. */
export const fastest = (rows) =>
  rows.filter(({ who }) => who === 'duckdb' || who === 'polars').sort((a, b) => a.median - b.median)[0];
