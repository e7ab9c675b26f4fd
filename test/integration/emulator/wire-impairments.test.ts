import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { type DirectionState, clearDirection, clearLink } from '../../../src/emulator/contract.js';
import type { Match } from '../../../src/plan/impairment.js';
import { lossesOf } from '../../conformance/checks.js';
import { exchangeApart } from '../../conformance/traffic.js';
import { rtpPayload, sipPayload } from '../../fixtures/frames.js';
import { aToB, delayed, impaired, lossy, ruled } from '../../fixtures/impairments.js';
import { LINK, type WireStand, send, startWireStand } from './wire-stand.js';

const words = (arrived: { first: string }[]) =>
  arrived.map(({ first }) => first.replace(/ ?(sip:.*)?SIP\/2.0 ?/, ''));

describe('wire, by what packets are', () => {
  let stand: WireStand;

  beforeEach(async () => {
    stand = await startWireStand(5);
  });

  afterEach(() => stand[Symbol.asyncDispose]());

  const drop = (match: Match) => stand.wire.set(LINK, aToB(ruled(match, lossy(1))));

  it('drops the first INVITEs, so that a retransmission gets through', async () => {
    await drop({ sip: { method: 'INVITE', reinvite: false, first: 2 } });
    const invites = [1, 2, 3].map(() => sipPayload('INVITE'));
    assert.deepEqual(words(send(stand, [...invites, sipPayload('OPTIONS')])), ['INVITE', 'OPTIONS']);
    assert.deepEqual((await stand.wire.counters(LINK)).aToB.matched, [2]);
    await stand.wire.set(LINK, clearLink);
    assert.equal(send(stand, invites).length, 3);
  });

  it('drops all OPTIONS, or every 200 to INVITE, or re-INVITEs, and nothing else', async () => {
    const reinvite = sipPayload('INVITE', { to: '<sip:b@198.18.0.2>;tag=b' });
    const payloads = [
      sipPayload('OPTIONS'),
      sipPayload('INVITE'),
      reinvite,
      sipPayload('200 OK', { cseq: 'INVITE' }),
      sipPayload('200 OK', { cseq: 'BYE' }),
      sipPayload('180 Ringing'),
    ];
    const all = ['OPTIONS', 'INVITE', 'INVITE', '200 OK', '200 OK', '180 Ringing'];
    assert.deepEqual(words(send(stand, payloads)), all);
    await drop({ sip: { method: 'OPTIONS' } });
    assert.deepEqual(words(send(stand, payloads)), all.slice(1));
    await drop({ sip: { status: '2xx', method: 'INVITE' } });
    assert.deepEqual(
      words(send(stand, payloads)),
      all.filter((_, index) => index !== 3),
    );
    await drop({ sip: { reinvite: true } });
    assert.deepEqual(
      words(send(stand, payloads)),
      all.filter((_, index) => index !== 2),
    );
  });

  it('makes SIPp send an INVITE three times when it drops the first two', async () => {
    await drop({ sip: { method: 'INVITE', first: 2 } });
    const namespace = stand.right.netnsPath.split('/')[2]!;
    const callee = spawn(
      'nsenter',
      ['--net', '--target', namespace, 'sipp', '-sn', 'uas', '-i', '198.18.0.2', '-m', '1', '-nostdin'],
      {
        stdio: 'ignore',
      },
    );
    try {
      const bound = () => stand.right.run('ss', '-Huln').includes('198.18.0.2:5060');
      while (!bound()) await delay(20);
      stand.left.run(
        'sipp',
        '-sn',
        'uac',
        '-i',
        '198.18.0.1',
        '198.18.0.2:5060',
        '-m',
        '1',
        '-d',
        '0',
        '-nostdin',
        '-timeout',
        '20s',
        '-timeout_error',
      );
    } finally {
      callee.kill('SIGKILL');
    }
    const { aToB } = await stand.wire.counters(LINK);
    assert.deepEqual([aToB.matched, aToB.droppedByLoss], [[2], 2]);
  });

  it('delays 180 and lets all else pass it', async () => {
    await stand.wire.set(LINK, aToB(ruled({ sip: { status: 180 } }, delayed(150))));
    const arrived = send(stand, [sipPayload('180 Ringing'), sipPayload('200 OK')], 2);
    assert.deepEqual(words(arrived), ['200 OK', '180 Ringing']);
    assert.ok(arrived[1]!.tookMs >= 150);
  });

  it('drops the RTP of one source', async () => {
    await drop({ rtp: { ssrc: 7 } });
    const arrived = send(stand, [rtpPayload({ ssrc: 7 }), rtpPayload({ ssrc: 8 }), sipPayload('BYE')]);
    assert.equal(arrived.length, 2);
  });

  it('filters by address, port and DSCP, all of them', async () => {
    const passes = async (match: Match) => {
      await drop(match);
      return send(stand, ['x']).length === 1;
    };
    const IPPROTO_IP = 0;
    const IP_TOS = 1;
    stand.a.setOption(IPPROTO_IP, IP_TOS, 46 << 2);
    const exact: Match = {
      protocol: 'udp',
      source: '198.18.0.1',
      destination: '198.18.0.0/24',
      sourcePort: stand.a.port,
      destinationPort: [stand.b.port, stand.b.port],
      dscp: 46,
    };
    assert.ok(!(await passesOrEnd(exact)));
    for (const change of [
      { protocol: 'tcp' as const },
      { source: '198.18.0.3' },
      { sourcePort: 1 },
      { dscp: 0 },
    ])
      assert.ok(await passes({ ...exact, ...change }), JSON.stringify(change));
  });

  /** As a filter for everything drops the end mark too, it's looked at by counters. */
  async function passesOrEnd(match: Match): Promise<boolean> {
    await drop(match);
    stand.a.send(Buffer.from('x'), stand.b.address, stand.b.port);
    let seen = await stand.wire.counters(LINK);
    while (seen.aToB.dropped + seen.aToB.delivered === 0) seen = await stand.wire.counters(LINK);
    return seen.aToB.delivered > 0;
  }

  it('changes by itself along a profile', async () => {
    const profiled: DirectionState = {
      ...clearDirection,
      profile: {
        kind: 'time',
        name: 'tunnel',
        source: 'made up',
        steps: [
          { atMs: 0, impairment: impaired(lossy(1)) },
          { atMs: 200, impairment: impaired({}) },
        ],
        lengthMs: 400,
        end: 'loop',
      },
    };
    await stand.wire.set(LINK, aToB(profiled));
    const [records = []] = await exchangeApart([
      {
        from: { netnsPath: stand.left.netnsPath, address: '198.18.0.1', port: 0 },
        to: { netnsPath: stand.right.netnsPath, address: '198.18.0.2', port: 0 },
        count: 1200,
        gapMs: 1,
        frameBytes: 100,
        settleMs: 100,
      },
    ]);
    const runs = lossesOf(records)
      .map((lost) => (lost ? 'x' : '.'))
      .join('')
      .match(/x+|\.+/g)!;
    // Into the tunnel and out of it, three times in 1.2 s, and nothing in between.
    assert.ok(runs.length >= 5 && runs.length <= 7, `${runs.map((run) => run.length).join(' ')}`);
    for (const run of runs.slice(1, -1)) assert.ok(run.length > 60, `${run.length}`);
  });
});
