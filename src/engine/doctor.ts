import { createRequire } from 'node:module';
import { DeviceError } from '../core/errors.js';
import type { AdapterReport } from '../gpu/adapter-info.js';
import { listAdapters } from '../gpu/adapters.js';
import { INSTALL_WEBGPU } from '../gpu/instance.js';

/** What this machine can run, and what `auto` makes of it. */
export interface DoctorReport {
  readonly node: string;
  readonly platform: string;
  readonly cpus: number;
  /** Version of the webgpu package, or why it does not load. */
  readonly webgpu: { readonly version: string | undefined; readonly problem: string | undefined };
  readonly adapters: readonly AdapterReport[];
  readonly auto: { readonly backend: 'webgpu' | 'cpu'; readonly why: string };
  /** What to install to get more, one hint a line; empty when nothing is missing. */
  readonly install: readonly string[];
}

/** Looks at Node, the webgpu package and every adapter. Throws nothing: problems are part of the report. */
export async function doctor(): Promise<DoctorReport> {
  let adapters: readonly AdapterReport[] = [];
  let problem: string | undefined;
  try {
    adapters = await listAdapters();
  } catch (error) {
    if (!(error instanceof DeviceError)) throw error;
    problem = error.message;
  }
  const usable = adapters.filter((adapter) => adapter.kind !== 'null');
  const hardware = usable.find((adapter) => adapter.kind === 'hardware');
  const { availableParallelism } = await import('node:os');
  return {
    node: process.version,
    platform: `${process.platform}-${process.arch}`,
    cpus: availableParallelism(),
    webgpu: { version: webgpuVersion(), problem },
    adapters: usable,
    auto: hardware
      ? { backend: 'webgpu', why: `${hardware.description} is a hardware adapter` }
      : { backend: 'cpu', why: whyCpu(problem, usable) },
    install: hints(problem, usable),
  };
}

function webgpuVersion(): string | undefined {
  try {
    return (createRequire(import.meta.url)('webgpu/package.json') as { version: string }).version;
  } catch {
    return undefined;
  }
}

function whyCpu(problem: string | undefined, usable: readonly AdapterReport[]): string {
  if (problem) return problem;
  if (usable.length === 0) return 'no GPU adapter was found';
  return 'only software adapters were found, and auto takes hardware; ask for webgpu to use one';
}

function hints(problem: string | undefined, usable: readonly AdapterReport[]): string[] {
  if (problem) return [INSTALL_WEBGPU];
  if (usable.some((adapter) => adapter.kind === 'hardware')) return [];
  const list: string[] = [];
  if (process.platform === 'linux') {
    list.push(
      "a GPU's own Vulkan driver (Mesa for AMD and Intel, the vendor's package for NVIDIA) and libvulkan1",
    );
    if (usable.length === 0)
      list.push(
        'or a software adapter: mesa-vulkan-drivers 25 or later (Debian 12: from bookworm-backports)',
      );
  } else list.push("the GPU vendor's current driver");
  return list;
}

/** The report as text, one fact a line. */
export function formatDoctor(report: DoctorReport): string {
  const lines = [
    `node       ${report.node} on ${report.platform}, ${report.cpus} CPUs`,
    `webgpu     ${[report.webgpu.version, report.webgpu.problem].filter(Boolean).join(': ')}`,
  ];
  if (report.adapters.length === 0) lines.push('adapters   none');
  for (const adapter of report.adapters) lines.push(...formatAdapter(adapter));
  lines.push(`auto       ${report.auto.backend}: ${report.auto.why}`);
  if (!report.webgpu.problem)
    lines.push(
      'messages   "Warning:" lines on standard error are Dawn\'s and the driver\'s; no option silences them, --backend cpu starts neither',
    );
  for (const hint of report.install) lines.push(`install    ${hint}`);
  return lines.join('\n');
}

function formatAdapter({ kind, description, limits, timestamps }: AdapterReport): string[] {
  return [
    `adapter    ${kind}: ${description}`,
    `           buffer ${mebibytes(limits.maxBufferSize)}, storage binding ${mebibytes(limits.maxStorageBufferBindingSize)}, ` +
      `${limits.maxStorageBuffersPerShaderStage} storage buffers a stage`,
    `           workgroup ${limits.maxComputeInvocationsPerWorkgroup} invocations, ` +
      `${limits.maxComputeWorkgroupStorageSize} bytes of shared memory, ` +
      `${limits.maxComputeWorkgroupsPerDimension} workgroups a dimension`,
    `           timestamps ${timestamps ? 'yes' : 'no'}`,
  ];
}

const mebibytes = (bytes: number): string => `${Math.round(bytes / 1048576)} MiB`;
