const ms = (n) => n.toFixed(0);
const times = (n) => `${n.toFixed(2)} ×`;
const millions = (n) => (n / 1e6).toFixed(1);
const mebibytes = (n) => `${(n / 2 ** 20).toFixed(0)} MiB`;

/** The tables as Markdown, and whether the targets were met. */
export function report(result, sections) {
  const { machine, market, bytes, checked, runs } = result;
  const lines = [
    `${machine.cpu}, ${machine.cores} cores, ${machine.memoryGiB} GiB, ${machine.os}; Node ${machine.node}; ` +
      `DuckDB ${machine.duckdb}, ${machine.duckdbThreads} threads; webgpu ${machine.webgpu}, ${machine.adapter}`,
    `${market.trades.toLocaleString('en')} synthetic trades of ${market.instruments.toLocaleString('en')} instruments ` +
      `in memory (ours ${mebibytes(bytes.frame)}, DuckDB ${mebibytes(bytes.duckdb)}), ` +
      `${market.bars.toLocaleString('en')} one-minute bars; ${runs} interleaved runs after a warm-up`,
    `other processes took ${Math.round(100 * machine.others)} % of the cores during the first table${crowded(machine)}`,
    `answers compared before timing: ${checked.map((c) => `${c.name} ${c.columns} columns`).join('; ')}`,
  ];
  if (bytes.uploaded)
    lines.push(
      `WebGPU: ${mebibytes(bytes.uploaded)} uploaded and ${mebibytes(bytes.read)} read back in each run`,
    );
  for (const section of sections) {
    const rows = result[section];
    const peer = fastest(rows);
    lines.push(
      '',
      `| ${section} | median ms | min | quartiles | M trades/s | DuckDB / this | of minima |`,
      '|---|--:|--:|--:|--:|--:|--:|',
      ...rows.map(
        (r) =>
          `| ${r.name} | ${ms(r.median)} | ${ms(r.min)} | ${ms(r.q1)}–${ms(r.q3)} | ` +
          `${millions(market.trades / (r.median / 1000))} | ${peer ? times(peer.median / r.median) : ''} ` +
          `| ${peer ? times(peer.min / r.min) : ''} |`,
      ),
    );
  }
  return [...lines, '', ...targets(result[sections[0]])].join('\n');
}

/** A crowded machine takes more from whoever uses more threads: that is DuckDB, so the ratios would flatter us. */
const crowded = ({ others }) => (others > 0.1 ? ': DO NOT QUOTE THE RATIOS, run again alone' : '');

const fastest = (rows) => rows.filter(({ who }) => who === 'duckdb').sort((a, b) => a.median - b.median)[0];

function targets(rows) {
  const peer = fastest(rows);
  const of = (who) => rows.find((r) => r.who === who);
  return [
    ['one CPU thread', of('cpu'), 2],
    ['all CPU threads', of('threads'), 10],
    ['WebGPU', of('webgpu'), 1],
  ].map(([name, row, least]) => {
    if (!row) return `${name}: not timed, no adapter`;
    const ratio = peer.median / row.median;
    return `${name}: ${times(ratio)} the fastest DuckDB (${peer.name}), target ${least} ×: ${ratio >= least ? 'met' : 'MISSED'}`;
  });
}
