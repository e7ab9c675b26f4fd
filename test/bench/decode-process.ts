import { indexCaptures, type CaptureIndex, type IndexedStream } from '../../src/evidence/field-index.js';
import { readStreams } from '../../src/evidence/field-streams.js';
import { rtpStatistics } from '../../src/evidence/rtp-statistics.js';
import { fieldJson } from '../../src/report/field-json.js';
import { analyzeLarge } from '../../src/run/analyze.js';

/** Works out the figures of all streams of an index, the two ways of each call together. */
async function readAll(index: CaptureIndex): Promise<void> {
  const calls = new Map<string, IndexedStream[]>();
  for (const stream of index.streams) {
    const { src, dst } = stream.flow;
    const key = [src, dst]
      .map(({ address, port }) => `${address} ${port}`)
      .sort()
      .join(' ');
    calls.set(key, [...(calls.get(key) ?? []), stream]);
  }
  let packets = 0;
  for await (const { streams } of readStreams(index, [...calls.values()]))
    for (const stream of streams) {
      const { received, ignored } = rtpStatistics(stream);
      packets += received + ignored;
    }
  const expected = index.streams.reduce((sum, stream) => sum + stream.packets, 0);
  if (packets !== expected) throw new Error(`${packets} packets of ${expected}`);
}

const [path = '', what] = process.argv.slice(2);
if (what === 'hearing') {
  using analysis = await analyzeLarge([path]);
  let characters = 0;
  for (const piece of fieldJson(analysis)) characters += piece.length;
  console.log(`${analysis.calls.length} calls, ${characters} characters of JSON`);
} else {
  const index = await indexCaptures([path]);
  if (what === 'statistics') await readAll(index);
}
console.log(`peak ${process.resourceUsage().maxRSS} KiB`);
