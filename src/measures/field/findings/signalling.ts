import { count } from '../../../base/count.js';
import { groupedBy } from '../grouping.js';
import { citeMessage } from '../ladder.js';
import type { FieldCall, Finding, LadderMessage } from '../types.js';
import { endpointText, inSeconds } from './words.js';

/** 64·T1: Timer B of an INVITE and Timer F of other requests (RFC 3261 §17.1, T1 = 500 ms). */
const TIMEOUT_MS = 32_000;
/** Sent so often without an answer, it isn't a matter of a moment: 1.5 s at the least. */
const TELLING_TRANSMISSIONS = 3;
/** Refusals that are a user's or a number's own: nothing is wrong with the network. */
const ORDINARY = new Set([401, 404, 407, 410, 480, 484, 486, 487, 600, 603, 604, 607]);

export function signallingFindings(call: FieldCall): Finding[] {
  return [...unanswered(call), ...unacknowledged(call), ...failed(call)];
}

const messagesOf = ({ legs }: FieldCall): LadderMessage[] => legs.flatMap(({ messages }) => messages);

/** Requests that were sent again and again, and nothing came back. */
function unanswered(call: FieldCall): Finding[] {
  const messages = messagesOf(call);
  const answered = new Set(messages.filter(({ status }) => status !== null).map((one) => transaction(one)));
  const requests = messages.filter(({ request }) => request !== null && request !== 'ACK');
  return [...groupedBy(requests, (one) => `${transaction(one)} ${endpointText(one.src)}`).values()].flatMap(
    (sent) => {
      const [first, last] = [sent[0]!, sent.at(-1)!];
      if (sent.length < TELLING_TRANSMISSIONS || answered.has(transaction(first))) return [];
      const lastedMs = last.atMs - first.atMs;
      // The last transmission is at 31.5 s.
      const ranOut = lastedMs > TIMEOUT_MS * 0.9;
      const timer = first.request === 'INVITE' ? 'Timer B' : 'Timer F';
      return [
        {
          code: 'NO_RESPONSE',
          severity: 'fault',
          calls: [call.number],
          summary: `${first.request} to ${endpointText(first.dst)} was sent ${sent.length} times over ${inSeconds(lastedMs)} and nothing came back${ranOut ? `: ${timer} ran out` : ''}.`,
          evidence: [citeMessage(first, 'first sent'), citeMessage(last, 'last sent')],
        },
      ];
    },
  );
}

const transaction = ({ method, cseq, branch }: LadderMessage): string => `${method} ${cseq} ${branch}`;

/** 2xx responses that were sent again and again: the ACK doesn't reach who answered (RFC 3261 §13.3.1.4). */
function unacknowledged(call: FieldCall): Finding[] {
  return call.legs.flatMap(({ messages }) => {
    const answers = messages.filter(
      ({ status, method }) => method === 'INVITE' && status !== null && status >= 200 && status < 300,
    );
    return [...groupedBy(answers, (one) => `${transaction(one)} ${endpointText(one.src)}`).values()].flatMap(
      (sent): Finding[] => {
        const [first, last] = [sent[0]!, sent.at(-1)!];
        if (sent.length < TELLING_TRANSMISSIONS) return [];
        const ack = messages.find(
          ({ request, cseq, dst }) =>
            request === 'ACK' && cseq === first.cseq && dst.address === first.src.address,
        );
        const seen = ack ? 'although an ACK was seen' : 'no ACK was seen';
        return [
          {
            code: 'NO_ACK',
            severity: 'fault',
            calls: [call.number],
            summary: `${endpointText(first.src)} sent its ${first.status} ${sent.length} times over ${inSeconds(last.atMs - first.atMs)}: ${seen}.`,
            evidence: [
              citeMessage(first, 'first sent'),
              citeMessage(last, 'last sent'),
              ...(ack ? [citeMessage(ack)] : []),
            ],
          },
        ];
      },
    );
  });
}

/** Calls that the network refused, not a user. */
function failed(call: FieldCall): Finding[] {
  const { finalStatus: status, finalReason } = call;
  if (status === null || status < 400 || ORDINARY.has(status)) return [];
  const hops = call.legs.flatMap((leg) => leg.hops);
  const message = hops[0]?.responses.findLast((response) => response.status === status);
  const others = count(hops.length - 1, 'further hop');
  return [
    {
      code: 'CALL_FAILED',
      severity: 'fault',
      calls: [call.number],
      summary:
        `The call was refused with ${status} ${finalReason ?? ''}`.trimEnd() +
        (hops.length > 1 ? ` (${others} tried).` : '.'),
      evidence: message ? [citeMessage(message)] : [],
    },
  ];
}
