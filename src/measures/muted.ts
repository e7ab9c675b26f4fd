import type { Plan } from '../plan/types.js';
import type { Interval } from './intervals.js';
import type { TalkingLeg } from './talking-legs.js';
import type { Truth } from './truth.js';

/** A cut ends this long after it was healed, for who must find its neighbour again. */
const REVIVAL_MS = 300;

/**
 * When a fault at a talker's own node, or next to it, keeps packets from even leaving it. Its interface has no carrier; it
 * may forget the neighbours behind a switch (those on a cable are known for good); it stands still; its power is gone, and
 * with that the call. Every other fault is beyond its capture.
 */
export function mutedTimes({ lab }: Plan, { faults }: Truth, { node, fromMs }: TalkingLeg): Interval[] {
  const isSwitch = (name: string) => lab.nodes.some((one) => one.name === name && one.role === 'switch');
  return faults.flatMap((applied): Interval[] => {
    const { fault, toMs } = applied;
    const startMs = Math.min(applied.fromMs, fault.atMs);
    const whileItLasts = [{ startMs, endMs: toMs + REVIVAL_MS }];
    if (fault.kind === 'freeze') return fault.target === node ? whileItLasts : [];
    if (fault.kind === 'power') {
      if (fault.target === node)
        return fromMs < applied.fromMs ? [{ startMs, endMs: Infinity }] : whileItLasts;
      return neighboursOf(lab, node).has(fault.target) ? whileItLasts : [];
    }
    const link = lab.links.find(({ name }) => name === fault.target);
    if (!link || fault.kind !== 'cut') return [];
    const [own, far] = link.a.node === node ? [link.a, link.b] : [link.b, link.a];
    if (own.node !== node || (fault.mode !== 'carrier-down' && !isSwitch(far.node))) return [];
    return whileItLasts;
  });
}

/** Nodes at the other end of a node's cables. */
const neighboursOf = ({ links }: Plan['lab'], node: string): ReadonlySet<string> =>
  new Set(links.flatMap(({ a, b }) => (a.node === node ? [b.node] : b.node === node ? [a.node] : [])));
