import assert from 'node:assert/strict';
import { unpacked, type PackedStream } from '../../../../src/evidence/packed-stream.js';
import { RtpColumns } from '../../../../src/evidence/rtp-columns.js';
import { emptyRtpPacket } from '../../../../src/evidence/rtp-packet.js';
import { sliceStream } from '../../../../src/measures/field/slice.js';

const place = { address: '198.18.0.1', port: 1 };

/** Packet n is seen at 20·n ms and has n bytes of n. */
function streamOf(count: number): PackedStream {
  const columns = new RtpColumns();
  for (let n = 0; n < count; n++)
    columns.packet({
      ...emptyRtpPacket(),
      bytes: Buffer.alloc(n, n),
      end: n,
      sequence: n,
      timestamp: 160 * n,
      frame: n + 1,
      atMs: 20 * n,
    });
  const seen = { file: 'a', node: 'a', interface: '', src: place, dst: place, ssrc: 1, sent: false };
  return { ...seen, ...columns.pack() };
}

describe('sliceStream', () => {
  it('copies what was seen in between, payloads and all, into one buffer', () => {
    const slice = sliceStream(streamOf(9), 60, 120)!;
    const { atMs, frame, sequence, timestamp, payload } = unpacked(slice);
    assert.deepEqual(
      [[...atMs], [...frame]],
      [
        [60, 80, 100],
        [4, 5, 6],
      ],
    );
    assert.deepEqual(
      [[...sequence], [...timestamp]],
      [
        [3, 4, 5],
        [480, 640, 800],
      ],
    );
    assert.deepEqual(
      payload.map((bytes) => [...bytes]),
      [
        [3, 3, 3],
        [4, 4, 4, 4],
        [5, 5, 5, 5, 5],
      ],
    );
    for (const column of [atMs, frame, slice.payloads]) assert.equal(column.buffer, slice.payloadEnd.buffer);
  });

  it('is null where nothing was seen', () => {
    assert.equal(sliceStream(streamOf(3), 41, Infinity), null);
    assert.equal(sliceStream(streamOf(0), -Infinity, Infinity), null);
  });
});
