import type { Endpoint, EvidenceRef, RtpStream } from '../../../evidence/types.js';
import { groupedBy } from '../grouping.js';
import type { Party, PlayedStream } from '../types.js';

/** `1.24 s` */
export const inSeconds = (ms: number): string => `${(ms / 1000).toFixed(2)} s`;

export const endpointText = ({ address, port }: Endpoint): string =>
  `${address.includes(':') ? `[${address}]` : address}:${port}`;

export const otherParty = (party: Party): Party => (party === 'caller' ? 'callee' : 'caller');

export const PARTIES: readonly Party[] = ['caller', 'callee'];

type Cited = Pick<RtpStream, 'file' | 'frame' | 'atMs'>;

/** Points at a packet of a stream. */
export function citePacket(stream: Cited, index: number, note: string): EvidenceRef {
  const frame = stream.frame.at(index)!;
  return { file: stream.file, frame, atMs: stream.atMs.at(index)!, note };
}

/** The packets around a time without any: the last before `startMs`, and the first after `endMs`. */
export function citeEdges(streams: readonly Cited[], startMs: number, endMs: number): EvidenceRef[] {
  let before: EvidenceRef | null = null;
  let after: EvidenceRef | null = null;
  for (const stream of streams) {
    const { atMs } = stream;
    const last = atMs.findLastIndex((at) => at <= startMs);
    if (last >= 0 && atMs[last]! > (before?.atMs ?? -Infinity))
      before = citePacket(stream, last, 'the last packet before it');
    const next = atMs.findIndex((at) => at >= endMs);
    if (next >= 0 && atMs[next]! < (after?.atMs ?? Infinity))
      after = citePacket(stream, next, 'the first packet after it');
  }
  return [before, after].filter((one) => one !== null);
}

/** One of each stream: where several captures show it, the one that has most of it. */
export function eachOnce(streams: readonly PlayedStream[]): PlayedStream[] {
  const sights = groupedBy(
    streams,
    ({ src, dst, ssrc }) => `${endpointText(src)} ${endpointText(dst)} ${ssrc}`,
  );
  return [...sights.values()].map((same) =>
    same.reduce((a, b) => (b.stream.atMs.length > a.stream.atMs.length ? b : a)),
  );
}
