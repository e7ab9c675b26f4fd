import type { EvidenceRef, RtpStream, SipMessage } from '../../evidence/types.js';
import type { CallEvidence } from '../calls.js';
import { earNode } from '../calls.js';
import { callStreams } from '../streams.js';
import type { CallMeasure } from '../types.js';
import type { CitedPacket } from './types.js';

/** Which of the cited packets are SIP or RTP of a call, each once, in the order of the citations. */
export function citedPackets(
  refs: readonly EvidenceRef[],
  calls: readonly CallMeasure[],
  index: CallEvidence,
): CitedPacket[] {
  const wanted = new Map<string, CitedPacket | null>();
  for (const { file, frame } of refs) if (frame !== undefined) wanted.set(`${file} ${frame}`, null);
  const claim = (file: string, frame: number, call: string): void => {
    const key = `${file} ${frame}`;
    if (wanted.get(key) === null) wanted.set(key, { file, frame, call });
  };
  for (const call of calls) {
    const messages = index.sip.get(call.sipCallId) ?? [];
    for (const { seen } of messages) claim(seen.file, seen.frame, call.id);
    const streams = streamsOf(call, messages, index);
    for (const { file, frame } of refs)
      if (frame !== undefined && streams.some((stream) => stream.file === file && has(stream, frame)))
        claim(file, frame, call.id);
  }
  return [...wanted.values()].filter((packet) => packet !== null);
}

/** All RTP of a call that any node sent or received at an address that it announced in it. */
function streamsOf(call: CallMeasure, messages: readonly SipMessage[], index: CallEvidence): RtpStream[] {
  const ends = [earNode(index.plan, call, 'caller'), earNode(index.plan, call, 'callee')];
  const between = messages.flatMap(({ seen, sdp }) => (sdp && seen.sent ? [seen.node] : []));
  const nodes = new Set([...ends, ...between].filter((node) => node !== null));
  return [...nodes].flatMap((node) =>
    (['to', 'from'] as const).flatMap((way) => callStreams(index.streams, messages, node, way)),
  );
}

/** Frames of a stream are in order. */
function has({ frame: frames }: RtpStream, frame: number): boolean {
  let [low, high] = [0, frames.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((frames[middle] ?? Infinity) < frame) low = middle + 1;
    else high = middle;
  }
  return frames[low] === frame;
}
