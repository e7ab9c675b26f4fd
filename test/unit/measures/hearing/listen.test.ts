import assert from 'node:assert/strict';
import { ToneSource, type CallProgressTone } from '../../../../src/audio/tones.js';
import { SignatureSource } from '../../../../src/audio/signature.js';
import type { HeardClass } from '../../../../src/measures/types.js';
import {
  dropInBursts,
  dropRandomly,
  FROM_MS,
  hear,
  KEYS,
  noise,
  speaking,
  streamOfSource,
} from '../../../fixtures/ears.js';
import { randomFrom, sourceOf, streamOf, type Packet } from '../../../fixtures/streams.js';

const LASTS_MS = 5000;
const within = (actual: number | undefined, [least, most]: [number, number], what: string): void => {
  assert.ok(
    actual !== undefined && actual >= least && actual <= most,
    `${what}: ${actual} not in ${least}…${most}`,
  );
};
/** Packets sent in these parts of the call, in ms after its start, are dropped. */
const cut = (packets: Packet[], ...parts: [number, number][]): Packet[] =>
  packets.filter(
    ({ sentMs }) => !parts.some(([from, to]) => sentMs >= FROM_MS + from && sentMs < FROM_MS + to),
  );

describe('listen', () => {
  for (const lastsMs of [2500, 4000, 5000, 6000, 20_000])
    it(`hears a clean call of ${lastsMs} ms whole`, () => {
      const heard = hear([streamOf(speaking(lastsMs))], lastsMs);
      assert.equal(heard.class, 'correct');
      assert.deepEqual(heard.outages, []);
      assert.ok((heard.heardShare ?? 0) > 0.99, `${heard.heardShare}`);
      within(heard.delayMs ?? undefined, [39, 41], 'delay');
      assert.deepEqual(heard.segments, [{ fromMs: FROM_MS, toMs: FROM_MS + lastsMs, class: 'correct' }]);
      assert.ok((heard.mos ?? 0) > 4.3);
      assert.equal(heard.heardCall, null);
    });

  for (const delayMs of [0, 3.3, 17, 80, 150.7, 299])
    for (const bufferMs of [50, 200])
      it(`finds a delay of ${delayMs} ms through a buffer of ${bufferMs} ms, to 1 ms`, () => {
        const heard = hear([streamOf(speaking(LASTS_MS, { delayMs }))], LASTS_MS, bufferMs);
        within(heard.delayMs ?? undefined, [delayMs - 1, delayMs + 1], 'delay');
        assert.deepEqual(heard.outages, []);
      });

  it('hears A-law as well', () => {
    const heard = hear([streamOf(speaking(LASTS_MS, { law: 'PCMA' }), { law: 'PCMA' })], LASTS_MS);
    assert.equal(heard.class, 'correct');
    assert.ok((heard.heardShare ?? 0) > 0.99);
  });

  it('nothing arriving: an outage of the whole call', () => {
    const heard = hear([], LASTS_MS);
    assert.equal(heard.class, 'nothing');
    assert.equal(heard.heardShare, 0);
    assert.deepEqual(heard.outages, [{ startMs: FROM_MS, endMs: FROM_MS + LASTS_MS }]);
    assert.deepEqual(heard.segments, [{ fromMs: FROM_MS, toMs: FROM_MS + LASTS_MS, class: 'nothing' }]);
    assert.deepEqual([heard.mos, heard.delayMs, heard.packets], [null, null, null]);
  });

  const places: [string, [number, number][]][] = [
    ['from the middle to the end', [[2010, LASTS_MS]]],
    ['from the start', [[0, 1710]]],
    ['in the middle', [[1230, 3490]]],
    ['of 140 ms', [[2500, 2640]]],
    [
      'twice',
      [
        [1000, 1600],
        [3000, 3410],
      ],
    ],
    ['all but half a second', [[500, LASTS_MS]]],
  ];
  for (const [name, parts] of places)
    it(`an outage ${name}: onset −5…+40 ms, regain ±20 ms`, () => {
      const heard = hear([streamOf(cut(speaking(LASTS_MS), ...parts))], LASTS_MS);
      assert.equal(heard.class, 'correct');
      assert.equal(heard.outages.length, parts.length);
      parts.forEach(([from, to], i) => {
        // A packet of 20 ms is whole or missing, so the edges are on the packets' own.
        const [first, end] = [FROM_MS + Math.ceil(from / 20) * 20, FROM_MS + Math.ceil(to / 20) * 20];
        within(heard.outages[i]?.startMs, from === 0 ? [first, first] : [first - 5, first + 40], 'onset');
        within(heard.outages[i]?.endMs, to === LASTS_MS ? [end, end] : [end - 20, end + 20], 'regain');
      });
      assert.ok(heard.segments.some((segment) => segment.class === 'nothing'));
      const missing = parts.reduce((sum, [from, to]) => sum + to - from, 0) / LASTS_MS;
      within(heard.heardShare ?? undefined, [1 - missing - 0.02, 1 - missing + 0.03], 'heard share');
    });

  for (const lastsMs of [100, 200, 280])
    it(`tells ${lastsMs} ms of somebody from the nothing after`, () => {
      const heard = hear([streamOf(cut(speaking(LASTS_MS), [lastsMs, LASTS_MS]))], LASTS_MS);
      assert.deepEqual(
        heard.segments.map((segment) => segment.class),
        ['other-audio', 'nothing'],
      );
      within(heard.segments[1]?.fromMs, [FROM_MS + lastsMs - 20, FROM_MS + lastsMs + 60], 'when it ended');
    });

  it('60 ms of loss is choppiness, no outage', () => {
    const heard = hear([streamOf(cut(speaking(LASTS_MS), [2500, 2560]))], LASTS_MS);
    assert.deepEqual(heard.outages, []);
    assert.ok((heard.heardShare ?? 0) > 0.98);
  });

  const speech = (): ReturnType<typeof sourceOf> => {
    const random = randomFrom(9);
    // Voiced, with the formants' falling spectrum and a syllable's rhythm.
    return sourceOf((i) => {
      const pitch = (2 * Math.PI * (120 + 20 * Math.sin(i / 4000)) * i) / 8000;
      let voice = 0.2 * (random() - 0.5);
      for (let h = 1; h < 25; h++) voice += Math.sin(h * pitch) / h;
      return 4000 * voice * Math.max(0, Math.sin((2 * Math.PI * 3 * i) / 8000));
    });
  };
  const instead: [HeardClass, string, () => ReturnType<typeof sourceOf>][] = [
    ['silence', 'digital silence', () => sourceOf(() => 0)],
    ['comfort-noise', 'noise at −55 dBm0', () => noise(-55)],
    ['other-audio', 'noise at −25 dBm0', () => noise(-25)],
    ['other-audio', 'speech', speech],
    ['other-stream', 'another call', () => new SignatureSource(KEYS.other, FROM_MS - 35)],
    ['echo', 'its own signature', () => new SignatureSource(KEYS.own, FROM_MS - 120)],
    ...(
      [
        'ringback-us',
        'ringback-etsi',
        'ringback-uk',
        'busy-us',
        'congestion-etsi',
        'sit',
      ] as CallProgressTone[]
    ).map((name): [HeardClass, string, () => ReturnType<typeof sourceOf>] => [
      'tone',
      name,
      () => new ToneSource(name),
    ]),
  ];
  for (const [name, what, source] of instead)
    it(`${what} instead of the other party is ${name}`, () => {
      const heard = hear([streamOfSource(source(), LASTS_MS)], LASTS_MS);
      assert.equal(heard.class, name);
      assert.equal(heard.heardShare, 0);
      assert.equal(heard.delayMs, null);
      assert.equal(heard.mos, null);
      assert.equal(heard.heardCall, name === 'other-stream' ? 'office-out-2' : null);
      assert.equal(heard.tone, name === 'tone' ? what.split('-')[0] : null);
      assert.deepEqual(heard.outages, [{ startMs: FROM_MS, endMs: FROM_MS + LASTS_MS }]);
    });

  it('silence from the middle on is told from nothing arriving', () => {
    const spoken = new SignatureSource(KEYS.expected, FROM_MS);
    const turnsSilent = { next: (out: Int16Array) => spoken.next(out) };
    let packets = 0;
    const heard = hear(
      [
        streamOfSource(
          {
            next(out) {
              turnsSilent.next(out);
              if (++packets > 125) out.fill(0);
            },
          },
          LASTS_MS,
        ),
      ],
      LASTS_MS,
    );
    assert.deepEqual(
      heard.segments.map((segment) => segment.class),
      ['correct', 'silence'],
    );
    within(heard.outages[0]?.startMs, [FROM_MS + 2495, FROM_MS + 2505], 'onset');
  });

  for (const dB of [-6, -15, -25])
    it(`another call beside the other party, ${dB} dB, is crosstalk`, () => {
      const [own, other] = [
        new SignatureSource(KEYS.expected, FROM_MS),
        new SignatureSource(KEYS.other, FROM_MS - 31),
      ];
      const added = new Int16Array(160);
      const mix = {
        next(out: Int16Array) {
          own.next(out);
          other.next(added);
          for (let i = 0; i < out.length; i++) out[i]! += Math.round(added[i]! * 10 ** (dB / 20));
        },
      };
      const heard = hear([streamOfSource(mix, LASTS_MS)], LASTS_MS);
      assert.equal(heard.class, 'crosstalk');
      assert.equal(heard.heardCall, 'office-out-2');
      assert.ok((heard.heardShare ?? 0) > 0.95);
    });

  for (const share of [0.01, 0.05, 0.1, 0.2])
    for (const seed of [1, 2, 3]) {
      it(`random loss of ${share * 100} % is heard as loss, no outage (seed ${seed})`, () => {
        const heard = hear([streamOf(dropRandomly(speaking(LASTS_MS), share, seed))], LASTS_MS);
        assert.equal(heard.class, 'correct');
        assert.deepEqual(heard.outages, []);
        within(heard.heardShare ?? undefined, [1 - 1.5 * share, 1], 'heard share');
        within(heard.delayMs ?? undefined, [39, 41], 'delay');
      });
      it(`bursty loss of ${share * 100} % is heard, and delay is found (seed ${seed})`, () => {
        const heard = hear([streamOf(dropInBursts(speaking(LASTS_MS), share, 3, seed))], LASTS_MS);
        assert.equal(heard.class, 'correct');
        within(heard.delayMs ?? undefined, [39, 41], 'delay');
        within(heard.heardShare ?? undefined, [0.6, 1], 'heard share');
        for (const outage of heard.outages) assert.ok(outage.endMs - outage.startMs >= 90);
      });
    }

  it('jitter inside the buffer goes unheard', () => {
    const random = randomFrom(3);
    const packets = speaking(LASTS_MS).map((packet) => ({ ...packet, atMs: packet.atMs + 40 * random() }));
    const heard = hear([streamOf(packets)], LASTS_MS);
    assert.ok((heard.heardShare ?? 0) > 0.99);
    assert.deepEqual(heard.outages, []);
    within(heard.packets?.jitterMs, [8, 16], 'jitter');
  });

  it('bridges a change of source in mid-call', () => {
    const packets = speaking(LASTS_MS);
    const [before, after] = [cut(packets, [2000, LASTS_MS]), cut(packets, [0, 2400])];
    const heard = hear([streamOf(before, { ssrc: 1 }), streamOf(after, { ssrc: 2 })], LASTS_MS);
    assert.equal(heard.outages.length, 1);
    within(heard.outages[0]?.startMs, [FROM_MS + 1995, FROM_MS + 2040], 'onset');
    within(heard.outages[0]?.endMs, [FROM_MS + 2380, FROM_MS + 2420], 'regain');
  });

  it('a delay that changes under way is followed', () => {
    const packets = speaking(6000);
    const before = cut(packets, [3000, 6000]);
    const after = cut(packets, [0, 3000]).map((packet) => ({ ...packet, atMs: packet.atMs + 60 }));
    const heard = hear([streamOf(before, { ssrc: 1 }), streamOf(after, { ssrc: 2 })], 6000);
    assert.deepEqual(heard.outages, []);
    within(heard.heardShare ?? undefined, [0.97, 1], 'heard share');
  });

  it('says nothing of less than 2 s', () => {
    const heard = hear([streamOf(speaking(1500))], 1500);
    assert.deepEqual([heard.heardShare, heard.delayMs, heard.mos, heard.outages], [null, null, null, []]);
  });
});
