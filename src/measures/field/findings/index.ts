import type { HeardCall } from '../call.js';
import type { Finding } from '../types.js';
import { addressFindings } from './addresses.js';
import { showsMedia, type Subject } from './case.js';
import { mediaFindings, signallingOnly } from './media.js';
import { negotiationFindings } from './negotiation.js';
import { ringbackFindings } from './ringback.js';
import { signallingFindings } from './signalling.js';

/** Everything that is wrong with one call, or worth knowing. */
export function callFindings({ call, streams }: HeardCall, subject: Subject): Finding[] {
  const one = { call, streams };
  return [
    ...signallingFindings(call),
    ...ringbackFindings(call, subject),
    ...mediaFindings(one, subject),
    ...addressFindings(one, subject),
    ...negotiationFindings(one),
  ];
}

/** What is to be said of the captures as a whole. */
export const captureFindings = (subject: Subject): Finding[] =>
  showsMedia(subject) ? [] : signallingOnly(subject);

/** More than there are calls. */
const MOST_CALLS = 2 ** 40;

/** Where a finding stands among all: faults before notes, and each in order of calls, what is of none last. */
export const placeOf = ({ severity, calls: [first = MOST_CALLS] }: Finding): number =>
  (severity === 'fault' ? 0 : 2 * MOST_CALLS) + first;
