import { mergeDigits } from '../../hearing/dtmf/digits.js';
import { infoDigitsTo } from '../info-digits.js';
import type { FieldCall, Finding, Party } from '../types.js';
import type { Case } from './case.js';
import { citePacket, eachOnce, endpointText, otherParty, PARTIES } from './words.js';

/** Comfort noise (13, and 19 of old) may come without having been agreed on. */
const UNTOLD = new Set([13, 19]);
/** Senders need a moment to follow an answer. */
const SETTLED_MS = 500;
const TELLING_PACKETS = 5;

export function negotiationFindings(one: Case): Finding[] {
  return [...mismatches(one), ...PARTIES.flatMap((party) => dialled(one.call, party))];
}

/** RTP in a codec that offer and answer didn't agree on (RFC 3264 §6.1, §7). */
function mismatches({ call, streams }: Case): Finding[] {
  const { answeredAt } = call;
  if (answeredAt === null) return [];
  return eachOnce(streams).flatMap(({ stream, towards, hop }): Finding[] => {
    const own = payloadsOf(call, towards, hop);
    const others = payloadsOf(call, otherParty(towards), hop);
    if (own.size === 0 || others.size === 0) return [];
    const agreed = new Set(
      [...own].filter(([, codec]) => [...others.values()].includes(codec)).map(([type]) => type),
    );
    const first = new Map<number, { index: number; packets: number }>();
    stream.payloadType.forEach((type, index) => {
      if (agreed.has(type) || UNTOLD.has(type) || stream.atMs[index]! < answeredAt + SETTLED_MS) return;
      first.set(type, {
        index: first.get(type)?.index ?? index,
        packets: (first.get(type)?.packets ?? 0) + 1,
      });
    });
    const announced = call.announcements.filter((one) => one.hop === hop).slice(0, 2);
    return [...first]
      .filter(([, { packets }]) => packets >= TELLING_PACKETS)
      .map(([type, { index, packets }]) => ({
        code: 'CODEC_MISMATCH',
        severity: 'fault',
        calls: [call.number],
        summary: `${packets} RTP packets to ${endpointText(stream.dst)} have payload type ${type}${own.has(type) ? ` (${own.get(type)})` : ''}; offer and answer agreed on ${[...agreed].map((one) => `${one} (${own.get(one)})`).join(', ') || 'nothing'}.`,
        evidence: [
          ...announced.map(({ evidence }) => evidence),
          citePacket(stream, index, 'the first of them'),
        ],
      }));
  });
}

/** Codec in upper case by payload type, of all that one side announced on a hop. */
function payloadsOf({ announcements }: FieldCall, party: Party, hop: number): Map<number, string> {
  return new Map(
    announcements
      .filter((one) => one.side === party && one.hop === hop)
      .flatMap(({ sdp }) => sdp.payloads.map(({ type, codec }) => [type, codec.toUpperCase()] as const)),
  );
}

/** Digits towards one party, and whether they came on two channels at once. */
function dialled({ number, ears, legs }: FieldCall, towards: Party): Finding[] {
  // SIP INFO needs no media to be seen.
  const digits = ears[towards]?.digits ?? mergeDigits(infoDigitsTo(towards, legs));
  const pressed = digits.filter(({ duplicate }) => !duplicate);
  if (pressed.length === 0) return [];
  const channels = [...new Set(pressed.map(({ channel }) => CHANNELS[channel]))].join(', ');
  const twice = digits.length - pressed.length;
  const who = otherParty(towards);
  return [
    {
      code: twice > 0 ? 'DTMF_TWICE' : 'DTMF_SEEN',
      severity: 'note',
      calls: [number],
      summary: `The ${who} dialled ${pressed.map(({ digit }) => digit).join('')} (${channels})${twice > 0 ? `; ${twice} of the digits came on another channel too, and may be read twice` : ''}.`,
      evidence: digits.flatMap(({ evidence }) => evidence ?? []),
    },
  ];
}

const CHANNELS = { event: 'RTP events', 'in-band': 'tones in the audio', info: 'SIP INFO' };
