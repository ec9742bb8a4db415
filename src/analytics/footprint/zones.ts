import type { Column, Frame, Table } from '../../core/columns.js';
import { addExact, type ExactColumn, exactColumn } from '../../core/exact.js';
import { instrumentsAt } from '../../core/time-groups.js';

/** Stacked zones as runs of cells, in order of (first cell, side). */
export interface ZoneRuns {
  readonly first: number[];
  /** Cells of the zone. */
  readonly cells: number[];
  /** 1 buy, -1 sell. */
  readonly side: number[];
}

/** The zones' table: where each lies and its volumes, by runs of the frame's cells. */
export function zoneTable(frame: Frame, available: Column, { first, cells, side }: ZoneRuns): Table {
  const rows = first.length;
  const time = frame.columns.time as Float64Array;
  const row = frame.columns.row as Float64Array;
  const known = available as Float64Array;
  const sumOf = (name: string): ExactColumn => {
    const source = frame.columns[name] as ExactColumn;
    const out = exactColumn(rows);
    for (let z = 0; z < rows; z++)
      for (let n = 0; n < cells[z]!; n++) addExact(out, z, source, first[z]! + n);
    return out;
  };
  const columns = {
    instrument: instrumentsAt(frame, first, rows),
    time: Float64Array.from(first, (i) => time[i]!),
    first_row: Float64Array.from(first, (i) => row[i]!),
    side: Float64Array.from(side),
    last_row: Float64Array.from(first, (i, z) => row[i + cells[z]! - 1]!),
    rows: Uint32Array.from(cells),
    buy_volume: sumOf('buy_volume'),
    sell_volume: sumOf('sell_volume'),
    unknown_volume: sumOf('unknown_volume'),
    available_at: Float64Array.from(first, (i) => known[i]!),
  };
  return { rows, columns };
}
