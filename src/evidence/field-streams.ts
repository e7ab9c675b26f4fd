import type { CaptureIndex, IndexedStream } from './field-index.js';
import { playStreams, type StreamConsumer } from './field-packets.js';
import { columnBytes, RtpColumns } from './rtp-columns.js';
import type { RtpPacket } from './rtp-packet.js';
import type { PackedStream } from './packed-stream.js';

/** Bytes of packets that are kept at once, if nobody says otherwise. */
const BUDGET = 24 * 1024 * 1024;

/** The streams that belong together (those of a call), with all their packets. */
export interface StreamGroup {
  /** Index of the group as it was asked for. */
  group: number;
  /** In the order asked for. */
  streams: PackedStream[];
  /** Packets at the end of these streams that are not there, because they alone would be more than the budget. */
  leftOut: number;
}

/**
 * Gives the packets of streams, group by group, in order of each group's first packet. As many groups are read at
 * once as fit in `budgetBytes`: captures are read as often as it takes, but only the parts that hold the groups.
 * A group is let go of when the next is asked for: its columns are empty from then on, and their memory is used again.
 */
export async function* readStreams(
  index: CaptureIndex,
  groups: readonly (readonly IndexedStream[])[],
  budgetBytes = BUDGET,
): AsyncGenerator<StreamGroup> {
  const start = (streams: readonly IndexedStream[]) =>
    streams.reduce((first, { firstMs }) => Math.min(first, firstMs), Infinity);
  const queue = groups
    .map((streams, group) => ({ group, streams, startMs: start(streams), size: sizeOf(streams) }))
    .sort((a, b) => a.startMs - b.startMs || a.group - b.group);
  const totalSize = queue.reduce((sum, { size }) => sum + size, 0);
  let room = new ArrayBuffer(0);
  for (let next = 0; next < queue.length;) {
    const batch = [queue[next++]!];
    let size = batch[0]!.size;
    for (; next < queue.length && size + queue[next]!.size <= budgetBytes; next++) {
      batch.push(queue[next]!);
      size += queue[next]!.size;
    }
    const share = Math.min(1, budgetBytes / size);
    const plan = batch.flatMap(({ streams }) => streams).map((stream) => shareOf(stream, share));
    const needed = plan.reduce((sum, part) => sum + part.size, 0);
    // Whoever still holds the columns of the batch before must see that they're gone, and not what comes into their place.
    const reusable = needed <= room.byteLength;
    const roomy = Math.max(needed, Math.min(budgetBytes, totalSize));
    room = reusable ? structuredClone(room, { transfer: [room] }) : new ArrayBuffer(roomy);
    const keepers = keepersIn(room, plan);
    await playStreams(index, keepers);
    for (const { group, streams } of batch) {
      const kept = streams.map((stream) => keepers.get(stream)!);
      const leftOut = kept.reduce((sum, keeper) => sum + keeper.leftOut, 0);
      yield { group, streams: kept.map((keeper) => keeper.finish(index)), leftOut };
    }
  }
}

function sizeOf(streams: readonly IndexedStream[]): number {
  return streams.reduce((sum, { packets, payloadBytes }) => sum + columnBytes(packets, payloadBytes), 0);
}

/** How much is kept of a stream. */
interface StreamShare {
  stream: IndexedStream;
  packets: number;
  payloadBytes: number;
  size: number;
}

function shareOf(stream: IndexedStream, share: number): StreamShare {
  const packets = Math.floor(stream.packets * share);
  const payloadBytes = Math.floor(stream.payloadBytes * share);
  return { stream, packets, payloadBytes, size: columnBytes(packets, payloadBytes) };
}

/** Keepers for these, one after another in one piece of memory: many small ones would leave holes. */
function keepersIn(room: ArrayBuffer, plan: readonly StreamShare[]): Map<IndexedStream, Keeper> {
  const keepers = new Map<IndexedStream, Keeper>();
  let offset = 0;
  for (const { stream, packets, payloadBytes, size } of plan) {
    keepers.set(stream, new Keeper(stream, packets, new RtpColumns(packets, payloadBytes, room, offset)));
    offset += size;
  }
  return keepers;
}

/** Keeps the packets of a stream, or the first so many of them. */
class Keeper implements StreamConsumer {
  leftOut = 0;

  constructor(
    private readonly stream: IndexedStream,
    private readonly most: number,
    private readonly columns: RtpColumns,
  ) {}

  packet(packet: RtpPacket): void {
    if (this.columns.length < this.most) this.columns.packet(packet);
    else this.leftOut++;
  }

  finish({ captures }: CaptureIndex): PackedStream {
    const { capture, flow, interface: name } = this.stream;
    const { file, node } = captures[capture]!;
    const { src, dst, ssrc } = flow;
    return { file, node, interface: name, src, dst, ssrc, sent: false, ...this.columns.pack() };
  }
}
