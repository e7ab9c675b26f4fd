import type { Evidence } from '../../../evidence/types.js';
import type { Interval } from '../../intervals.js';
import type { FieldCall, Party, PlayedStream } from '../types.js';

/** What the findings of a call may rest on beside the call: all that was captured. */
export interface Subject {
  callCount: number;
  /** Numbers of the calls that were answered. */
  answered: readonly number[];
  /** Towards whom any call has media. */
  mediaTowards: ReadonlySet<Party>;
  icmp: Evidence['icmp'];
  span: Interval | null;
}

/** A call and its packets. */
export interface Case {
  call: FieldCall;
  streams: readonly PlayedStream[];
}

/** Whether any call has media; a capture of signalling alone says nothing of audio. */
export const showsMedia = ({ mediaTowards }: Subject): boolean => mediaTowards.size > 0;
