import { infoDigits } from '../hearing/dtmf/info.js';
import type { ToldDigit } from '../hearing/dtmf/digits.js';
import { citeMessage } from './ladder.js';
import type { Leg, Party } from './types.js';

/** Digits that SIP INFO told a party: on the leg nearest to it that has any, since something between may pass them on. */
export function infoDigitsTo(party: Party, legs: readonly Leg[]): ToldDigit[] {
  const nearestFirst = party === 'caller' ? legs : [...legs].reverse();
  for (const { callId, messages } of nearestFirst) {
    const requests = messages.flatMap((message) => {
      const { dtmf, towards, atMs, cseq } = message;
      if (!dtmf || towards !== party) return [];
      // Towards one party there is one sender, however many tags it has been seen with.
      return [{ ...dtmf, atMs, callId, fromTag: null, cseq, evidence: citeMessage(message) }];
    });
    const digits = infoDigits(requests);
    if (digits.length > 0) return digits;
  }
  return [];
}
