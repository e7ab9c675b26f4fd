import type { CallEvidence } from './calls.js';
import type { EarHearing } from './hearing/ear.js';
import { callStreams } from './streams.js';
import type { CallMeasure } from './types.js';

/** When a softphone's voice began in this call, by its own capture; 0 for a party that counts from the lab's epoch. */
export function softphoneZeroMs(
  { party, sipCallId }: CallMeasure,
  { plan, sip, streams }: CallEvidence,
): number {
  const node = plan.lab.nodes.find(({ name }) => name === party?.node);
  if (!node?.softphone) return 0;
  const sent = callStreams(streams, sip.get(sipCallId) ?? [], node.name, 'from');
  const firstMs = Math.min(...sent.map(({ atMs }) => atMs[0] ?? Infinity));
  return Number.isFinite(firstMs) ? firstMs : 0;
}

/** What was heard on an axis whose zero is at `zeroMs` of the lab's, on the lab's. */
export function later(heard: EarHearing, zeroMs: number): EarHearing {
  if (zeroMs === 0) return heard;
  return {
    ...heard,
    outages: heard.outages.map(({ startMs, endMs }) => ({
      startMs: startMs + zeroMs,
      endMs: endMs + zeroMs,
    })),
    segments: heard.segments.map((segment) => ({
      ...segment,
      fromMs: segment.fromMs + zeroMs,
      toMs: segment.toMs + zeroMs,
    })),
  };
}
