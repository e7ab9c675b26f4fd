import type { FoundCall } from './call.js';

/** Calls that have to be read together, and the keys of all their streams. */
export interface Cluster {
  calls: FoundCall[];
  keys: number[];
}

/** Calls with media; those that share a stream (a phone that keeps port and SSRC from call to call) are together. */
export function clustersOf(calls: readonly FoundCall[]): Cluster[] {
  const clusterOf = new Map<number, Cluster>();
  const clusters = new Set<Cluster>();
  for (const call of calls) {
    if (call.assigned.length === 0) continue;
    const keys = [...new Set(call.assigned.map(({ stream }) => stream.key))];
    const touched = new Set(keys.flatMap((key) => clusterOf.get(key) ?? []));
    const merged: Cluster = { calls: [], keys: [] };
    for (const cluster of touched) {
      merged.calls.push(...cluster.calls);
      merged.keys.push(...cluster.keys);
      clusters.delete(cluster);
    }
    merged.calls.push(call);
    merged.keys = [...new Set([...merged.keys, ...keys])];
    for (const key of merged.keys) clusterOf.set(key, merged);
    clusters.add(merged);
  }
  return [...clusters];
}
