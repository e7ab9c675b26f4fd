import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { signatureKey } from '../../../src/audio/signature.js';
import { ToneSource } from '../../../src/audio/tones.js';
import type { RtpStream } from '../../../src/evidence/types.js';
import { readWav } from '../../../src/evidence/wav.js';
import { startHearing } from '../../../src/measures/audio.js';
import { indexCalls, measureCall } from '../../../src/measures/calls.js';
import { emptyEvidence } from '../../fixtures/measures.js';
import { ADDRESS, sdp, sip } from '../../fixtures/messages.js';
import { plan, plannedCall } from '../../fixtures/plans.js';
import { packetize, signed, streamOf, type Packet } from '../../fixtures/streams.js';

const ANSWERED = 3000;
const ENDED = 7000;
const INVITE = { method: 'INVITE' };
const down = { src: ADDRESS.sbcLan, dst: ADDRESS.desk };
const atDesk = (atMs: number, sent: boolean) => ({ node: 'desk', interface: 'sbc', sent, atMs });
const atCarrier = (atMs: number, sent: boolean) => ({ node: 'carrier-b', interface: 'firewall', sent, atMs });
const messages = [
  sip(atDesk(1000, true), {
    ...INVITE,
    src: ADDRESS.desk,
    dst: ADDRESS.sbcLan,
    sdp: sdp(ADDRESS.desk, 10_000),
  }),
  sip(atCarrier(1002, false), { ...INVITE, src: ADDRESS.sbcB, dst: ADDRESS.carrierB }),
  sip(atDesk(1100, false), { ...INVITE, ...down, status: 183, sdp: sdp(ADDRESS.sbcLan, 30_000) }),
  sip(atCarrier(ANSWERED - 2, true), {
    ...INVITE,
    src: ADDRESS.carrierB,
    dst: ADDRESS.sbcB,
    status: 200,
    sdp: sdp(ADDRESS.carrierB, 20_000),
  }),
  sip(atDesk(ANSWERED, false), { ...INVITE, ...down, status: 200 }),
  sip(atDesk(ENDED, true), { method: 'BYE', src: ADDRESS.desk, dst: ADDRESS.sbcLan, cseq: 2 }),
];

const key = (voice: 'from-caller' | 'from-callee', call = 'office-out-1') => signatureKey(7, call, voice);
const toDesk = (packets: Packet[], ssrc = 1): RtpStream => ({
  ...streamOf(packets, { ssrc }),
  dst: { address: ADDRESS.desk, port: 10_000 },
});
const toCarrier = (packets: Packet[]): RtpStream => ({
  ...streamOf(packets),
  file: 'captures/carrier-b.firewall.pcap',
  node: 'carrier-b',
  interface: 'firewall',
  dst: { address: ADDRESS.carrierB, port: 20_000 },
});
const callee = signed(key('from-callee'), ANSWERED, ENDED, { delayMs: 4 });
const caller = signed(key('from-caller'), ANSWERED, ENDED, { delayMs: 4 });

describe('startHearing', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'deadair-audio-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const heard = async (...rtp: RtpStream[]) => {
    const planned = plannedCall(1);
    const of = plan({ calls: [planned] });
    const index = indexCalls(of, { ...emptyEvidence(of), sip: messages, rtp });
    const call = measureCall(planned, index);
    const hear = await startHearing(folder);
    return hear(call, index, [call]);
  };

  it('hears both sides, and leaves recordings of what they heard', async () => {
    const call = await heard(toDesk(callee), toCarrier(caller));
    assert.deepEqual([call.ears?.caller.class, call.ears?.callee.class], ['correct', 'correct']);
    assert.ok((call.ears?.caller.heardShare ?? 0) > 0.98);
    assert.deepEqual([call.oneWay, call.deadAir, call.oneWayAtEnd], [false, false, false]);
    const recording = 'audio/office-out-1.wav';
    assert.deepEqual([call.ears?.caller.recording, call.ears?.callee.recording], [recording, recording]);
    const { channels, sampleRate } = await readWav(join(folder, recording));
    const samples = (ENDED - ANSWERED) * 8;
    assert.deepEqual([channels.map(({ length }) => length), sampleRate], [[samples, samples], 8000]);
  });

  it('records the caller’s ear on the left, the callee’s on the right', async () => {
    const loudness = (samples: Float32Array) => samples.reduce((sum, sample) => sum + Math.abs(sample), 0);
    const toCallerOnly = await heard(toDesk(callee));
    const { channels } = await readWav(join(folder, toCallerOnly.ears?.caller.recording ?? ''));
    assert.ok(loudness(channels[0]!) > 1000);
    assert.equal(loudness(channels[1]!), 0);
    assert.deepEqual(
      [toCallerOnly.ears?.callee.class, toCallerOnly.ears?.callee.recording],
      ['nothing', null],
    );
  });

  it('calls it one-way when nothing arrived at one ear, and records nothing there', async () => {
    const call = await heard(toCarrier(caller));
    assert.deepEqual([call.ears?.caller.class, call.ears?.caller.recording], ['nothing', null]);
    assert.deepEqual([call.oneWay, call.deadAir, call.oneWayAtEnd], [true, false, true]);
  });

  it('is not deceived by packets that carry another voice', async () => {
    const echo = signed(key('from-caller'), ANSWERED, ENDED, { delayMs: 4 });
    const call = await heard(toDesk(echo), toCarrier(caller));
    assert.equal(call.ears?.caller.class, 'echo');
    assert.equal(call.oneWay, true);
  });

  it('finds when a tone in early media was first heard, and nothing where none was', async () => {
    const tone = packetize({ source: new ToneSource('ringback-us'), fromMs: 1500, toMs: ANSWERED });
    const rang = await heard(toDesk(tone, 2), toDesk(callee), toCarrier(caller));
    assert.ok(Math.abs((rang.audibleRingbackAt ?? 0) - 1550) <= 20, `${rang.audibleRingbackAt}`);
    const mute = await heard(toDesk(callee), toCarrier(caller));
    assert.equal(mute.audibleRingbackAt, null);
  });
});
