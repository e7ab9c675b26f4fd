import assert from 'node:assert/strict';
import { join } from 'node:path';
import { packageFolder } from '../../../../src/base/package.js';
import { clearDirection } from '../../../../src/emulator/contract.js';
import { importMahimahi } from '../../../../src/plan/traces/mahimahi.js';
import { profileTraces } from '../../../../src/plan/traces/profile.js';
import { parseTrace } from '../../../../src/plan/traces/read.js';
import type { Trace } from '../../../../src/plan/traces/types.js';
import { formatTrace } from '../../../../src/plan/traces/write.js';
import { loadProfile } from '../../../../src/scenario/load-courses.js';
import { carry, evenly } from '../../../fixtures/wire-carrier.js';

const replayed = (trace: Trace, count: number, gapMs: number, bytes: number) =>
  carry(7, evenly(count, gapMs, { ...clearDirection, profile: trace }, { bytes })).deliveries;

const VOICE_BYTES = 214;
const VOICE_MS = 20;

/** What voice meets over the whole of a course: the least, the median and the greatest delay, and the share lost. */
function voiceOver(trace: Trace & { lengthMs: number }) {
  const count = trace.lengthMs / VOICE_MS;
  const deliveries = replayed(trace, count, VOICE_MS, VOICE_BYTES);
  const delays = deliveries.map(({ atMs, sentMs }) => atMs - sentMs).sort((a, b) => a - b);
  const at = (share: number) => delays[Math.floor(share * (delays.length - 1))]!;
  return { least: at(0), median: at(0.5), greatest: at(1), lost: 1 - delays.length / count };
}

type Range = [from: number, to: number];
interface Expected {
  least: Range;
  median: Range;
  greatest: Range;
  lost: Range;
}

describe('what a ready profile does to voice', () => {
  // After the stories and figures in lab/profiles: ms, and a share.
  const cases: [name: string, way: 'up' | 'down', Expected][] = [
    [
      'congested-uplink',
      'up',
      { least: [8, 16], median: [20, 100], greatest: [160, 260], lost: [0.005, 0.06] },
    ],
    ['congested-uplink', 'down', { least: [6, 7], median: [7, 10], greatest: [9, 11], lost: [0, 0] }],
    [
      'dsl-saturated',
      'up',
      { least: [480, 520], median: [600, 800], greatest: [980, 1060], lost: [0, 0.01] },
    ],
    ['dsl-saturated', 'down', { least: [13, 15], median: [14, 17], greatest: [16, 19], lost: [0, 0] }],
    ['geo', 'up', { least: [258, 264], median: [262, 282], greatest: [270, 290], lost: [0, 0.01] }],
    ['geo', 'down', { least: [258, 260], median: [259, 261], greatest: [261, 264], lost: [0, 0.01] }],
    ['leo', 'up', { least: [13, 20], median: [20, 34], greatest: [70, 115], lost: [0.0003, 0.01] }],
    ['leo', 'down', { least: [12, 18], median: [17, 30], greatest: [65, 110], lost: [0.0003, 0.01] }],
    ['lte-drive', 'up', { least: [0, 30], median: [34, 48], greatest: [150, 240], lost: [0.001, 0.02] }],
    ['lte-drive', 'down', { least: [3, 26], median: [29, 40], greatest: [145, 230], lost: [0.001, 0.02] }],
    ['nr-walk', 'up', { least: [10, 12], median: [12, 18], greatest: [210, 225], lost: [0, 0.01] }],
    ['nr-walk', 'down', { least: [9, 11], median: [10, 16], greatest: [205, 218], lost: [0, 0.01] }],
    ['wifi-microwave', 'up', { least: [1, 3], median: [2, 24], greatest: [18, 45], lost: [0.005, 0.03] }],
    ['wifi-microwave', 'down', { least: [1, 3], median: [2, 24], greatest: [18, 45], lost: [0.005, 0.03] }],
  ];
  for (const [name, way, expected] of cases)
    it(`${name}, ${way}`, () => {
      const loaded = loadProfile(join(packageFolder(), 'lab', 'profiles', `${name}.yaml`));
      assert.ok('profile' in loaded);
      const met = voiceOver(profileTraces(loaded.profile)[way]);
      for (const key of ['least', 'median', 'greatest', 'lost'] as const) {
        const [from, to] = expected[key];
        assert.ok(met[key] >= from && met[key] <= to, `${key}: ${JSON.stringify(met)}`);
      }
    });
});

describe('an imported trace that is replayed', () => {
  it('passes as much as the mahimahi trace had opportunities for, step by step', () => {
    // One opportunity a ms, then one in four, then none at all, then one in two.
    const every = (fromMs: number, gapMs: number) =>
      Array.from({ length: 200 / gapMs }, (_, index) => fromMs + (index + 1) * gapMs);
    const times = [...every(0, 1), ...every(200, 4), ...every(600, 2)];
    const options = { stepMs: 100, queueMs: 50, end: 'stop' as const };
    const trace = importMahimahi(times.join('\n'), 'x.down', options);
    // As it is kept in a file, and with more traffic than it has room for.
    const deliveries = replayed(parseTrace(formatTrace(trace), 'x.jsonl'), 3200, 0.25, 1500);
    // It begins with the first packet. What waits at 400 ms goes then, which is in no step.
    const sinceMs = deliveries.map(({ atMs }) => atMs - 0.25);
    const passed = (fromMs: number, toMs: number) =>
      sinceMs.filter((ms) => ms > fromMs + 1e-6 && ms < toMs - 1e-6).length;
    const steps = [100, 100, 25, 25, 0, 0, 50, 50];
    for (const [step, expected] of steps.entries()) {
      const count = passed(step * 100, step * 100 + 100);
      const [from, to] = expected === 0 ? [0, 0] : [expected - 2, expected + 2];
      assert.ok(count >= from && count <= to, `${count} in step ${step}`);
    }
  });
});
