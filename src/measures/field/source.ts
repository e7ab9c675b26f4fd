import type { CaptureIndex } from '../../evidence/field-index.js';
import { readStreams } from '../../evidence/field-streams.js';
import type { RtcpReport } from '../../evidence/rtcp.js';
import type { PackedStream } from '../../evidence/packed-stream.js';
import type { SipBook } from '../../evidence/sip-book.js';
import type { Evidence, Seen } from '../../evidence/types.js';
import type { Endpoint } from '../../evidence/types.js';

/** A stream in the captures, without its packets. */
export interface FieldStream {
  /** Its place in `streams` of the source. */
  key: number;
  file: string;
  src: Endpoint;
  dst: Endpoint;
  ssrc: number;
  firstMs: number;
  lastMs: number;
}

/** The packets of streams that were asked for together. */
export interface ReadGroup {
  group: number;
  /** By key. */
  streams: ReadonlyMap<number, PackedStream>;
  /** Packets that didn't fit into memory: the last of these streams. */
  leftOut: number;
}

/** What there is to analyse. Packets come group by group, so that memory doesn't grow with the captures. */
export interface FieldSource {
  files: string[];
  sip: SipBook;
  icmp: Evidence['icmp'];
  rtcp: RtcpReport[];
  streams: FieldStream[];
  /** No stream may be in two groups. Groups come in order of their first packets. */
  read(groups: readonly (readonly number[])[]): AsyncIterable<ReadGroup>;
}

/** Captures as a source. */
export function sourceOf(index: CaptureIndex): FieldSource {
  return {
    files: index.captures.map(({ file }) => file),
    sip: index.sip,
    icmp: index.icmp,
    rtcp: index.rtcp,
    streams: index.streams.map(({ capture, flow, firstMs, lastMs }, key) => ({
      key,
      file: index.captures[capture]!.file,
      src: flow.src,
      dst: flow.dst,
      ssrc: flow.ssrc,
      firstMs,
      lastMs,
    })),
    async *read(groups) {
      const wanted = groups.map((keys) => keys.map((key) => index.streams[key]!));
      for await (const { group, streams, leftOut } of readStreams(index, wanted))
        yield { group, streams: new Map(streams.map((stream, i) => [groups[group]![i]!, stream])), leftOut };
    },
  };
}

/** The same on other clocks: `laterBy` tells by how many ms the times of a file are put later. */
export function shiftedSource(source: FieldSource, laterBy: (file: string) => number): FieldSource {
  const shift = <T extends { seen: Seen }>(item: T): T => ({
    ...item,
    seen: { ...item.seen, atMs: item.seen.atMs + laterBy(item.seen.file) },
  });
  return {
    files: source.files,
    sip: source.sip.shifted(laterBy),
    icmp: source.icmp.map(shift),
    rtcp: source.rtcp.map(shift),
    streams: source.streams.map((stream) => ({
      ...stream,
      firstMs: stream.firstMs + laterBy(stream.file),
      lastMs: stream.lastMs + laterBy(stream.file),
    })),
    async *read(groups) {
      for await (const { streams, ...group } of source.read(groups)) {
        const shifted = [...streams].map(([key, stream]): [number, PackedStream] => [
          key,
          { ...stream, atMs: stream.atMs.map((at) => at + laterBy(stream.file)) },
        ]);
        yield { ...group, streams: new Map(shifted) };
      }
    },
  };
}
