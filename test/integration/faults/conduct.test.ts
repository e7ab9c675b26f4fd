import assert from 'node:assert/strict';
import { monotonicMs } from '../../../src/base/linux/clock.js';
import { NamespaceUdpSocket } from '../../../src/base/linux/udp-socket.js';
import { clearLink } from '../../../src/emulator/contract.js';
import type { StartedLab } from '../../../src/lab/lab.js';
import { LINK, allHold, disobeying, planOf, proofs, reasons, run } from './timeline-stand.js';

describe('the timeline on a real link', function () {
  it('proves loss in bursts, delay with jitter, copies and damage together, and that nothing is left', async () => {
    const plan = planOf('9s', [
      `at: 1.5s, impair: ${LINK}, from: sbc, delay: 30ms, jitter: 10ms, loss: { burst: { rate: 10%, length: 3 } }, duplicate: 5%, corrupt: 2%, for: 5s`,
    ]);
    const entries = await run(plan);
    allHold(entries, 'clear baseline', 'fault-1 applied', 'fault-1 healed', 'clear end');
    const applied = proofs(entries)['fault-1 applied'];
    assert.deepEqual(
      applied?.figures.map(({ from, what }) => `${from} ${what}`),
      [
        'sbc missing',
        'sbc delay',
        'sbc jitter',
        'sbc duplicate',
        'sbc loss-correlation',
        'sbc corrupt',
        'carrier-a missing',
        'carrier-a delay',
        'carrier-a duplicate',
      ],
    );
  });

  it('proves overlapping faults as what they come to, each packet by the rule it meets', async () => {
    const plan = planOf('8s', [
      `at: 1s, impair: ${LINK}, delay: 60ms, only: { port: 40000-40100 }, for: 5s`,
      `at: 1.2s, impair: ${LINK}, delay: 20ms, for: 4.8s`,
      `at: 4s, cut: ${LINK}, mode: one-way, from: sbc, for: 1s`,
    ]);
    const entries = await run(plan);
    allHold(
      entries,
      'clear baseline',
      'fault-1 applied',
      'fault-2 applied',
      'fault-3 applied',
      'fault-3 healed',
      'fault-1 healed',
      'fault-2 healed',
      'clear end',
    );
    const delays = proofs(entries)['fault-1 applied']?.impaired.map(({ rule, delayMs }) => [
      rule,
      Math.round((delayMs ?? 0) / 20) * 20,
    ]);
    assert.deepEqual(delays, [
      [null, 20],
      [0, 60],
      [null, 20],
      [0, 60],
    ]);
  });

  it('proves a rate by what a burst passes, overtaking, and an MTU', async () => {
    const plan = planOf('16s', [
      `at: 1s, impair: ${LINK}, from: sbc, rate: 512kbit, queue: { ms: 300 }, mtu: 1200, for: 6s`,
      `at: 8s, impair: ${LINK}, delay: 40ms, reorder: { share: 25% }, for: 4s`,
    ]);
    const entries = await run(plan);
    allHold(
      entries,
      'clear baseline',
      'fault-1 applied',
      'fault-1 healed',
      'fault-2 applied',
      'fault-2 healed',
      'clear end',
    );
    const figures = proofs(entries)['fault-1 applied']?.figures ?? [];
    for (const what of ['rate', 'too-long', 'longest'])
      assert.ok(
        figures.some((figure) => figure.what === what),
        what,
      );
  });

  it('proves slots by when probes come together, and how many', async () => {
    const plan = planOf('6s', [
      `at: 0.5s, impair: ${LINK}, from: sbc, slots: { every: 20ms, packets: 5 }, for: 4s`,
    ]);
    const entries = await run(plan);
    allHold(entries, 'clear baseline', 'fault-1 applied', 'fault-1 healed', 'clear end');
    const figures = proofs(entries)['fault-1 applied']?.figures ?? [];
    const held = (what: string) => figures.find((figure) => figure.what === what)?.holds;
    assert.deepEqual([held('slot'), held('slot-packets')], [true, true]);
  });

  it('proves each kind of cut by what is its own', async () => {
    const modes = ['blackhole', 'reject', 'carrier-down', 'one-way, from: sbc'];
    const found = await Promise.all(
      modes.map(async (mode) => {
        const entries = await run(planOf('3s', [`at: 0.5s, cut: ${LINK}, mode: ${mode}, for: 1.2s`]));
        allHold(entries, 'clear baseline', 'fault-1 applied', 'fault-1 healed', 'clear end');
        const figures = proofs(entries)['fault-1 applied']?.figures ?? [];
        const of = (what: string) => figures.filter((figure) => figure.what === what);
        return {
          missing: of('missing').map(({ achieved }) => achieved),
          refused: of('refused').map(({ achieved }) => (achieved ?? 0) > 0),
          reset: of('reset').map(({ achieved }) => achieved),
          met: proofs(entries)['fault-1 applied']?.cuts?.map(({ met }) => met),
          carrier: of('carrier').map(({ achieved }) => achieved),
        };
      }),
    );
    const both = <T>(value: T) => [value, value];
    const silent = { missing: both(1), refused: both(false), reset: both(0), carrier: both(1) };
    assert.deepEqual(found, [
      { ...silent, met: both('blackhole') },
      { ...silent, refused: both(true), reset: both(3), met: both('reject') },
      { ...silent, carrier: both(0), met: both('carrier-down') },
      { ...silent, missing: [1, 0], refused: [false], reset: [0], met: ['blackhole'] },
    ]);
  });

  it('proves a fast rate, and that of some packets only', async () => {
    const plan = planOf('11s', [
      `at: 0.5s, impair: ${LINK}, from: sbc, rate: 40Mbit, queue: { ms: 20 }, for: 3s`,
      `at: 4s, impair: ${LINK}, only: { port: 40000-40100 }, rate: 256kbit, burst: 4kB, queue: { ms: 100 }, for: 6s`,
    ]);
    const entries = await run(plan);
    const names = ['clear baseline', 'clear end'];
    for (const when of ['applied', 'healed']) names.push(`fault-1 ${when}`, `fault-2 ${when}`);
    const found = reasons(proofs(entries));
    assert.deepEqual(found, Object.fromEntries(Object.keys(found).map((name) => [name, 'holds'])));
    assert.deepEqual(Object.keys(found).sort(), names.sort());
    const rates = ['fault-1 applied', 'fault-2 applied'].map((name) =>
      proofs(entries)[name]?.figures.flatMap(({ what, rule, achieved }) =>
        what === 'rate' ? [[rule, achieved !== null]] : [],
      ),
    );
    assert.deepEqual(rates, [
      [[null, true]],
      [
        [0, true],
        [0, true],
      ],
    ]);
  });

  it('says of a rate that nobody can probe that it is not proven', async () => {
    const plan = planOf('3s', [`at: 0.5s, impair: ${LINK}, rate: 200Mbit, for: 1s`]);
    const entries = await run(plan);
    const applied = proofs(entries)['fault-1 applied'];
    const rate = applied?.figures.find(({ what }) => what === 'rate');
    assert.deepEqual([rate?.achieved, rate?.holds], [null, null]);
    assert.match(applied?.reason ?? '', /rate not measured \(the prober sends at most 100 Mbit\/s\)/);
    assert.equal(applied?.holds, false);
  });

  it('proves a block by meaning by what the emulator counted, and not if nothing came', async () => {
    const entry = `at: 1s, block: ${LINK}, only: { sip: { method: INVITE, first: 2 } }, for: 3s`;
    const invite = Buffer.from(
      'INVITE sip:x@198.18.2.2 SIP/2.0\r\nVia: SIP/2.0/UDP 198.18.2.1;branch=z9hG4bK1\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:x@b>\r\nCall-ID: 1\r\nCSeq: 1 INVITE\r\nContent-Length: 0\r\n\r\n',
    );
    const inviting = async (started: StartedLab) => {
      using socket = NamespaceUdpSocket.open(started.node('sbc').netnsPath, '198.18.2.1', 5060);
      const endMs = monotonicMs() + 3500;
      while (monotonicMs() < endMs) {
        socket.send(invite, '198.18.2.2', 5060);
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    };
    const entries = await run(planOf('6s', [entry]), { during: inviting });
    allHold(entries, 'clear baseline', 'fault-1 applied', 'fault-1 healed', 'clear end');
    const counted = proofs(entries)['fault-1 applied']?.figures.filter(({ by }) => by === 'counters');
    assert.deepEqual(
      counted?.map(({ from, achieved }) => [from, achieved]),
      [
        ['sbc', 2],
        ['carrier-a', 0],
      ],
    );
    const idle = reasons(proofs(await run(planOf('6s', [entry]))));
    assert.match(idle['fault-1 applied'] ?? '', /matched 0 where at least 1 was asked for/);
  });

  it('proves a replay by what was held and dropped, and says what it rests on', async () => {
    const trace = '{"deadair-trace":1,"end":"loop","source":"a bench"}\n{"delayMs":30}\n{"delayMs":null}\n';
    const plan = planOf('5s', [`at: 1s, impair: ${LINK}, trace: line.jsonl, for: 2s`], {
      'scenarios/line.jsonl': trace,
    });
    const entries = await run(plan);
    allHold(entries, 'clear baseline', 'fault-1 applied', 'fault-1 healed', 'clear end');
    const applied = proofs(entries)['fault-1 applied'];
    assert.ok(applied);
    assert.ok(applied.figures.every(({ what, achieved }) => what === 'changed' && (achieved ?? 0) > 100));
    assert.match(applied.declared.join(), /changes by itself \(a bench\)/);
    const idle = await run(plan, { sabotage: disobeying(() => clearLink) });
    assert.match(reasons(proofs(idle))['fault-1 applied'] ?? '', /changed 0 where at least 1 was asked for/);
  });
});
