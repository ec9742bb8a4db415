// npm test: brings a Vulkan driver, runs vitest with the given arguments, sums up.
// GPU_DRIVER=lavapipe|swiftshader|system|none chooses the driver; GPU=required fails on any skipped GPU test.
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { prepareDriver } from './support/driver.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const cache = join(root, 'node_modules', '.cache', 'steelyard');
const GPU_TAG = '[gpu]';

/** A line for each failed test, so that the end of a long log says what failed and why. */
function failuresOf(report) {
  const lines = [];
  for (const file of report.testResults) {
    const failed = file.assertionResults.filter((test) => test.status === 'failed');
    const name = relative(root, file.name);
    for (const test of failed)
      lines.push(`FAILED ${name} > ${test.fullName}: ${firstLine(test.failureMessages[0])}`);
    if (file.status === 'failed' && failed.length === 0)
      lines.push(`FAILED ${name}: ${firstLine(file.message)}`);
  }
  return lines;
}

const firstLine = (text) => (text ?? '').split('\n', 1)[0].slice(0, 300);

/** Counts of vitest's JSON report; a file that failed to load counts as one failed test. */
function countReport(report) {
  const totals = { passed: 0, failed: 0, skipped: 0, gpuSkipped: 0 };
  for (const file of report.testResults) {
    for (const test of file.assertionResults) {
      if (test.status === 'passed') totals.passed++;
      else if (test.status === 'failed') totals.failed++;
      else {
        totals.skipped++;
        if (test.ancestorTitles.concat(test.title).some((title) => title.includes(GPU_TAG)))
          totals.gpuSkipped++;
      }
    }
    if (file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'))
      totals.failed++;
  }
  return totals;
}

function runVitest(env, output) {
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
  const args = ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${output}`];
  const child = spawn(process.execPath, [vitest, ...args, ...process.argv.slice(2)], {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: 'inherit',
  });
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
  return new Promise((resolve) => {
    child.on('error', () => resolve(1));
    child.on('close', (code) => resolve(code ?? 1));
  });
}

const driver = prepareDriver();
console.log(`GPU tests: ${driver.adapter ? driver.env.STEELYARD_GPU : `no adapter (${driver.why})`}`);
mkdirSync(cache, { recursive: true });
const output = join(cache, `vitest-${process.pid}.json`);
const code = await runVitest(driver.env, output);
let totals = { passed: 0, failed: 0, skipped: 0, gpuSkipped: 0 };
let failed = code !== 0;
let failures = [];
try {
  const report = JSON.parse(readFileSync(output, 'utf8'));
  totals = countReport(report);
  failures = failuresOf(report);
} catch {
  console.error('vitest left no report');
  failed = true;
}
rmSync(output, { force: true });
if (totals.gpuSkipped > 0) {
  const required = process.env.GPU === 'required';
  const why = driver.adapter ? '' : ` (${driver.why})`;
  console.log(
    `\n!!! ${totals.gpuSkipped} GPU TESTS DID NOT RUN${why}${required ? ': GPU=required makes this a failure' : ''} !!!`,
  );
  failed ||= required;
}
if (process.env.GPU === 'required' && !driver.adapter) failed = true;
for (const line of failures) console.log(line);
console.log(`${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped`);
process.exitCode = failed ? 1 : 0;
