import assert from 'node:assert/strict';
import fc from 'fast-check';
import { signatureKey, SignatureSource, symbolAt } from '../../../src/audio/signature.js';
import { hearEar } from '../../../src/measures/hearing/ear.js';
import { neededAgreements } from '../../../src/measures/hearing/identity.js';
import { downRuns } from '../../../src/measures/hearing/outages.js';
import { randomFrom, signed, streamOf } from '../../fixtures/streams.js';

const keysOf = (seed: number) => ({
  expectedKey: signatureKey(seed, 'in-1', 'from-callee'),
  ownKey: signatureKey(seed, 'in-1', 'from-caller'),
  otherKeys: [{ call: 'in-2', key: signatureKey(seed, 'in-2', 'from-callee') }],
});

const calls = fc.record({
  seed: fc.nat(),
  fromMs: fc.double({ min: 0, max: 200_000, noNaN: true }),
  lastsMs: fc.integer({ min: 2500, max: 6000 }),
  delayMs: fc.double({ min: 0, max: 300, noNaN: true }),
  jitterMs: fc.integer({ min: 0, max: 20 }),
});

describe('hearing, of any call', () => {
  it('a clean one is heard whole, never one-way', () => {
    fc.assert(
      fc.property(calls, ({ seed, fromMs, lastsMs, delayMs, jitterMs }) => {
        const random = randomFrom(seed);
        const keys = keysOf(seed);
        const packets = signed(keys.expectedKey, fromMs, fromMs + lastsMs, { delayMs }).map((packet) => ({
          ...packet,
          atMs: packet.atMs + jitterMs * random(),
        }));
        const heard = hearEar({
          streams: [streamOf(packets)],
          fromMs,
          toMs: fromMs + lastsMs,
          bufferMs: 50,
          ...keys,
        });
        assert.equal(heard.class, 'correct');
        assert.deepEqual(heard.outages, []);
        assert.ok((heard.heardShare ?? 0) > 0.98, `heard ${heard.heardShare}`);
        const late = (heard.delayMs ?? Infinity) - delayMs;
        assert.ok(late > -1 && late < 1 + jitterMs, `off by ${late} ms`);
      }),
      { numRuns: 200 },
    );
  });

  // Concealment takes up to 40 ms off a hole, and 100 ms are the least that is told from loss.
  it('a cut of 180 ms or more is found where it is', () => {
    fc.assert(
      fc.property(
        calls,
        fc.double({ min: 0.2, max: 0.6 }),
        fc.integer({ min: 9, max: 60 }),
        (call, place, packets) => {
          const { seed, fromMs, lastsMs, delayMs } = call;
          const keys = keysOf(seed);
          const first = Math.floor((place * lastsMs) / 20);
          const sent = signed(keys.expectedKey, fromMs, fromMs + lastsMs, { delayMs });
          const back = Math.min(first + packets, sent.length - 30);
          const heard = hearEar({
            streams: [streamOf(sent.filter((_, i) => i < first || i >= back))],
            fromMs,
            toMs: fromMs + lastsMs,
            bufferMs: 50,
            ...keys,
          });
          fc.pre(lastsMs - delayMs - 50 > back * 20 + 300);
          assert.equal(heard.outages.length, 1);
          const onset = heard.outages[0]!.startMs - fromMs - first * 20;
          const regain = heard.outages[0]!.endMs - fromMs - back * 20;
          assert.ok(onset >= -5 && onset <= 40, `onset off by ${onset} ms`);
          assert.ok(Math.abs(regain) <= 20, `regain off by ${regain} ms`);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('a stranger is never taken for the other party', () => {
    fc.assert(
      fc.property(calls, ({ seed, fromMs, lastsMs, delayMs }) => {
        const stranger = signatureKey(seed, 'stranger', 'from-callee');
        const packets = signed(stranger, fromMs, fromMs + lastsMs, { delayMs });
        const heard = hearEar({
          streams: [streamOf(packets)],
          fromMs,
          toMs: fromMs + lastsMs,
          bufferMs: 50,
          ...keysOf(seed),
        });
        assert.equal(heard.class, 'other-audio');
        assert.equal(heard.heardShare, 0);
      }),
      { numRuns: 100 },
    );
  });

  it('signatures: neighbours differ by 3 or more, and the source plays what symbolAt says', () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: -10_000, max: 10_000_000 }), (seed, n) => {
        const key = signatureKey(seed, 'in-1', 'from-caller');
        assert.ok(Math.abs(symbolAt(key, n) - symbolAt(key, n + 1)) >= 3);
        const audio = new Int16Array(480);
        new SignatureSource(key, n * 60).next(audio);
        const turn = (2 * Math.PI * (280 + 10 * symbolAt(key, n))) / 1024;
        const peak = 32767 * 10 ** (-16.1 / 20);
        audio.forEach((value, i) => assert.ok(Math.abs(value - peak * Math.sin(turn * i)) < 1));
      }),
      { numRuns: 100 },
    );
  });

  it('outages are apart, in order, and never shorter than 80 ms', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { minLength: 1, maxLength: 300 }), (frames) => {
        const runs = downRuns(Uint8Array.from(frames, Number), new Uint8Array(frames.length));
        runs.forEach(({ from, to }, i) => {
          assert.ok(to - from >= 4 && from >= 0 && to <= frames.length);
          assert.ok(i === 0 || from > runs[i - 1]!.to);
        });
      }),
    );
  });

  it('asks for 14 agreements of 33, as simulated, and never for fewer than 7', () => {
    assert.equal(neededAgreements(33), 14);
    assert.equal(neededAgreements(6), Infinity);
    for (let n = 7; n <= 66; n++) assert.ok(neededAgreements(n) >= 7 && neededAgreements(n) <= n);
  });
});
