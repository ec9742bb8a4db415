// Prints what Dawn finds under this environment as one JSON line: run as a child process, because a
// Vulkan loader reads its environment once and a broken driver may take the process down.
let gpu = (await import('webgpu')).create([]);
const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
const info = adapter?.info;
const usable = info && !`${info.device} ${info.description}`.includes('null-backend');
console.log(
  JSON.stringify(
    usable
      ? { description: info.description || info.device || info.vendor, software: info.isFallbackAdapter }
      : null,
  ),
);
gpu = undefined;
