import { compareTables, sampleOurs } from './compare.mjs';

/** Each peer's answer beside ours, or beside what the workload says it must be. Throws where one differs. */
export async function checkSection({ peers, tables, sampled, expected }, result) {
  const checked = [];
  for (const peer of peers) {
    await peer.run();
    for (const [table, spec] of Object.entries(tables)) {
      const theirs = await peer.sample(table, spec.keys, sampled);
      const own = expected?.[table] ?? sampleOurs(result.tables[table], sampled, peer.part?.keep);
      checked.push(compareTables(`${peer.name}, ${table}`, own, theirs, spec));
    }
    await peer.reset();
  }
  return checked;
}
