import assert from 'node:assert/strict';
import { measure } from '../../../src/measures/index.js';
import { measureInstrument } from '../../../src/measures/instrument.js';
import { pacingP99Ms } from '../../../src/measures/pacing.js';
import type { JournalEntry } from '../../../src/runfolder/journal.js';
import { call, callsBy, emptyEvidence, journal, planOf, proof } from '../../fixtures/measures.js';
import { rtp, sdp, sip } from '../../fixtures/messages.js';
import { cut } from '../../fixtures/plans.js';

const calls = callsBy(40, () => ({}));
const healthy = planOf(calls, { faults: [cut(1, 5000, 9000)] });
const good = journal(healthy);
const codes = (
  entries: JournalEntry[] = good,
  { of = healthy, evidence = emptyEvidence(of), measured = calls } = {},
): string[] => measureInstrument(of, entries, evidence, measured).problems.map(({ code }) => code);
const changed = (change: (entry: JournalEntry) => JournalEntry) => good.map(change);
const toCarrier = { node: 'desk', interface: 'sbc', sent: true, src: '198.18.0.10:1', dst: '198.18.0.1:2' };

describe('measureInstrument', () => {
  it('has nothing to say of a good run', () => {
    assert.deepEqual(codes(), []);
  });

  it('distrusts a stepped clock, and one that was never compared', () => {
    const last = good.findLastIndex(({ event }) => event === 'clock');
    const stepped = good.with(last, { atMs: 0, event: 'clock', wallEpochMs: 1_700_000_000_006 });
    assert.deepEqual(codes(stepped), ['CLOCK_STEPPED']);
    assert.deepEqual(codes(good.toSpliced(last, 1)), ['CLOCK_STEPPED']);
  });

  it('distrusts a capture that dropped packets or did not say', () => {
    for (const dropped of [3, null]) {
      const entries = changed((e) =>
        e.event === 'capture-closed' && e.node === 'desk' ? { ...e, dropped } : e,
      );
      assert.deepEqual(codes(entries), ['CAPTURE_DROPPED_PACKETS']);
    }
    assert.equal(codes(good.filter(({ event }) => event !== 'capture-closed')).length, 4);
  });

  it('misses a capture that was planned', () => {
    const evidence = emptyEvidence(healthy);
    assert.deepEqual(codes(good, { evidence: { ...evidence, captures: evidence.captures.slice(1) } }), [
      'CAPTURE_MISSING',
    ]);
    const [first, ...rest] = evidence.captures;
    const unopened = { ...first!, frames: 0, problems: ['cannot be opened: ENOENT'] };
    assert.deepEqual(codes(good, { evidence: { ...evidence, captures: [unopened, ...rest] } }), [
      'CAPTURE_MISSING',
    ]);
  });

  it('distrusts a capture that is damaged, or holds less than was captured', () => {
    const evidence = emptyEvidence(healthy);
    const [first, ...rest] = evidence.captures;
    const withFirst = (change: Partial<typeof first>) =>
      codes(good, { evidence: { ...evidence, captures: [{ ...first!, ...change }, ...rest] } });
    assert.deepEqual(withFirst({ problems: ['is cut off inside frame 101'] }), ['CAPTURE_DAMAGED']);
    assert.deepEqual(withFirst({ frames: 99 }), ['CAPTURE_DAMAGED']);
    assert.deepEqual(withFirst({ frames: 101, problems: ['2 × SIP over TCP (first: frame 7)'] }), []);
  });

  it('wants every fault applied, healed and proven', () => {
    for (const event of ['fault-applied', 'fault-healed'])
      assert.deepEqual(codes(good.filter((entry) => entry.event !== event)), ['FAULT_NOT_PROVEN']);
    assert.deepEqual(codes(good.filter(({ event }) => event !== 'fault-proof')), [
      'FAULT_NOT_PROVEN',
      'FAULT_NOT_PROVEN',
    ]);
    for (const when of ['applied', 'healed']) {
      const failed = changed((e) =>
        e.event === 'fault-proof' && e.when === when ? { ...e, proof: proof(false) } : e,
      );
      assert.deepEqual(codes(failed), ['FAULT_NOT_PROVEN']);
    }
    const forever = planOf(calls, { faults: [cut(1, 5000, null)] });
    assert.deepEqual(codes(journal(forever), { of: forever }), []);
  });

  it('distrusts links that were not clear when they should have been', () => {
    for (const when of ['baseline', 'end'] as const) {
      const clear = (holds: boolean): JournalEntry => ({
        atMs: 1,
        event: 'clear-proof',
        link: 'sbc--carrier-a',
        when,
        proof: proof(holds),
      });
      assert.deepEqual(codes([...good, clear(true)]), []);
      assert.deepEqual(codes([...good, clear(false)]), ['HIDDEN_IMPAIRMENT']);
    }
  });

  it('distrusts an emulator that came late, or had no room', () => {
    const counters = (p99Ms: number, overrun: number | null): JournalEntry => ({
      atMs: 1,
      event: 'emulator-counters',
      link: 'sbc--carrier-a',
      overrun,
      lateness: { frames: 100, p99Ms, maxMs: 50 },
    });
    assert.deepEqual(codes([...good, counters(10, 0)]), []);
    assert.deepEqual(codes([...good, counters(10.1, 0)]), ['EMULATOR_LATE']);
    assert.deepEqual(codes([...good, counters(1, 3)]), ['EMULATOR_OVERRUN']);
    assert.deepEqual(codes([...good, { ...counters(1, null), lateness: null } as JournalEntry]), []);
  });

  it('knows of programs of the harness that ended, and leaves those of the system to the verdict', () => {
    const ended = (owner: 'harness' | 'system'): JournalEntry => ({
      atMs: 7000,
      event: 'program-ended',
      node: 'desk',
      program: 'tcpdump',
      owner,
      exitCode: null,
      signal: 'SIGKILL',
    });
    assert.deepEqual(codes([...good, ended('harness')]), ['HARNESS_PROGRAM_ENDED']);
    assert.deepEqual(codes([...good, ended('system')]), []);
  });

  it('counts how often the machine let the lab wait during traffic, and for how long', () => {
    const late = (dueMs: number, lateMs: number): JournalEntry => ({
      atMs: 61_000,
      event: 'host-late',
      lateMs,
      dueMs,
    });
    const entries = [...good, late(5000, 201), late(6000, 450.4), late(7000, 200), late(90_000, 9000)];
    const { problems } = measureInstrument(healthy, entries, emptyEvidence(healthy), calls);
    assert.deepEqual(problems, [
      {
        code: 'HOST_STARVED',
        summary: 'The machine let the lab wait 2 times during traffic, for up to 450 ms.',
        evidence: [{ file: 'journal.jsonl', atMs: 6000 }],
      },
    ]);
    assert.deepEqual(codes([...good, late(7000, 200), late(-1000, 900)]), []);
  });

  it('distrusts a sender that was very late once', () => {
    const paced = (maxMs: number): JournalEntry[] => [
      ...good,
      { atMs: 40_000, event: 'media-pacing', packets: 100, p50Ms: 0.1, p99Ms: 1, maxMs },
    ];
    assert.deepEqual(codes(paced(251)), ['LOAD_GENERATOR_STALLED']);
    assert.deepEqual(codes(paced(250)), []);
  });

  it('looks at what crossed a cut, and at what its own talkers sent', () => {
    const evidence = emptyEvidence(healthy);
    const leak = sip(
      { node: 'carrier-a', interface: 'sbc', sent: false, atMs: 7000 },
      { method: 'OPTIONS', src: '198.18.1.1', dst: '198.18.1.2' },
    );
    assert.deepEqual(codes(good, { evidence: { ...evidence, sip: [leak] } }), ['FAULT_NOT_PROVEN']);
    const desk = { node: 'desk', interface: 'sbc' };
    const [one] = calls;
    const answer = sip(
      { ...desk, sent: false, atMs: one!.answeredAt! },
      {
        method: 'INVITE',
        status: 200,
        callId: one!.sipCallId,
        src: '1',
        dst: '2',
        sdp: sdp('198.18.0.1', 30_000),
      },
    );
    assert.deepEqual(codes(good, { evidence: { ...evidence, sip: [answer] } }), ['LOAD_GENERATOR_STALLED']);
  });

  it('passes on what broke in the harness', () => {
    assert.deepEqual(
      codes([...good, { atMs: 1, event: 'harness-failed', code: 'SIPP_DIED', message: 'x' }]),
      ['SIPP_DIED'],
    );
  });

  it('finds a load generator that placed too few calls, or placed one late', () => {
    const unplaced = (n: number) => calls.map((one, index) => (index < n ? { ...one, inviteAt: null } : one));
    assert.deepEqual(codes(good, { measured: unplaced(2) }), []);
    assert.deepEqual(codes(good, { measured: unplaced(3) }), ['LOAD_GENERATOR_STALLED']);
    assert.deepEqual(codes(good, { measured: calls.with(5, call(5, { atMs: 3501 })) }), [
      'LOAD_GENERATOR_STALLED',
    ]);
    assert.deepEqual(codes(good, { measured: calls.with(5, call(5, { atMs: 3500 })) }), []);
    assert.deepEqual(codes(good, { measured: unplaced(40) }), ['NOTHING_MEASURED']);
  });

  it('finds media that was sent off its beat, by the lab and only by the lab', () => {
    const gapsMs = new Map([
      [10, 45],
      [20, 45],
    ]);
    const stream = rtp(toCarrier, { packets: 100, gapsMs });
    const evidence = { ...emptyEvidence(healthy), rtp: [stream] };
    assert.deepEqual(codes(good, { evidence }), ['LOAD_GENERATOR_STALLED']);
    const relay = {
      ...evidence,
      rtp: [
        { ...stream, node: 'sbc' },
        { ...stream, sent: false },
      ],
    };
    assert.deepEqual(codes(good, { evidence: relay }), []);
  });
});

describe('pacingP99Ms', () => {
  const p99 = (stream: ReturnType<typeof rtp>) =>
    pacingP99Ms(healthy, { ...emptyEvidence(healthy), rtp: [stream] });

  it('is the 99th percentile of the distance from the due gap', () => {
    const gapsMs = new Map(Array.from({ length: 10 }, (_, i) => [i + 1, 20 + i]));
    assert.equal(p99(rtp(toCarrier, { packets: 1001, gapsMs })), 0);
    assert.equal(p99(rtp(toCarrier, { packets: 101, gapsMs })), 8);
    assert.equal(p99(rtp(toCarrier, { packets: 1 })), null);
  });

  it('excuses a pause with a marker, and one that the timestamps tell of', () => {
    const paused = () => rtp(toCarrier, { packets: 50, gapsMs: new Map([[25, 520]]) });
    assert.equal(p99(paused()), 500);
    const marked = paused();
    marked.marker[25] = 1;
    assert.equal(p99(marked), 0);
    const stamped = paused();
    for (let i = 25; i < 50; i++) stamped.timestamp[i]! += 500 * 8;
    assert.equal(p99(stamped), 0);
  });
});

describe('measure', () => {
  it('turns a measure that throws into a problem, and keeps the rest', async () => {
    const measures = await measure(
      healthy,
      good,
      emptyEvidence(healthy),
      (one) => (one.id === 'office-out-3' ? Promise.reject(new Error('torn tape')) : Promise.resolve(one)),
      () => null,
    );
    assert.equal(measures.calls.length, 40);
    const failed = measures.instrument.problems.filter(({ code }) => code === 'MEASURE_FAILED');
    assert.deepEqual(
      failed.map(({ summary }) => summary),
      ['what was heard in office-out-3 could not be worked out: torn tape'],
    );
  });
});
