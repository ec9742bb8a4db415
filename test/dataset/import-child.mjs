// Imports with the built package in a process of its own, which may be killed: by the parent, or by itself before its
// n-th change of the file system. Argument: JSON of { folder, format, paths, bufferBytes, dieAt, wait }.
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { basename } from 'node:path';

const { folder, format, paths, bufferBytes, dieAt, wait } = JSON.parse(process.argv[2]);
let changes = 0;
let manifestAt = 0;
const step = (name) => {
  changes++;
  // the manifest's is the last
  if (name === 'rename') manifestAt = changes;
  if (changes === dieAt) process.kill(process.pid, 'SIGKILL');
};
for (const name of ['mkdir', 'rename', 'link', 'rm', 'rmdir', 'writeFile']) {
  const real = fs.promises[name];
  fs.promises[name] = (...args) => {
    step(name);
    return real(...args);
  };
}
syncBuiltinESMExports();

const { importDataset } = await import('../../dist/dataset/import.js');
const { importSources } = await import('../../dist/dataset/source-files.js');
const { findImporter, nativeFormat } = await import('../../dist/engine/import-formats.js');

const plain = nativeFormat(findImporter(format), {});
const told = new Promise((resolve) => process.once('message', resolve));
const gated = {
  ...plain,
  read: async function* (source, context) {
    process.send({ reading: source.label });
    await told;
    yield* plain.read(source, context);
  },
};
process.send({ started: true });
const report = await importDataset({
  ...{ folder, bufferBytes, format: wait ? gated : plain },
  sources: await importSources(
    paths,
    paths.map((path) => basename(path)),
  ),
});
process.send({ changes, manifestAt, kept: report.sources.reduce((sum, { rowsKept }) => sum + rowsKept, 0) });
process.disconnect();
