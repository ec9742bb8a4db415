import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { tableFromIPC } from 'apache-arrow';
import { describe, expect, it } from 'vitest';
import { decimal } from '../../src/core/decimal.js';
import type { InstrumentDeclaration } from '../../src/core/raw.js';
import { importDataset } from '../../src/dataset/import.js';
import { instrumentSpans, readInstruments } from '../../src/dataset/instruments-file.js';
import { importSources } from '../../src/dataset/source-files.js';
import { tableFormat } from '../../src/engine/import-formats.js';
import { writeMarket } from '../../src/engine/market.js';
import { scratch } from '../support/scratch.js';

const files = scratch();

async function importDay(
  folder: string,
  day: string,
  symbol: string,
  price: string,
  declared: InstrumentDeclaration = {},
  replace = false,
) {
  const path = files.write(
    `${symbol}-${day}-${price}.csv`,
    `time,price,size,side,id\n${day}T00:00:01Z,${price},1.5,buy,1\n`,
  );
  return importDataset({
    folder,
    sources: await importSources([path], [`${symbol}-${day}.csv`]),
    format: tableFormat({ format: 'csv', instrument: symbol, venue: 'okx' }),
    declared,
    replace,
  });
}

const micros = (day: string): number => Date.parse(day) * 1000;

describe('instruments.arrow', () => {
  it('starts a new span where a declared unit changes, and is the same whether days are appended or not', async () => {
    const folder = files.path('history');
    await importDay(folder, '2024-01-02', 'AAA', '10.5');
    await importDay(folder, '2024-01-03', 'AAA', '10.25', { tick: decimal('0.05') });
    // later days go on with the tick that was declared
    await importDay(folder, '2024-01-04', 'AAA', '10.30');
    await importDay(folder, '2024-01-05', 'AAA', '10.1', { tick: decimal('0.1') });
    const { manifest } = await importDay(folder, '2024-01-05', 'BBB', '7');
    const spans = await readInstruments(join(folder, 'instruments.arrow'));
    expect(
      spans.map(({ symbol, tick, validFrom, validTo }) => ({ symbol, tick, validFrom, validTo })),
    ).toEqual([
      { symbol: 'AAA', tick: '0.05', validFrom: micros('2024-01-02'), validTo: micros('2024-01-05') },
      { symbol: 'AAA', tick: '0.1', validFrom: micros('2024-01-05'), validTo: null },
      { symbol: 'BBB', tick: undefined, validFrom: micros('2024-01-05'), validTo: null },
    ]);
    expect(spans[0]).toMatchObject({ venue: 'okx', price_unit: '0.05', size_unit: '0.1' });
    // appended day by day above; from all files at once here
    expect(await instrumentSpans(folder, manifest.partitions, [])).toEqual(spans);
    const table = tableFromIPC(readFileSync(join(folder, 'instruments.arrow')));
    expect(table.schema.fields.map(({ name }) => name)).toEqual([
      ...['symbol', 'venue', 'tick', 'lot', 'price_unit', 'size_unit', 'multiplier', 'contract', 'expiry'],
      ...['strike', 'cp', 'listed', 'delisted', 'valid_from', 'valid_to'],
    ]);
    expect([...table.getChild('tick')!]).toEqual(['0.05', '0.1', null]);
  });

  it('refuses another tick for a day that is there, unless the day is replaced', async () => {
    const folder = files.path('contradiction');
    await importDay(folder, '2024-01-02', 'AAA', '10.5', { tick: decimal('0.5') });
    await expect(importDay(folder, '2024-01-02', 'AAA', '10.6', { tick: decimal('0.1') })).rejects.toThrow(
      'tick of okx:AAA on 2024-01-02 is 0.5 in the dataset: pass the same, or --replace',
    );
    const { manifest } = await importDay(folder, '2024-01-02', 'AAA', '10.6', { tick: decimal('0.1') }, true);
    expect(manifest.rows).toEqual({ trades: 1 });
    expect((await readInstruments(join(folder, 'instruments.arrow')))[0]!.tick).toBe('0.1');
  });

  it('takes ticks, lots and contracts that an Arrow file declares', async () => {
    const { path, market } = await writeMarket(files.path('market'), { instruments: 3, trades: 500 });
    const folder = files.path('declared');
    await importDataset({
      folder,
      sources: await importSources([path], ['trades.arrow']),
      format: tableFormat({ format: 'arrow' }),
    });
    const spans = await readInstruments(join(folder, 'instruments.arrow'));
    const declared = [...market.instruments].sort((a, b) => (a.symbol < b.symbol ? -1 : 1));
    expect(spans.map(({ symbol, tick, lot, contract }) => ({ symbol, tick, lot, contract }))).toEqual(
      declared.map(({ symbol, tick, lot, contract }) => ({ symbol, tick, lot, contract })),
    );
  });

  it('a row off the declared tick goes to the ledger with its text', async () => {
    const folder = files.path('off-tick');
    const { sources } = await importDay(folder, '2024-01-02', 'AAA', '10.26', { tick: decimal('0.05') });
    expect(sources[0]).toMatchObject({ rowsRead: 1, rowsKept: 0, ledger: { off_tick: 1 } });
    const ledger = tableFromIPC(readFileSync(join(folder, 'ledger.arrow'))).toArray();
    expect(ledger.map((row) => [row.source, Number(row.row), row.reason])).toEqual([
      ['AAA-2024-01-02.csv', 0, 'off_tick'],
    ]);
    expect(String(ledger[0].text)).toContain('10.26');
  });
});
