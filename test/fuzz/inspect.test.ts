import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/core/errors.js';
import type { Manifest } from '../../src/dataset/manifest.js';
import { importFiles } from '../dataset/support.js';
import { scratch } from '../support/scratch.js';
import { campaign } from './campaign.mjs';
import { datasetFaults, differences, errorFaults, treeOf } from './inspect.mjs';

const files = scratch();
const worker = fileURLToPath(new URL('./failing-worker.mjs', import.meta.url));

describe('what fuzzing looks at', () => {
  it('a child that dies, throws, hangs or finds something is named, and the others go on', async () => {
    const { rows, findings } = await campaign({
      ...{ formats: ['csv'], seed: 1, to: 6, worker, hangMs: 1500 },
    });
    expect(rows[0]).toMatchObject({ cases: 6, imported: 2, refused: 1, read: 6, kept: 2, findings: 6 });
    const found = (index: number) => findings.filter((finding) => finding.index === index);
    expect(found(1)[0]!.what).toContain('SIGSEGV');
    expect(found(2)[0]!.what).toMatch(/exit code 1.*out of nowhere/s);
    expect(found(3)[0]!.what).toContain('hangs');
    expect(found(4).map(({ what }) => what)).toEqual([
      'a wrong count [x.csv, new: none]',
      '1048576 MiB in use',
      '10000 files open: some are never closed',
    ]);
    expect([...found(0), ...found(5)]).toEqual([]);
  });

  it('a dataset that is not what its manifest says', async () => {
    const sound = files.path('sound');
    const trades = files.write('X.csv', '1672531436,90.54,1.1\nx\n1672531437,90.5,2\n');
    const report = await importFiles(sound, 'kraken-trades', [trades]);
    expect(datasetFaults(sound, report, false)).toEqual([]);
    let copies = 0;
    const faultsOf = (change: (manifest: Manifest, folder: string) => object): string => {
      const folder = files.path(`copy${++copies}`);
      cpSync(sound, folder, { recursive: true });
      const manifest = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as Manifest;
      writeFileSync(
        join(folder, 'manifest.json'),
        JSON.stringify({ ...manifest, ...change(manifest, folder) }),
      );
      return datasetFaults(folder, { sources: [] }, false).join('; ');
    };
    expect(faultsOf(() => ({}))).toBe('');
    expect(faultsOf(({ sources }) => ({ sources: [{ ...sources[0]!, rowsRead: 4 }] }))).toContain(
      '4 read is not',
    );
    expect(faultsOf(({ partitions }) => ({ partitions: [{ ...partitions[0]!, rows: 3 }] }))).toContain(
      'holds 2 rows, the manifest says 3',
    );
    expect(
      faultsOf(({ partitions }) => ({ partitions: [{ ...partitions[0]!, day: '2023-01-02' }] })),
    ).toContain('a row of another day');
    expect(faultsOf(() => ({ ledger: { bad_row: 2 } }))).toContain('ledger.arrow holds');
    expect(
      faultsOf((_, folder) => {
        writeFileSync(join(folder, 'more'), '');
        return {};
      }),
    ).toContain('files ');
  });

  it('errors that are no InputError of one line, and changed trees', () => {
    expect(errorFaults(new InputError('a', 1, 'must be 2'))).toEqual([]);
    expect(errorFaults(new TypeError('a'))[0]).toContain('no InputError');
    expect(errorFaults({ name: 'InputError', message: 'a\nb' })[0]).toContain('no short line');
    expect(errorFaults(undefined)).toHaveLength(1);
    const before = treeOf(files.path('sound'), files.path('sound/trades'));
    expect(Object.keys(before).sort()).toEqual(['instruments.arrow', 'ledger.arrow', 'manifest.json']);
    expect(differences(before, { ...before, x: '', 'ledger.arrow': '' })).toEqual(['ledger.arrow', 'x']);
  });
});
