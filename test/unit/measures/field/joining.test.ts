import assert from 'node:assert/strict';
import { type CaptureAnalysis } from '../../../../src/run/analyze.js';
import { analyzed } from '../../../fixtures/analyzed.js';
import {
  type CallShape,
  CALLEE,
  CALLER,
  callPackets,
  mediaBack,
  mediaPackets,
} from '../../../fixtures/field.js';
import type { WirePacket } from '../../../fixtures/pcap.js';

const B2BUA = '198.18.0.15';

interface LegShape extends CallShape {
  from?: string;
  to?: string;
  users?: [from: string, to: string];
  header?: string;
}

/** Signalling of one leg between two hosts. */
function leg({ from = CALLER, to = CALLEE, users, header, ...shape }: LegShape): WirePacket[] {
  return callPackets(shape).map((packet) => {
    let payload = String(packet.payload);
    if (users)
      payload = payload
        .replaceAll('sip:1000@', `sip:${users[0]}@`)
        .replaceAll('sip:2000@', `sip:${users[1]}@`);
    if (header !== undefined) payload = payload.replace('Content-Length', `${header}\r\nContent-Length`);
    const [src, dst] = packet.src === CALLER ? [from, to] : [to, from];
    return { ...packet, src, dst, payload };
  });
}

/** Caller – B2BUA – callee; the second leg begins 100 ms later. */
function overB2bua(first: LegShape = {}, second: LegShape = {}): WirePacket[] {
  return [
    ...leg({ callId: 'one', to: B2BUA, calleeMedia: `${B2BUA}:42000`, ...first }),
    ...leg({
      callId: 'two',
      from: B2BUA,
      atMs: 100,
      answerMs: 2880,
      byeMs: 8920,
      callerMedia: `${B2BUA}:42002`,
      ...second,
    }),
  ];
}

const joinsOf = ({ calls }: CaptureAnalysis) =>
  calls.map(({ joins }) => joins.map(({ by, sure }) => [by, sure]));

describe('legs of one call', () => {
  it('are joined for certain by an address for media in both', async () => {
    const result = await analyzed(
      overB2bua({ users: ['1000', '2000'] }, { users: ['x', 'y'], callerMedia: `${CALLER}:40000` }),
    );
    assert.deepEqual(joinsOf(result), [[['media', 'certain']]]);
    const [call] = result.calls;
    assert.deepEqual([call?.legs.length, call?.from, call?.to], [2, '1000', '2000']);
  });

  it('are joined for certain by a header that names the other Call-ID', async () => {
    const result = await analyzed(overB2bua({}, { users: ['x', 'y'], header: 'X-Original-Call-ID: one' }));
    assert.deepEqual(joinsOf(result), [[['header', 'certain']]]);
  });

  it('are likely one call by a value that they alone share', async () => {
    const header = 'Session-ID: 5a2e9f01c4d86b7e';
    const result = await analyzed(overB2bua({ header }, { users: ['x', 'y'], header }));
    assert.deepEqual(joinsOf(result), [[['header', 'likely']]]);
    const third = leg({
      callId: 'three',
      users: ['u', 'v'],
      header,
      callerMedia: `${CALLER}:7000`,
      calleeMedia: `${CALLEE}:7002`,
    });
    const shared = await analyzed([...overB2bua({ header }, { users: ['x', 'y'], header }), ...third]);
    assert.equal(shared.calls.length, 3, 'a value of three legs tells nothing');
  });

  it('may be one call by users and time, as sure as these are', async () => {
    const same = await analyzed(overB2bua());
    assert.deepEqual(joinsOf(same), [[['user-and-time', 'likely']]]);
    const national = await analyzed(
      overB2bua({ users: ['1000', '+442079460123'] }, { users: ['7', '02079460123'] }),
    );
    assert.deepEqual(joinsOf(national), [[['user-and-time', 'possible']]]);
  });

  it('are not joined where it could be another', async () => {
    const other = leg({
      callId: 'another',
      to: B2BUA,
      atMs: 50,
      callerMedia: `${CALLER}:40100`,
      calleeMedia: `${B2BUA}:42100`,
    });
    const result = await analyzed([...overB2bua(), ...other]);
    assert.deepEqual(joinsOf(result), [[], [], []]);
  });

  it('are not joined by a port that a phone has for all of its calls', async () => {
    const calls = [0, 1, 2].map((n) =>
      overB2bua(
        { callId: `in-${n}`, users: [`a${n}`, `b${n}`], callerMedia: `${CALLER}:${40000 + 2 * n}` },
        { callId: `out-${n}`, users: [`c${n}`, `d${n}`], callerMedia: `${B2BUA}:${42100 + 2 * n}` },
      ),
    );
    // The B2BUA passes on what the callee announces, and that is the same for all.
    const packets = calls.flat().map((packet) => ({
      ...packet,
      payload: String(packet.payload).replace(
        `c=IN IP4 ${B2BUA}\r\nt=0 0\r\nm=audio 42000`,
        `c=IN IP4 ${CALLEE}\r\nt=0 0\r\nm=audio 50000`,
      ),
    }));
    assert.deepEqual(joinsOf(await analyzed(packets)), [[], [], [], [], [], []]);
  });

  it('give both ears, each at its own end, and who hung up', async () => {
    const packets = [
      ...overB2bua(),
      ...mediaPackets({ fromMs: 3020, toMs: 9000, dst: `${B2BUA}:42000` }),
      ...mediaBack({ fromMs: 3020, toMs: 9000, src: `${B2BUA}:42000` }),
      ...mediaPackets({ fromMs: 3020, toMs: 9000, src: `${B2BUA}:42002`, ssrc: 3 }),
    ];
    const result = await analyzed(packets);
    const [call] = result.calls;
    assert.equal(call?.endedBy, 'caller');
    // Captured at the B2BUA: every packet is from or to it.
    assert.deepEqual([call.ears.caller?.place, call.ears.callee?.place], ['at-sender', 'at-sender']);
    assert.match(call.ears.callee!.placeReason, /198\.18\.0\.15, which sends it/);
    assert.equal(call.streams.filter(({ towards }) => towards === 'callee').length, 2);
  });
});

describe('several captures of one call', () => {
  const media = [...mediaPackets({ fromMs: 3020, toMs: 9000 }), ...mediaBack({ fromMs: 3020, toMs: 9000 })];

  it('are one ladder, and each ear is taken from the capture at it', async () => {
    const call = [...callPackets(), ...media];
    const elsewhere = (address: string) =>
      mediaPackets({ fromMs: 0, toMs: 200, src: `${address}:7000`, dst: '198.18.0.99:7000', ssrc: 99 });
    const later = (packets: WirePacket[]) => packets.map((packet) => ({ ...packet, atMs: packet.atMs + 5 }));
    const result = await analyzed([...call, ...elsewhere(CALLER)], [...later(call), ...elsewhere(CALLEE)]);
    assert.equal(result.calls.length, 1);
    const [found] = result.calls;
    assert.equal(found?.legs[0]?.messages.length, callPackets().length);
    assert.ok(found.legs[0].messages.every(({ sights }) => sights.length === 2));
    const { caller, callee } = found.ears;
    assert.deepEqual(
      [caller?.file, caller?.place, callee?.file, callee?.place],
      ['0.pcap', 'at-ear', '1.pcap', 'at-ear'],
    );
    assert.deepEqual(result.clocks, []);
    assert.deepEqual(result.findings, []);
  });

  it('are put on one clock', async () => {
    const ahead = 4000;
    const later = [...callPackets(), ...media].map((packet) => ({ ...packet, atMs: packet.atMs + ahead }));
    const result = await analyzed([...callPackets(), ...media], later);
    assert.equal(result.clocks.length, 1);
    assert.ok(Math.abs(result.clocks[0]!.aheadMs - ahead) < 1, `${result.clocks[0]!.aheadMs}`);
    assert.equal(result.calls[0]?.legs[0]?.messages.length, callPackets().length);
    assert.deepEqual(result.findings, []);
  });
});
