import type { EvidenceRef, RtpStream } from '../../evidence/types.js';
import { earNode, type CallEvidence } from '../../measures/calls.js';
import { earStreams, type Ear } from '../../measures/ears.js';
import { linksBetween } from '../../measures/path.js';
import { callStreams } from '../../measures/streams.js';
import type { CallMeasure } from '../../measures/types.js';

interface Sight {
  node: string;
  /** True if it was seen leaving that node, false if reaching it. */
  sent: boolean;
  packets: number;
  ref: EvidenceRef;
}

/** How far the RTP for one ear came. */
interface MediaWay {
  /** The point nearest to the ear where any packet was seen; null if even the talker sent none. */
  last: Sight | null;
  /** What reached the ear's node. */
  arrived: { packets: number };
}

/**
 * Follows the RTP from the talker to one ear through all captures. Streams before the media relay are known by the
 * talker's address, those after it by the listener's, both as announced in SDP.
 */
export function mediaWay(call: CallMeasure, ear: Ear, index: CallEvidence): MediaWay {
  const messages = index.sip.get(call.sipCallId) ?? [];
  const listener = earNode(index.plan, call, ear);
  const talker = earNode(index.plan, call, ear === 'caller' ? 'callee' : 'caller');
  const arrived = { packets: packetsOf(earStreams(call, ear, index)) };
  if (listener === null || talker === null) return { last: null, arrived };
  const left = callStreams(index.streams, messages, talker, 'from');
  const places = new Set(
    messages.flatMap(({ seen, sdp }) =>
      sdp && seen.sent && seen.node === listener ? [`${sdp.address}:${sdp.port}`] : [],
    ),
  );
  const talkers = new Set(left.map(({ src }) => `${src.address}:${src.port}`));
  const { fromMs, toMs } = { fromMs: call.inviteAt ?? -Infinity, toMs: call.endedAt ?? Infinity };
  const streams = [...index.streams.sent.values(), ...index.streams.received.values()]
    .flat()
    .filter(
      ({ src, dst, atMs }) =>
        (talkers.has(`${src.address}:${src.port}`) || places.has(`${dst.address}:${dst.port}`)) &&
        (atMs[0] ?? Infinity) <= toMs &&
        (atMs.at(-1) ?? -Infinity) >= fromMs,
    );
  const last = streams.sort((a, b) => stage(b) - stage(a))[0];
  if (!last) return { last: null, arrived };
  const same = streams.filter((one) => one.file === last.file && one.sent === last.sent);
  return {
    last: {
      node: last.node,
      sent: last.sent,
      packets: packetsOf(same),
      ref: { file: last.file, frame: last.frame[0] ?? 1, atMs: last.atMs[0] ?? 0 },
    },
    arrived,
  };

  /** How near to the ear: links passed already, and half a step more once the packet has left the node again. */
  function stage({ node, sent }: RtpStream): number {
    const passed = linksBetween(index.plan, talker ?? '', node).length;
    return passed + (sent ? 0.5 : 0);
  }
}

const packetsOf = (streams: readonly RtpStream[]): number =>
  streams.reduce((sum, { atMs }) => sum + atMs.length, 0);
