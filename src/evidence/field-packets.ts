import { readCapture } from './capture.js';
import type { CaptureMark } from './captured-frame.js';
import type { CaptureIndex, IndexedStream } from './field-index.js';
import { FlowTable } from './flow-table.js';
import type { Datagram } from './datagram.js';
import { PacketDecoder } from './packet.js';
import { PortFilter } from './port-filter.js';
import { wireFlow } from './wire-flow.js';
import { emptyRtpPacket, readRtp } from './rtp-packet.js';
import type { RtpConsumer } from './rtp.js';
import { Tally } from './tally.js';

/** Takes the packets of a stream from an index, and hears when the last one has come. */
export interface StreamConsumer extends RtpConsumer {
  end?(): void;
}

interface Wanted {
  stream: IndexedStream;
  consumer: StreamConsumer;
}

/**
 * Plays streams of an index once more, from the captures: each packet goes to the consumer of its stream, in order of
 * capture, one capture after another. Only the part of a capture that holds the streams is read. Nothing is kept.
 */
export async function playStreams(
  index: CaptureIndex,
  consumers: ReadonlyMap<IndexedStream, StreamConsumer>,
): Promise<void> {
  const byCapture = new Map<number, Wanted[]>();
  for (const [stream, consumer] of consumers) {
    const wanted = byCapture.get(stream.capture);
    if (wanted) wanted.push({ stream, consumer });
    else byCapture.set(stream.capture, [{ stream, consumer }]);
  }
  for (const [capture, wanted] of byCapture) await playCapture(index, capture, wanted);
}

async function playCapture(index: CaptureIndex, capture: number, wanted: Wanted[]): Promise<void> {
  const table = new FlowTable<Wanted>();
  const ports = new PortFilter();
  for (const one of wanted) {
    const flow = wireFlow(one.stream.flow);
    table.add(flow, one.stream.flow.ssrc, one);
    ports.add(one.stream.flow);
  }
  const packet = emptyRtpPacket();
  const take = (datagram: Datagram) => {
    if (datagram.protocol !== 'udp' || !readRtp(datagram, packet)) return;
    const found = table.get(datagram, packet.ssrc);
    if (!found) return;
    const { firstFrame, lastFrame } = found.stream;
    // The same addresses and SSRC outside of these were not taken for this stream.
    if (packet.frame < firstFrame || packet.frame > lastFrame) return;
    found.consumer.packet(packet);
    if (packet.frame === lastFrame) found.consumer.end?.();
  };
  // What's wrong with the capture is in the index already.
  const decoder = new PacketDecoder(new Tally(), take);
  const lastFrame = wanted.reduce((last, { stream }) => Math.max(last, stream.lastFrame), 0);
  await readCapture(
    index.captures[capture]!.path,
    (frame) => {
      if (!ports.excludes(frame)) decoder.decode(frame, frame.wallMs - index.startWallMs);
      return frame.number < lastFrame ? undefined : false;
    },
    earliest(wanted.map(({ stream }) => stream.mark)),
  );
}

/** Undefined for the beginning of the capture. */
function earliest(marks: (CaptureMark | null)[]): CaptureMark | undefined {
  let first: CaptureMark | undefined;
  for (const mark of marks) {
    if (!mark) return undefined;
    if (!first || mark.frame < first.frame) first = mark;
  }
  return first;
}
