/** ISO-8601 UTC text of µs since the epoch, with as many of the six decimals as are needed. */
export function isoTime(micros: number): string {
  const second = Math.floor(micros / 1_000_000);
  const rest = micros - second * 1_000_000;
  const text = new Date(second * 1000).toISOString().slice(0, -5);
  if (rest === 0) return `${text}Z`;
  return `${text}.${String(rest)
    .padStart(6, '0')
    .replace(/(000)$/, '')}Z`;
}
