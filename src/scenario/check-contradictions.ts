import type { Item } from './draft.js';
import { endsOf } from './lab-schema.js';
import { isWithin, namedRecord } from './lab-zone.js';
import type { NodeEntry, TimelineEntry } from './schema.js';
import type { Finding } from './source.js';
import { contradiction, isOfNode, linkOf, occurrencesOf, overlap } from './timeline.js';

/** Faults that can't both be had while they overlap. Each is told once, at the later entry. */
export function checkContradictions(timeline: readonly Item<TimelineEntry>[]): Finding[] {
  return timeline.flatMap((later, position) =>
    timeline
      .slice(0, position)
      .flatMap((earlier) => contradictions(earlier, later))
      .slice(0, 1),
  );
}

function contradictions(earlier: Item<TimelineEntry>, later: Item<TimelineEntry>): Finding[] {
  const [one, other] = [earlier.value, later.value];
  const finding = (target: string, why: string, fix: string): Finding => ({
    code: 'FAULTS_CONTRADICT',
    what: `this fault of ${target} overlaps with entry ${earlier.index + 1} of the timeline, and ${why}`,
    fix,
    path: ['timeline', later.index],
    at: 'value',
  });
  if (!isOfNode(one) && !isOfNode(other)) {
    const kind = contradiction(one, other);
    if (kind === null || meetings(one, other).length === 0) return [];
    return [
      kind === 'both'
        ? finding(
            linkOf(other),
            "the two can't both hold.",
            'Let one end before the other begins, give each a direction of its own with "from", or packets of its own with "only".',
          )
        : finding(
            linkOf(other),
            'one leaves no packet to the other.',
            'Put the one that is for fewer packets first: a packet meets the first whose "only" it matches.',
          ),
    ];
  }
  const apart = 'Let one end before the other begins.';
  return meetings(one, other)
    .flatMap((node): Finding[] => {
      if (isOfNode(one) && isOfNode(other))
        return canBoth(one, other) ? [] : [finding(node, "the two can't both hold.", apart)];
      return [finding(node, `the link has no carrier while ${node} is off.`, apart)];
    })
    .slice(0, 1);
}

/** What both are about while they overlap: a link or a node, or the node without power at an end of the link. */
function meetings(one: TimelineEntry, other: TimelineEntry): string[] {
  return occurrencesOf(one).flatMap((first) =>
    occurrencesOf(other).flatMap((second) => {
      if (!overlap(first, second)) return [];
      if (first.target === second.target) return [first.target];
      const [off, link] = 'power' in one ? [first.target, second.target] : [second.target, first.target];
      const isLinkOfOff = ('power' in one || 'power' in other) && endsOf(link).includes(off);
      return isLinkOfOff && isOfNode(one) !== isOfNode(other) ? [off] : [];
    }),
  );
}

/**
 * A program may crash in a node that has little time or answers otherwise, two programs may crash in one node, and a nameserver
 * be wrong of two records. Who answers otherwise may have little time.
 */
function canBoth(one: NodeEntry, other: NodeEntry): boolean {
  if ('dns' in one && 'dns' in other) return areApart(one.record, other.record);
  if ('crash' in one && 'crash' in other) return one.program !== other.program;
  const kinds = ['crash', 'starve', 'answer'].filter((kind) => kind in one !== kind in other);
  return kinds.length === 2;
}

function areApart(one: string | undefined, other: string | undefined): boolean {
  if (one === undefined || other === undefined) return false;
  const [a, b] = [namedRecord(one), namedRecord(other)];
  if (a.type !== null && b.type !== null && a.type !== b.type) return true;
  return !isWithin(a.domain, b.domain) && !isWithin(b.domain, a.domain);
}
