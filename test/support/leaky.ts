import { defineAnalytic } from '../../src/core/analytic.js';
import { rowTime } from '../../src/core/columns.js';

/** Says at each trade how many trades its instrument will have: a deliberate look-ahead. */
export const leaky = defineAnalytic({
  name: 'leaky',
  version: '1.0.0',
  summary: 'Counts the trades of the whole run at the first one.',
  doc: { formula: 'n at the time of the first trade', source: 'none: it exists to be caught' },
  params: {},
  inputs: { trades: 'trades' },
  outputs: {
    totals: {
      grain: 'instrument',
      key: ['instrument', 'time'],
      columns: {
        instrument: {
          dtype: 'instrument',
          merge: 'key',
          unit: 'symbol',
          nulls: 'never',
          accuracy: 'exact',
          doc: 'Instrument.',
        },
        time: {
          dtype: 'time',
          merge: 'key',
          unit: 'UTC',
          nulls: 'never',
          accuracy: 'exact',
          doc: 'First trade.',
        },
        trades: {
          dtype: 'count',
          merge: 'sum',
          unit: 'trades',
          nulls: 'never',
          accuracy: 'exact',
          doc: 'All trades.',
        },
        available_at: {
          dtype: 'time',
          merge: 'max',
          unit: 'UTC',
          nulls: 'never',
          accuracy: 'exact',
          doc: 'A lie.',
        },
      },
    },
  },
  reference: (tile) => {
    const frame = tile.inputs.trades!;
    const present = frame.instruments
      .map((_, s) => s)
      .filter((s) => frame.offsets[s + 1]! > frame.offsets[s]!);
    const time = Float64Array.from(present, (s) => rowTime(frame, frame.offsets[s]!));
    return {
      outputs: {
        totals: {
          rows: present.length,
          columns: {
            instrument: Uint32Array.from(present),
            time,
            trades: Uint32Array.from(present, (s) => frame.offsets[s + 1]! - frame.offsets[s]!),
            available_at: time,
          },
        },
      },
    };
  },
});
