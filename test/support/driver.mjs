import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliDecompressSync } from 'node:zlib';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const CACHE = join(ROOT, 'node_modules', '.cache', 'steelyard');
const ICD_FOLDERS = ['/usr/share/vulkan/icd.d', '/usr/local/share/vulkan/icd.d', '/etc/vulkan/icd.d'];
const SWIFTSHADER_FILES = ['libvk_swiftshader.so', 'libvulkan.so.1', 'vk_swiftshader_icd.json'];

/**
 * Chooses the GPU driver for tests and returns the environment that selects it.
 * `wanted` is lavapipe, swiftshader, system or none; unset: the system's adapter, otherwise SwiftShader.
 * Returns { adapter: null, why } when that driver is not to be had.
 */
export function prepareDriver(wanted = process.env.GPU_DRIVER ?? '') {
  switch (wanted) {
    case '':
      return firstUsable([system, swiftshader]);
    case 'system':
      return system();
    case 'lavapipe':
      return lavapipe();
    case 'swiftshader':
      return swiftshader();
    case 'none':
      return unavailable('GPU_DRIVER=none');
    default:
      throw new Error(`GPU_DRIVER ${wanted} must be lavapipe, swiftshader, system or none`);
  }
}

function firstUsable(drivers) {
  const failed = [];
  for (const driver of drivers) {
    const result = driver();
    if (result.adapter) return result;
    failed.push(result.why);
  }
  return unavailable(failed.join('; '));
}

// An ICD path that does not exist hides every driver, from the tests' child processes too.
const unavailable = (why) => ({
  adapter: null,
  why,
  env: { STEELYARD_GPU: 'none', VK_DRIVER_FILES: '/nonexistent', VK_ICD_FILENAMES: '/nonexistent' },
});

const system = () => probe('system', {});

function lavapipe() {
  for (const folder of ICD_FOLDERS) {
    if (!existsSync(folder)) continue;
    const name = readdirSync(folder).find((file) => /^lvp_icd.*\.json$/.test(file));
    if (name) return probe('lavapipe', icd(join(folder, name)), /llvmpipe/i);
  }
  return unavailable('lavapipe: no lvp_icd.json found (Debian: mesa-vulkan-drivers)');
}

function swiftshader() {
  if (process.platform !== 'linux' || process.arch !== 'x64')
    return unavailable(
      `swiftshader: the bundled driver is for linux-x64, not ${process.platform}-${process.arch}`,
    );
  let folder;
  try {
    folder = extractSwiftshader();
  } catch (error) {
    return unavailable(`swiftshader: ${error.message}`);
  }
  const path = process.env.LD_LIBRARY_PATH;
  return probe(
    'swiftshader',
    { ...icd(join(folder, 'vk_swiftshader_icd.json')), LD_LIBRARY_PATH: path ? `${folder}:${path}` : folder },
    /swiftshader/i,
  );
}

const icd = (file) => ({ VK_DRIVER_FILES: file, VK_ICD_FILENAMES: file });

function probe(driver, env, expected = /./) {
  const child = spawnSync(process.execPath, [join(ROOT, 'test', 'support', 'probe.mjs')], {
    env: { ...process.env, ...env },
    encoding: 'utf8',
    timeout: 60_000,
  });
  let adapter = null;
  try {
    adapter = JSON.parse(child.stdout);
  } catch {
    return unavailable(`${driver}: ${child.stderr.trim().split('\n').at(-1) || child.signal || 'no answer'}`);
  }
  if (!adapter) return unavailable(`${driver}: Dawn finds no adapter`);
  if (!expected.test(adapter.description)) return unavailable(`${driver}: Dawn chose ${adapter.description}`);
  return { adapter, why: '', env: { ...env, STEELYARD_GPU: `${driver}: ${adapter.description}` } };
}

/** Unpacks the driver of the npm package @sparticuz/chromium once, and returns its folder. */
export function extractSwiftshader() {
  const home = join(ROOT, 'node_modules', '@sparticuz', 'chromium');
  const { version } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8'));
  const folder = join(CACHE, `swiftshader-${version}`);
  if (existsSync(folder)) return folder;
  const tar = brotliDecompressSync(readFileSync(join(home, 'bin', 'swiftshader.tar.br')));
  const partial = `${folder}.${process.pid}.part`;
  mkdirSync(partial, { recursive: true });
  const wanted = new Set(SWIFTSHADER_FILES);
  for (const { name, data } of tarFiles(tar))
    if (wanted.delete(name)) writeFileSync(join(partial, name), data, { mode: 0o755 });
  if (wanted.size > 0) throw new Error(`archive lacks ${[...wanted].join(', ')}`);
  try {
    renameSync(partial, folder);
  } catch (error) {
    // another process was first
    rmSync(partial, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  }
  return folder;
}

/** Regular files of an uncompressed ustar archive. */
export function* tarFiles(tar) {
  const text = (from, length) => tar.toString('latin1', from, from + length).split('\0')[0];
  for (let at = 0; at + 512 <= tar.length && tar[at] !== 0; ) {
    const size = Number.parseInt(text(at + 124, 12), 8);
    if (!Number.isSafeInteger(size)) throw new Error(`archive is damaged at byte ${at}`);
    const type = text(at + 156, 1);
    if (type === '' || type === '0')
      yield { name: text(at, 100).replace(/^\.\//, ''), data: tar.subarray(at + 512, at + 512 + size) };
    at += 512 + Math.ceil(size / 512) * 512;
  }
}
