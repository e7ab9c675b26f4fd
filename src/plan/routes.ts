import type { Attachment, Topology } from './addresses.js';

/** The way from a node to a segment: how many routers are in between, and the first one's address (null for none). */
interface Way {
  hops: number;
  via: string | null;
}

/** Static routes to every segment that `node` can reach through routers and isn't on: shortest way, so no loops. */
export function routesOf(topology: Topology, node: string): { to: string; via: string }[] {
  const ways = waysFrom(topology, node);
  return topology.segments.flatMap(({ subnet }, segment) => {
    const via = ways.get(segment)?.via ?? null;
    return via === null ? [] : [{ to: subnet, via }];
  });
}

/** The attachment of `node` that `from` reaches by the shortest way; null if it reaches none. */
export function nearestAttachment(topology: Topology, node: string, from: string): Attachment | null {
  const ways = waysFrom(topology, from);
  const hops = ({ segment }: Attachment) => ways.get(segment)?.hops ?? Infinity;
  const reachable = topology.attachments
    .filter((one) => one.node === node && one.addresses.length > 0 && hops(one) < Infinity)
    .sort((a, b) => hops(a) - hops(b));
  return reachable[0] ?? null;
}

/** Breadth-first over segments; only routers pass on. */
function waysFrom(topology: Topology, node: string): Map<number, Way> {
  const ways = new Map<number, Way>();
  for (const { segment } of attachmentsOf(topology, node)) ways.set(segment, { hops: 0, via: null });
  // A map yields what is set while it is walked, so it is its own queue.
  for (const [segment, { hops, via }] of ways)
    for (const router of topology.attachments)
      if (router.segment === segment && router.node !== node && topology.routers.has(router.node))
        for (const beyond of attachmentsOf(topology, router.node))
          if (!ways.has(beyond.segment))
            ways.set(beyond.segment, { hops: hops + 1, via: via ?? router.addresses[0] ?? null });
  return ways;
}

const attachmentsOf = (topology: Topology, node: string) =>
  topology.attachments.filter((one) => one.node === node);
