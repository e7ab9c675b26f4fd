import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monotonicMs } from '../../../src/base/linux/clock.js';
import { NamespaceUdpSocket } from '../../../src/base/linux/udp-socket.js';
import { Scope } from '../../../src/base/scope.js';
import { clearDirection, clearLink, type Emulator, type LinkState } from '../../../src/emulator/contract.js';
import { startWire } from '../../../src/emulator/wire.js';
import { conduct } from '../../../src/faults/conductor.js';
import { startLab, type StartedLab } from '../../../src/lab/lab.js';
import { netnsRuntime } from '../../../src/lab/netns.js';
import { compilePlans } from '../../../src/plan/compile.js';
import { impairmentOf } from '../../../src/plan/impairments.js';
import type { Plan } from '../../../src/plan/types.js';
import type { FaultProof, JournalEntry } from '../../../src/runfolder/journal.js';
import { JournalWriter } from '../../../src/runfolder/journal-writer.js';
import { scenarioFiles } from '../../../src/runfolder/layout.js';
import { loadWith } from '../../fixtures/inputs.js';

/** An SBC between an office and a carrier, of hosts that do nothing. */
const lab = `name: two-lines
description: Hosts.
nodes:
  - { name: desk, role: phone }
  - { name: sbc, role: sbc }
  - { name: carrier-a, role: carrier }
links: [desk--sbc, sbc--carrier-a]
trunks: [{ name: a, carrier: carrier-a }]
numbers: { desk: '+12025550100', carrier-number: '+12025550142' }
`;
const LINK = 'sbc--carrier-a';

function planOf(duration: string, entries: string[], files: Record<string, string> = {}): Plan {
  const scenario = `name: cut
title: Faults
story: They come.
lab: two-lines
duration: ${duration}
traffic: [{ name: out, from: desk, to: carrier-number, rate: 1/s, hold: 1s }]
timeline:
${entries.map((entry) => `  - { ${entry} }`).join('\n')}
expect: [{ one-way-audio: none }]
`;
  const [plan] = compilePlans(
    loadWith({ ...files, 'lab/two-lines/lab.yaml': lab, 'scenarios/cut.yaml': scenario }),
    {
      seed: 5,
      defects: 'none',
      runtime: 'netns',
      emulator: 'wire',
      repeat: 1,
    },
  );
  assert.ok(plan);
  return plan;
}

/** Runs a timeline, by an emulator that `sabotage` may have spoilt; what the journal says. */
async function run(
  plan: Plan,
  sabotage: (emulator: Emulator) => Emulator = (emulator) => emulator,
  during: (lab: StartedLab) => Promise<void> = () => Promise.resolve(),
): Promise<JournalEntry[]> {
  const folder = await mkdtemp(join(tmpdir(), 'deadair-'));
  try {
    await using scope = new Scope();
    const files = scenarioFiles(folder);
    await mkdir(files.captures, { recursive: true });
    await mkdir(files.logs, { recursive: true });
    const emulator = sabotage(scope.use('wire', await startWire({ seed: 5 })));
    const { signal } = new AbortController();
    const started = scope.use(
      'lab',
      await startLab(plan, folder, {
        runtime: netnsRuntime,
        emulator,
        startEndpoint: () => Promise.resolve(),
        signal,
      }),
    );
    const journal = new JournalWriter(files.journal);
    const epochMonotonicMs = monotonicMs();
    journal.setEpoch(epochMonotonicMs);
    await Promise.all([
      conduct({ plan, lab: started, emulator, journal, epochMonotonicMs }, signal),
      during(started),
    ]);
    const text = await readFile(files.journal, 'utf8');
    return text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as JournalEntry);
  } finally {
    await rm(folder, { recursive: true });
  }
}

function proofs(entries: JournalEntry[]): Record<string, FaultProof> {
  const found: Record<string, FaultProof> = {};
  for (const entry of entries)
    if (entry.event === 'fault-proof') found[`${entry.fault} ${entry.when}`] = entry.proof;
    else if (entry.event === 'clear-proof') found[`clear ${entry.when}`] = entry.proof;
  return found;
}
const reasons = (found: Record<string, FaultProof>) =>
  Object.fromEntries(
    Object.entries(found).map(([name, { holds, reason }]) => [name, holds ? 'holds' : reason]),
  );
const allHold = (entries: JournalEntry[], ...names: string[]) => {
  const found = reasons(proofs(entries));
  assert.deepEqual(found, Object.fromEntries(names.map((name) => [name, 'holds'])));
};

/** An emulator that does something else than it is told. */
const disobeying =
  (change: (state: LinkState) => LinkState) =>
  (emulator: Emulator): Emulator => ({
    connect: (link) => emulator.connect(link),
    set: (link, state) => emulator.set(link, change(state)),
    counters: (link) => emulator.counters(link),
    onFailure: (listener) => emulator.onFailure(listener),
    [Symbol.asyncDispose]: () => emulator[Symbol.asyncDispose](),
  });

describe('the timeline on a real link', () => {
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
        'sbc duplicate',
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
    assert.ok(figures.some(({ what }) => what === 'rate') && figures.some(({ what }) => what === 'too-long'));
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
    const entries = await run(planOf('6s', [entry]), undefined, inviting);
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
    const idle = await run(
      plan,
      disobeying(() => clearLink),
    );
    assert.match(reasons(proofs(idle))['fault-1 applied'] ?? '', /changed 0 where at least 1 was asked for/);
  });

  it('does not believe an emulator that does nothing, half, or too much', async () => {
    const plan = planOf('4s', [`at: 0.5s, impair: ${LINK}, delay: 40ms, loss: 20%, for: 2s`]);
    const instead = async (fields: Parameters<typeof impairmentOf>[0]) => {
      const state = { ...clearDirection, otherwise: impairmentOf(fields) };
      const entries = await run(
        plan,
        disobeying(() => ({ aToB: state, bToA: state })),
      );
      return reasons(proofs(entries))['fault-1 applied'] ?? '';
    };
    const [nothing, half, tooMuch] = await Promise.all([
      instead({}),
      instead({ delay: 40, loss: { random: 0.08 } }),
      instead({ delay: 160, loss: { random: 0.2 } }),
    ]);
    assert.match(nothing, /missing 0 % .* where 20 % was asked for.*delay/);
    assert.match(half, /missing .* where 20 % was asked for/);
    assert.match(tooMuch, /delay 16\d\.\d ms .* where 40.0 ms was asked for/);
  });

  it('finds what is hidden in a link that should be clear', async () => {
    const state = { ...clearDirection, otherwise: impairmentOf({ loss: { random: 0.03 } }) };
    const leaking = (told: LinkState): LinkState =>
      told.aToB.cut === null ? { aToB: state, bToA: clearDirection } : told;
    const entries = await run(planOf('4s', [`at: 1s, cut: ${LINK}, for: 1s`]), disobeying(leaking));
    const found = reasons(proofs(entries));
    assert.equal(found['clear baseline'], 'holds');
    assert.match(found['clear end'] ?? '', /missing .* where 0 % was asked for/);
  });
});
