import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { monotonicMs } from '../../../src/base/linux/clock.js';
import { Scope } from '../../../src/base/scope.js';
import { startWire } from '../../../src/emulator/wire.js';
import { conduct } from '../../../src/faults/conductor.js';
import { startLab, type StartedLab } from '../../../src/lab/lab.js';
import { netnsRuntime } from '../../../src/lab/netns.js';
import type { Runtime, StartedNode } from '../../../src/lab/runtime.js';
import { compilePlans } from '../../../src/plan/compile.js';
import type { Plan } from '../../../src/plan/types.js';
import type { FaultProof, JournalEntry } from '../../../src/runfolder/journal.js';
import { JournalWriter } from '../../../src/runfolder/journal-writer.js';
import { scenarioFiles } from '../../../src/runfolder/layout.js';
import { figureWords } from '../../../src/runfolder/proof-words.js';
import { loadWith } from '../../fixtures/inputs.js';

/** An SBC with a real SIP proxy and a program that always wants the processor, and a carrier that does nothing. */
const lab = (ready = 'udp-bound: 5060') =>
  `name: two-lines
description: A proxy.
nodes:
  - { name: desk, role: phone }
  - { name: lan, role: switch }
  - name: sbc
    role: sbc
    programs:
      - name: kamailio
        run: [kamailio, -DD, -E, -f, /run/node/configs/kamailio.cfg, -Y, /run]
        configs: [kamailio.cfg]
        ready: { sip-options: { address: '{{ip "sbc" "lan"}}', port: 5060 } }
      - name: busy
        run: [sh, -c, 'socat UDP-LISTEN:7000 - & while :; do :; done']
        ready: { ${ready.replace('5060', '7000')} }
  - { name: carrier-a, role: carrier }
links: [desk--lan, sbc--lan, sbc--carrier-a]
trunks: [{ name: a, carrier: carrier-a }]
numbers: { desk: '+12025550100', carrier-number: '+12025550142' }
`.replaceAll('"lan"', '"desk"');
const proxy = `children=2
disable_tcp=no
loadmodule "sl.so"
request_route { sl_send_reply("200", "OK"); }
`;

function planOf(duration: string, entries: string[]): Plan {
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
  const files = {
    'lab/two-lines/lab.yaml': lab(),
    'lab/two-lines/kamailio.cfg': proxy,
    'scenarios/cut.yaml': scenario,
  };
  const options = { seed: 5, defects: 'none', runtime: 'netns', emulator: 'wire', repeat: 1 } as const;
  const [plan] = compilePlans(loadWith(files), options);
  assert.ok(plan);
  return plan;
}

/** Runs a timeline on nodes that `spoil` may have spoilt; what the journal says. */
async function run(
  plan: Plan,
  spoil: (node: StartedNode) => void = () => undefined,
  during: (lab: StartedLab) => Promise<void> = () => Promise.resolve(),
): Promise<JournalEntry[]> {
  const folder = await mkdtemp(join(tmpdir(), 'deadair-'));
  const runtime: Runtime = {
    async startNode(node, scenarioFolder) {
      const started = await netnsRuntime.startNode(node, scenarioFolder);
      spoil(started);
      return started;
    },
  };
  try {
    await using scope = new Scope();
    const files = scenarioFiles(folder);
    for (const each of [files.captures, files.logs]) await mkdir(each, { recursive: true });
    for (const { name, programs } of plan.lab.nodes)
      for (const { file, text } of programs.flatMap(({ configs }) => configs)) {
        await mkdir(dirname(files.config(name, file)), { recursive: true });
        await writeFile(files.config(name, file), text);
      }
    const emulator = scope.use('wire', await startWire({ seed: 5 }));
    const { signal } = new AbortController();
    const parts = { runtime, emulator, startEndpoint: () => Promise.resolve(), signal };
    const started = scope.use('lab', await startLab(plan, folder, parts));
    const journal = new JournalWriter(files.journal);
    const epochMonotonicMs = monotonicMs();
    journal.setEpoch(epochMonotonicMs);
    const stage = { plan, lab: started, emulator, journal, epochMonotonicMs };
    await Promise.all([conduct(stage, signal), during(started)]);
    const text = await readFile(files.journal, 'utf8');
    return text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as JournalEntry);
  } finally {
    await rm(folder, { recursive: true });
  }
}

const proofs = (entries: JournalEntry[]): Record<string, FaultProof> =>
  Object.fromEntries(
    entries.flatMap((entry) =>
      entry.event === 'fault-proof' ? [[`${entry.fault} ${entry.when}`, entry.proof] as const] : [],
    ),
  );
const reasons = (entries: JournalEntry[]) =>
  Object.fromEntries(
    Object.entries(proofs(entries)).map(([name, { holds, reason }]) => [name, holds ? 'holds' : reason]),
  );
const boots = (entries: JournalEntry[]) =>
  entries.flatMap((entry) =>
    entry.event === 'boot' ? [`${entry.fault} ${entry.program ?? 'node'} ${entry.stage}`] : [],
  );
const held = (...faults: number[]) =>
  Object.fromEntries(
    faults.flatMap((n) => [
      [`fault-${n} applied`, 'holds'],
      [`fault-${n} healed`, 'holds'],
    ]),
  );

describe('faults of a real node', function () {
  this.timeout(60_000);

  it('power: dark at all of its peers and without a process, then booted program by program; links too', async () => {
    const plan = planOf('7s', [
      'at: 500ms, power: sbc, for: 1500ms',
      'at: 4s, impair: sbc--carrier-a, delay: 20ms, for: 1500ms',
    ]);
    const entries = await run(plan);
    assert.deepEqual(reasons(entries), held(1, 2));
    assert.deepEqual(proofs(entries)['fault-1 applied']?.figures.map(figureWords), [
      'at sbc: processes 0 where 0 was asked for',
      'at sbc: carriers 0 where 0 was asked for',
      'at sbc: sent 0 where 0 was asked for',
    ]);
    assert.deepEqual(boots(entries), [
      'fault-1 node interfaces',
      'fault-1 kamailio program',
      'fault-1 busy program',
      'fault-1 node ready',
    ]);
    const end = entries.find((entry) => entry.event === 'clear-proof' && entry.when === 'end');
    assert.ok(end?.event === 'clear-proof' && end.proof.holds);
  });

  it('power: a brown-out cuts each boot short, and the last one is whole', async () => {
    const entries = await run(
      planOf('6s', ['at: 500ms, power: sbc, for: 400ms, repeat: { times: 3, every: 460ms }']),
    );
    assert.deepEqual(reasons(entries), held(1, 2, 3));
    const found = boots(entries);
    assert.ok(
      found.includes('fault-1 node cut-short') && found.includes('fault-2 node cut-short'),
      found.join(),
    );
    assert.equal(found.at(-1), 'fault-3 node ready');
  });

  it('freeze: stopped, its sockets open, OPTIONS unanswered; and it goes on', async () => {
    const entries = await run(planOf('4s', ['at: 500ms, freeze: sbc, for: 1500ms']));
    assert.deepEqual(reasons(entries), held(1));
    const [stopped, sockets, answered] = proofs(entries)['fault-1 applied']?.figures ?? [];
    assert.equal(stopped?.achieved, 1);
    assert.ok((sockets?.achieved ?? 0) >= 4, 'UDP and TCP of Kamailio on both sides, and socat');
    assert.equal(answered?.achieved, 0);
    assert.ok((proofs(entries)['fault-1 healed']?.figures[1]?.achieved ?? 0) >= 2);
  });

  it('crash: the program and all that it started, and nothing else; started again it is ready', async () => {
    const entries = await run(
      planOf('4s', ['at: 500ms, crash: sbc, program: kamailio, signal: SEGV, restart-after: 1s']),
    );
    assert.deepEqual(reasons(entries), held(1));
    const [ended, others] = proofs(entries)['fault-1 applied']?.figures ?? [];
    assert.ok((ended?.achieved ?? 0) >= 5, 'Kamailio is several processes');
    assert.equal(others?.achieved, 1);
    assert.deepEqual(boots(entries), ['fault-1 kamailio program']);
  });

  it('crash: a program that does not come up again is told, and is no flaw of the proof', async () => {
    const entries = await run(
      planOf('4s', ['at: 500ms, crash: sbc, program: kamailio, restart-after: 1s']),
      undefined,
      async (started) => {
        const config = [
          'sh',
          '-c',
          'umount /run/node/configs 2>/dev/null; mount -t tmpfs none /run/node/configs',
        ];
        await started.node('sbc').run(config);
      },
    );
    assert.deepEqual(reasons(entries), held(1));
    assert.deepEqual(boots(entries), ['fault-1 kamailio failed']);
  });

  it('starve: gets what it was left and waits for more, and nothing stays behind', async () => {
    const entries = await run(planOf('5s', ['at: 500ms, starve: sbc, cpu: 10%, for: 3s']));
    assert.deepEqual(reasons(entries), held(1));
    const [cpu, throttled] = proofs(entries)['fault-1 applied']?.figures ?? [];
    assert.ok((cpu?.achieved ?? 1) > 0.05 && (cpu?.achieved ?? 1) < 0.12, String(cpu?.achieved));
    assert.ok((throttled?.achieved ?? 0) > 10);
    const tree = existsSync('/sys/fs/cgroup/cpu') ? '/sys/fs/cgroup/cpu' : '/sys/fs/cgroup';
    assert.deepEqual(
      (await readdir(tree)).filter((name) => name.startsWith(`deadair-${process.pid}-`)),
      [],
    );
  });

  it('does not believe a runtime that does nothing', async () => {
    const nothing = () => Promise.resolve();
    const plan = planOf('6s', [
      'at: 500ms, power: sbc, for: 500ms',
      'at: 2s, freeze: sbc, for: 1s',
      'at: 4s, starve: carrier-a, cpu: 50%, for: 1s',
    ]);
    const entries = await run(plan, (node) => {
      Object.assign(node, { powerOff: nothing, powerOn: nothing, freeze: nothing, thaw: nothing });
    });
    const found = reasons(entries);
    assert.match(found['fault-1 applied'] ?? '', /processes \d+ where 0 .* carriers 2 where 0 was asked for/);
    assert.match(
      found['fault-2 applied'] ?? '',
      /stopped 0 % where 100 % .* answered \d+ where 0 was asked for/,
    );
    assert.match(
      found['fault-3 applied'] ?? '',
      /throttled 0 where at least 1 was asked for/,
      'it never wanted more',
    );
  });
});
