import { indicatorForms } from './indicators-polars.mjs';
import { FORMS } from './indicators-sql.mjs';
import { panelFrame } from './panel-frame.mjs';

const [INSTRUMENTS, BARS] = [2000, 10_000];
/** Peers take every tenth of the instruments: ten times as long and as large, they would take minutes and most memory. */
const SHARE = 1 / 10;
/** Without an exponential average, which SQL has no sum for. */
const PLAIN = 'obv,adl,cmf,mfi,vwma,nvi,pvi,emv,pvt,vroc';

/** Volume indicators of every bar. */
export async function indicators({ scale, duck, polars }) {
  const frame = panelFrame(Math.ceil(INSTRUMENTS * scale), BARS, 60e6);
  const some = Math.ceil(frame.instruments.length * SHARE);
  const panel = columnsOf(frame, some);
  await duck.table('panel', panel);
  const lazy = polars?.frame(panel);
  const inPolars = (only) =>
    Object.entries(lazy ? indicatorForms(polars.pl, lazy, only) : {}).map(([name, tables]) =>
      polars.contestant(name, tables),
    );
  const part = {
    share: some / frame.instruments.length,
    keep: ({ instrument }, i) => instrument[i] < some,
    note: `${some} of ${frame.instruments.length} instruments, time × ${frame.instruments.length / some}`,
  };
  const partly = (peers) => peers.map((peer) => ({ ...peer, part }));
  const size = `${frame.instruments.length.toLocaleString('en')} instruments × ${BARS.toLocaleString('en')} bars`;
  const shared = {
    sampled: 20,
    tables: {
      indicators: {
        keys: ['instrument', 'time'],
        relative: { mfi: 1e-9, nvi: 1e-9, pvi: 1e-9, vwma: 1e-12, emv: 1e-12, vroc: 1e-12 },
        ofLargest: Object.fromEntries(
          [
            'adl',
            'cmf',
            'adosc',
            'force2',
            'force13',
            'pvo',
            'pvo_signal',
            'emv_sma',
            'pvt',
            'kvo',
            'kvo_signal',
          ].map((name) => [name, 1e-9]),
        ),
      },
    },
  };
  return {
    inputs: frame,
    rows: frame.rows,
    unit: 'bars',
    reads: ['time', 'available_at', 'high', 'low', 'close', 'volume'],
    sections: [
      {
        ...shared,
        title: `volume-indicators, 14: ${size}`,
        notes:
          'Averages start from their first value, as those of Polars do. DuckDB is not here: SQL has no recursion along ' +
          'rows that would give exponential averages of 10,000 bars. Bars all traded, so peers treat no nulls.',
        node: ['volume-indicators', { every: '1m', emaSeed: 'first' }],
        peers: partly(inPolars(undefined)),
      },
      {
        ...shared,
        title: `volume-indicators, 10 of the 14: ${size}`,
        notes:
          'Without Chaikin oscillator, force index, PVO and KVO, which are made of exponential averages.',
        node: ['volume-indicators', { every: '1m', only: PLAIN }],
        // timed and compared with all of them above
        gpu: false,
        peers: partly([
          ...Object.entries(FORMS).map(([name, tables]) => duck.contestant(name, tables)),
          ...inPolars(PLAIN.split(',')),
        ]),
      },
    ],
  };
}

/** The first instruments of the panel as the peers hold them. */
function columnsOf({ offsets, columns }, instruments) {
  const rows = offsets[instruments];
  const instrument = new Uint16Array(rows);
  for (let s = 0; s < instruments; s++) instrument.fill(s, offsets[s], offsets[s + 1]);
  const of = (name) => columns[name].subarray(0, rows);
  const whole = (name) => ['INTEGER', Int32Array.from(of(name))];
  return {
    instrument: ['USMALLINT', instrument],
    ts: ['TIMESTAMP', BigInt64Array.from(of('time'), BigInt)],
    ...{ high: whole('high'), low: whole('low'), close: whole('close'), volume: whole('volume') },
  };
}
