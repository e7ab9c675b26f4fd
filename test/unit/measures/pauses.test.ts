import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { signatureKey } from '../../../src/audio/signature.js';
import type { RtpStream } from '../../../src/evidence/types.js';
import { startHearing } from '../../../src/measures/audio.js';
import { indexCalls, measureCall } from '../../../src/measures/calls.js';
import { holesOf } from '../../../src/measures/holes.js';
import { withoutPauses } from '../../../src/measures/pauses.js';
import { talkerProblems } from '../../../src/measures/talkers.js';
import { injectedTruth } from '../../../src/measures/truth.js';
import { arrivedStream, type Arrived } from '../../fixtures/encoding.js';
import { ear, emptyEvidence } from '../../fixtures/measures.js';
import { ADDRESS, sdp, sip } from '../../fixtures/messages.js';
import { pausing } from '../../fixtures/pausing.js';
import { plan, plannedCall } from '../../fixtures/plans.js';
import { signed } from '../../fixtures/streams.js';

const [ANSWERED, ENDED] = [3000, 17_000];
const INVITE = { method: 'INVITE' };
const [up, down] = [
  { src: ADDRESS.desk, dst: ADDRESS.sbcLan },
  { src: ADDRESS.sbcLan, dst: ADDRESS.desk },
];
const atDesk = (atMs: number, sent: boolean) => ({ node: 'desk', interface: 'sbc', sent, atMs });
const atCarrier = (atMs: number, sent: boolean) => ({ node: 'carrier-b', interface: 'firewall', sent, atMs });
const messages = [
  sip(atDesk(1000, true), { ...INVITE, ...up, sdp: sdp(ADDRESS.desk, 10_000) }),
  sip(atCarrier(1002, false), {
    ...INVITE,
    src: ADDRESS.sbcB,
    dst: ADDRESS.carrierB,
    sdp: sdp(ADDRESS.sbcB, 30_002),
  }),
  sip(atCarrier(ANSWERED, true), {
    ...INVITE,
    src: ADDRESS.carrierB,
    dst: ADDRESS.sbcB,
    status: 200,
    sdp: sdp(ADDRESS.carrierB, 20_000),
  }),
  sip(atDesk(ANSWERED, false), { ...INVITE, ...down, status: 200, sdp: sdp(ADDRESS.sbcLan, 30_000) }),
  sip(atDesk(ENDED, true), { method: 'BYE', ...up, cseq: 2 }),
];
const key = (voice: 'from-caller' | 'from-callee') => signatureKey(7, 'office-out-1', voice);
const at = (address: string, port: number) => ({ address, port });
const carrier = { file: 'captures/carrier-b.firewall.pcap', node: 'carrier-b', interface: 'firewall' };

/** The caller pauses; `reaches` of what it sent comes to the carrier. */
async function heard(
  folder: string,
  reaches: (packet: Arrived) => boolean,
  said = pausing(key('from-caller'), ANSWERED, ENDED),
) {
  const answer = signed(key('from-callee'), ANSWERED, ENDED).map((one) => ({ ...one, payloadType: 0 }));
  const later = (packets: Arrived[]) => packets.map((one) => ({ ...one, atMs: one.atMs + 4 }));
  const rtp: RtpStream[] = [
    { ...arrivedStream(said), sent: true, src: at(ADDRESS.desk, 10_000), dst: at(ADDRESS.sbcLan, 30_000) },
    { ...arrivedStream(later(said.filter(reaches))), ...carrier, dst: at(ADDRESS.carrierB, 20_000) },
    { ...arrivedStream(answer), ...carrier, sent: true, src: at(ADDRESS.carrierB, 20_000) },
    { ...arrivedStream(later(answer)), dst: at(ADDRESS.desk, 10_000) },
  ];
  const planned = plannedCall(1);
  const of = plan({ calls: [planned] });
  const index = indexCalls(of, { ...emptyEvidence(of), sip: messages, rtp });
  const measured = measureCall(planned, index);
  const call = await (await startHearing(folder))(measured, index, [measured]);
  return { call, problems: talkerProblems(index, injectedTruth(of, []), [measured]) };
}

describe('pauses', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'deadair-pauses-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('that are heard as comfort noise are no dead air, and their talker is no stalled one', async () => {
    const { call, problems } = await heard(folder, () => true);
    assert.deepEqual(problems, []);
    assert.deepEqual([call.oneWay, call.deadAir, holesOf(call)], [false, false, []]);
    assert.ok((call.ears?.callee.heardShare ?? 0) > 0.95, `${call.ears?.callee.heardShare}`);
    assert.deepEqual(call.ears?.callee.outages, []);
    const noise = call.ears?.callee.segments.filter((segment) => segment.class === 'comfort-noise');
    assert.equal(noise?.length, 2);
  });

  it('do not excuse words that are missing', async () => {
    const { call } = await heard(folder, ({ atMs }) => atMs < 10_000 || atMs > 10_800);
    assert.equal(call.oneWay, true);
    const [hole] = holesOf(call) ?? [];
    assert.ok(
      hole && Math.abs(hole.startMs - 10_000) < 80 && Math.abs(hole.endMs - 10_800) < 80,
      JSON.stringify(hole),
    );
  });

  it('stay outages where the noise that tells them never came', async () => {
    const { call } = await heard(folder, ({ payloadType }) => payloadType !== 13);
    assert.equal(call.oneWay, true);
  });

  it('that no comfort noise told are the harness that stalled', async () => {
    const said = pausing(key('from-caller'), ANSWERED, ENDED).filter(({ payloadType }) => payloadType !== 13);
    const { problems } = await heard(folder, () => true, said);
    assert.deepEqual(
      problems.map(({ code }) => code),
      ['LOAD_GENERATOR_STALLED'],
    );
  });

  it('leave nothing to judge where they are all of the call', () => {
    const up = { startMs: 0, endMs: 4000 };
    const silent = ear({
      heardShare: 0,
      outages: [up],
      segments: [{ fromMs: 0, toMs: 4000, class: 'comfort-noise' }],
    });
    assert.equal(withoutPauses(silent, [up], up).heardShare, null);
    assert.equal(withoutPauses(silent, [], up), silent);
  });
});
