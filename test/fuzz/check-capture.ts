import assert from 'node:assert/strict';
import { DeadairError } from '../../src/base/errors.js';
import { indexCaptures, type CaptureIndex, type IndexedStream } from '../../src/evidence/field-index.js';
import { readStreams } from '../../src/evidence/field-streams.js';
import { rtpStatistics } from '../../src/evidence/rtp-statistics.js';

/**
 * Decodes a capture in both passes, whatever it holds; throws if that goes wrong: an error other than that it's no
 * capture, a frame that isn't there, or packets that the second pass sees otherwise than the first.
 */
export async function checkCapture(path: string, size: number): Promise<'capture read' | 'no capture'> {
  let index: CaptureIndex;
  try {
    index = await indexCaptures([path]);
  } catch (error) {
    if (error instanceof DeadairError && error.code === 'CAPTURE_UNREADABLE') return 'no capture';
    throw error;
  }
  using opened = index;
  const [capture] = opened.captures;
  const frames = capture!.frames;
  assert.ok(frames * 12 <= size, `${frames} frames in ${size} bytes`);
  const isFrame = (frame: number) => Number.isInteger(frame) && frame >= 1 && frame <= frames;
  for (const { seen } of [...index.sip, ...index.icmp, ...index.rtcp])
    assert.ok(isFrame(seen.frame) && Number.isFinite(seen.atMs), 'a place that is none');
  const groups = index.streams.map((stream) => [stream]);
  for await (const { group, streams, leftOut } of readStreams(index, groups)) {
    const indexed: IndexedStream = index.streams[group]!;
    const { packets, payloadBytes, firstFrame, lastFrame } = indexed;
    const [stream] = streams;
    assert.equal(stream!.frame.length + leftOut, packets, 'packets in the second pass');
    assert.equal(stream!.frame[0], firstFrame);
    assert.equal(stream!.frame.at(-1), lastFrame);
    assert.equal(stream!.payloads.length, payloadBytes);
    const { expected, received, lost, duplicates, jitterMs } = rtpStatistics(stream!);
    assert.ok(
      [expected, received, lost, duplicates, jitterMs].every(Number.isFinite),
      'figures that are none',
    );
    assert.ok(lost >= 0 && duplicates >= 0 && received >= 1, 'figures that cannot be');
  }
  return 'capture read';
}
