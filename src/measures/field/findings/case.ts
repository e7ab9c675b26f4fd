import type { Evidence } from '../../../evidence/types.js';
import type { Interval } from '../../intervals.js';
import type { FoundCall } from '../call.js';
import type { FieldCall, PlayedStream } from '../types.js';

/** What the findings of a call may rest on beside the call: all that was captured. */
export interface Subject {
  found: readonly FoundCall[];
  icmp: Evidence['icmp'];
  span: Interval | null;
}

/** A call and its packets. */
export interface Case {
  call: FieldCall;
  streams: readonly PlayedStream[];
}

/** Whether any call has media; a capture of signalling alone says nothing of audio. */
export const showsMedia = ({ found }: Subject): boolean => found.some(({ assigned }) => assigned.length > 0);
