import assert from 'node:assert/strict';
import type { Evidence } from '../../../src/evidence/types.js';
import { ToldFrames } from '../../../src/measures/told.js';
import type { CallMeasure } from '../../../src/measures/types.js';
import type { PlannedFault } from '../../../src/plan/planned-fault.js';
import type { Plan } from '../../../src/plan/types.js';
import type { JournalEntry } from '../../../src/runfolder/journal.js';
import { judge } from '../../../src/verdict/judge.js';
import { LINK, lossyCall } from '../../fixtures/lossy-call.js';
import * as fixture from '../../fixtures/measures.js';
import { call, callsBy, ear } from '../../fixtures/measures.js';
import { ADDRESS, sip } from '../../fixtures/messages.js';
import { boot, nodeFault } from '../../fixtures/node-faults.js';
import { cut, plan } from '../../fixtures/plans.js';

interface Setting {
  faults?: PlannedFault[];
  entries?: JournalEntry[];
  evidence?: Partial<Evidence>;
  told?: ToldFrames | null;
  overrides?: Partial<Plan>;
}

function judged(
  calls: CallMeasure[],
  { faults = [], entries = [], evidence = {}, told = null, overrides = {} }: Setting,
) {
  const of = fixture.planOf(calls, { faults, ...overrides });
  const measures = { ...fixture.measuresOf(of, calls), told };
  return judge(
    of,
    [...fixture.journal(of), ...entries],
    { ...fixture.emptyEvidence(of), ...evidence },
    measures,
  );
}
const codes = (...args: Parameters<typeof judged>) => judged(...args).diagnoses.map(({ code }) => code);
/** Both ears silent from one time to another. */
const silent = (startMs: number, endMs: number) => {
  const both = ear({ outages: [{ startMs, endMs }] });
  return { ears: { caller: both, callee: both }, deadAir: true, oneWay: false };
};

describe('MEDIA_PINNED_TO_DEAD_PATH', () => {
  const faults = [cut(1, 10_000, 30_000)];
  /** Calls of before the cut at 10 s go on for `silentMs` in silence; those after it go by b. */
  const up = (silentMs: number) =>
    callsBy(40, (n) =>
      n < 18
        ? { endedAt: 10_000 + silentMs, ...silent(10_020, 10_000 + silentMs) }
        : { tried: n < 22 ? ['a', 'b'] : ['b'] },
    );

  it('calls stay up in silence while new ones are heard by another trunk', () => {
    const [first, ...more] = judged(up(9000), { faults }).diagnoses;
    assert.deepEqual([first?.code, more], ['MEDIA_PINNED_TO_DEAD_PATH', []]);
    assert.match(
      first?.summary ?? '',
      /^18 calls that a carried when it died stayed up .* 8\.98 s, .* heard by b\.$/,
    );
    assert.equal(first?.evidence[0]?.file, 'journal.jsonl');
  });

  it('not where they end soon, or somebody takes care of them, or nothing else lives', () => {
    assert.deepEqual(codes(up(7000), { faults }), []);
    const cared = (method: string, tag: string | null) => {
      const messages = up(9000).map(({ sipCallId: callId }) =>
        sip(
          { node: 'sbc', interface: 'carrier-a', sent: true, atMs: 14_000 },
          { method, callId, src: ADDRESS.sbcA, dst: ADDRESS.desk, to: { user: null, host: 'x', tag } },
        ),
      );
      return codes(up(9000), { faults, evidence: { sip: messages } });
    };
    assert.deepEqual(cared('INVITE', 't'), []);
    assert.deepEqual(cared('BYE', 't'), []);
    assert.deepEqual(cared('OPTIONS', 't'), ['MEDIA_PINNED_TO_DEAD_PATH']);
    assert.deepEqual(codes(up(9000).slice(0, 18), { faults }), [], 'nobody was heard by another trunk');
    assert.deepEqual(codes(up(9000), { faults: [] }), ['DEAD_AIR'], 'nothing died');
  });
});

describe('MEDIA_NOT_RESTORED', () => {
  const faults = [nodeFault(1, 'sbc', 10_000, 12_000, { kind: 'crash', program: 'relay', signal: 'KILL' })];
  const entries = [boot(1, 'sbc', 12_500, 'program', 'relay')];
  /** Calls that were up at the crash are silent until `endMs`, or until their end at 18 s. */
  const up = (endMs: number) =>
    callsBy(50, (n) =>
      n < 16 ? { endedAt: 18_000, ...silent(10_030, endMs) } : n < 26 ? { answered: false } : {},
    );

  it('calls that were up stay silent though the program is back', () => {
    const [first] = judged(up(18_000), { faults, entries }).diagnoses;
    assert.equal(first?.code, 'MEDIA_NOT_RESTORED');
    assert.match(
      first.summary,
      /^relay on sbc crashed and was ready again after 2\.5 s, but 16 calls .* 5\.5 s more; 24 new calls were heard\.$/,
    );
    assert.equal(first.evidence[1]?.file, 'logs/sbc.relay.log');
  });

  it('not where they are heard again soon, or it never came back, or new calls are not heard either', () => {
    assert.deepEqual(codes(up(13_000), { faults, entries }), []);
    assert.equal(
      codes(up(18_000), { faults, entries: [boot(1, 'sbc', 12_500, 'failed', 'relay')] })[0],
      'BOOT_FAILED',
    );
    assert.deepEqual(codes(up(18_000).slice(0, 26), { faults, entries }), []);
  });
});

describe('UNEXPLAINED_LOSS', () => {
  const calls = Array.from({ length: 4 }, (_, n) =>
    call(1, { atMs: 0, id: `office-out-${n + 1}`, ears: { caller: ear({ mos: 3 }), callee: ear() } }),
  );
  const some = (n: number) => n % 10 === 3;
  const lossy = lossyCall({ link: () => true, ear: (n) => !some(n) });
  const inTheLink = lossyCall({ link: (n) => !some(n), ear: () => true });
  const told = (lost: (n: number) => boolean) => {
    const frames = new ToldFrames();
    for (let n = 0; n < 200; n++) frames.add(LINK, 20_002, 30_000, { atMs: 1000 + 20 * n, lost: lost(n) });
    return frames;
  };

  it('packets go missing where no emulator is, and where it was told to take fewer', () => {
    const [first] = judged(calls, { evidence: lossy, told: new ToldFrames() }).diagnoses;
    assert.equal(first?.code, 'UNEXPLAINED_LOSS');
    assert.match(
      first.summary,
      /^Of 600 RTP packets seen at sbc \(sbc--carrier-a\), 60 \(10 %\) never came to desk .* 4 calls; and nothing between/,
    );
    assert.equal(first.evidence[0]?.file, 'captures/sbc.carrier-a.pcap');
    assert.deepEqual(codes(calls, { evidence: inTheLink, told: told((n) => n % 40 === 3) }), [
      'UNEXPLAINED_LOSS',
    ]);
  });

  it('not where the emulator was told to take them, where nobody knows, or where a cut stopped them', () => {
    assert.deepEqual(codes(calls, { evidence: inTheLink, told: told(some) }), []);
    const allButOne = told((n) => some(n) && n > 40);
    assert.deepEqual(codes(calls, { evidence: inTheLink, told: allButOne }), [], 'four packets say nothing');
    assert.deepEqual(codes(calls, { evidence: inTheLink, told: null }), []);
    assert.deepEqual(codes(calls, { evidence: lossy, told: null, faults: [cut(1, 0, 40_000)] }), []);
    assert.deepEqual(
      codes(calls.slice(0, 2), { evidence: lossy, told: new ToldFrames() }),
      [],
      'too few calls',
    );
  });
});

describe('JITTER_BEYOND_BUFFER', () => {
  const packets = { received: 200, lost: 0, late: 60, jitterMs: 30 };
  /** Every second packet comes 200 ms late. */
  const jittery = (() => {
    const { sip: messages, rtp } = lossyCall({ link: () => true, ear: () => true });
    const late = rtp.map((stream) => ({
      ...stream,
      atMs: stream.atMs.map((at, n) => (stream.node === 'desk' && n > 20 && n % 2 === 0 ? at + 200 : at)),
    }));
    return { sip: messages, rtp: late };
  })();
  const calls = Array.from({ length: 4 }, (_, n) =>
    call(1, { atMs: 0, id: `office-out-${n + 1}`, ears: { caller: ear({ packets }), callee: ear() } }),
  );
  const buffer = (ms: number) => ({
    lab: { ...plan().lab, values: { ...plan().lab.values, 'jitter-buffer-ms': ms } },
  });
  const impair = [cut(1, 0, 40_000, { kind: 'replay', name: 'line', directions: [] })];

  it('packets come, and too late; a buffer that is declared must cope with the line', () => {
    const [first] = judged(calls, { evidence: jittery, overrides: buffer(20), faults: impair }).diagnoses;
    assert.equal(first?.code, 'JITTER_BEYOND_BUFFER');
    assert.match(
      first.summary,
      /^In 4 calls .* buffer of 20 ms: 60 of 200 at the caller of office-out-1 \(30 %\), where 0 were lost/,
    );
    assert.match(first.evidence[0]?.note ?? '', /reached the caller 180 ms after its turn$/);
  });

  it('not where no buffer is under test, where packets came late once or twice, or in too few calls', () => {
    assert.deepEqual(codes(calls, { evidence: jittery }), []);
    assert.deepEqual(codes(calls, { evidence: jittery, overrides: buffer(300) }), []);
    assert.deepEqual(codes(calls.slice(0, 2), { evidence: jittery, overrides: buffer(20) }), []);
  });
});

describe('ONE_WAY_AUDIO for a time', () => {
  it('tells what left the talker meanwhile, and what of it arrived', () => {
    const evidence = lossyCall({ link: () => true, ear: (n) => n < 60 || n >= 160 });
    const outages = [{ startMs: 2200, endMs: 4200 }];
    const holed = call(1, {
      atMs: 0,
      ears: { caller: ear({ outages, heardShare: 0.5, delayMs: 0 }), callee: ear({ delayMs: 0 }) },
      oneWay: true,
    });
    const [first] = judged([holed], { evidence }).diagnoses;
    assert.equal(first?.code, 'ONE_WAY_AUDIO');
    assert.match(
      first.summary,
      /for up to 2 s, with no fault on the way: 100 RTP packets left carrier-a then, and 0 reached desk\.$/,
    );
    assert.deepEqual(
      [first.evidence[0]?.file, first.evidence[0]?.frame],
      ['captures/carrier-a.sbc.pcap', 61],
    );
  });
});
