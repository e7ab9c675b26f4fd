import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { monotonicMs } from '../../../src/base/linux/clock.js';
import { packageFolder } from '../../../src/base/package.js';
import { Scope } from '../../../src/base/scope.js';
import { startWire } from '../../../src/emulator/wire.js';
import { conduct } from '../../../src/faults/conductor.js';
import { startLab } from '../../../src/lab/lab.js';
import { netnsRuntime } from '../../../src/lab/netns.js';
import type { Runtime, StartedNode } from '../../../src/lab/runtime.js';
import { compilePlans } from '../../../src/plan/compile.js';
import type { Plan } from '../../../src/plan/types.js';
import type { JournalEntry } from '../../../src/runfolder/journal.js';
import { JournalWriter } from '../../../src/runfolder/journal-writer.js';
import { scenarioFiles } from '../../../src/runfolder/layout.js';
import { edited, loadWith } from '../../fixtures/inputs.js';

const shipped = (file: string) => readFileSync(join(packageFolder(), 'lab', file), 'utf8');

/** The nameservers of named-trunks as they are shipped, and nobody who calls. */
function planOf(duration: string, entries: string[]): Plan {
  const whole = shipped('named-trunks/lab.yaml');
  const programs = /      - name: resolv-conf[^]*?(?=  - \{ name: edge,)/.exec(whole)?.[0] ?? '';
  const lab = edited(edited(whole, programs, ''), '    image: sbc\n    programs:\n', '');
  const scenario = `name: cut
title: Faults
story: They come.
lab: named-trunks
duration: ${duration}
traffic: [{ name: out, from: desk, to: carrier-number, rate: 1/s, hold: 1s }]
timeline:
${entries.map((entry) => `  - { ${entry} }`).join('\n')}
expect: [{ one-way-audio: none }]
`;
  const configs = ['ns/nsd.conf.hbs', 'ns/trunk.test.zone.hbs', 'resolver/unbound.conf.hbs'];
  const files = {
    'lab/named-trunks/lab.yaml': lab,
    ...Object.fromEntries(
      configs.map((file) => [`lab/named-trunks/${file}`, shipped(`named-trunks/${file}`)]),
    ),
    'lab/shared/nameserver/dnsdist.conf.hbs': shipped('shared/nameserver/dnsdist.conf.hbs'),
    'lab/images/nameserver/image.yaml': shipped('images/nameserver/image.yaml'),
    'lab/images/router/image.yaml': shipped('images/router/image.yaml'),
    'lab/images/sipp/image.yaml': shipped('images/sipp/image.yaml'),
    'scenarios/cut.yaml': scenario,
  };
  const options = { seed: 5, defects: 'none', runtime: 'netns', emulator: 'wire', repeat: 1 } as const;
  const [plan] = compilePlans(loadWith(files), options);
  assert.ok(plan);
  return plan;
}

/** Runs a timeline on nodes that `spoil` may have spoilt; why each proof holds or doesn't. */
async function run(plan: Plan, spoil: (node: StartedNode) => void = () => undefined): Promise<string[]> {
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
    const lab = scope.use('lab', await startLab(plan, folder, parts));
    const journal = new JournalWriter(files.journal);
    const epochMonotonicMs = monotonicMs();
    journal.setEpoch(epochMonotonicMs);
    await conduct({ plan, lab, emulator, journal, epochMonotonicMs }, signal);
    const lines = (await readFile(files.journal, 'utf8')).trimEnd().split('\n');
    return lines.flatMap((line) => {
      const entry = JSON.parse(line) as JournalEntry;
      if (entry.event !== 'fault-proof') return [];
      const { holds, reason } = entry.proof;
      return [`${entry.fault} ${entry.when}: ${holds ? 'holds' : reason}`];
    });
  } finally {
    await rm(folder, { recursive: true });
  }
}

const held = (count: number) =>
  Array.from({ length: count }, (_, index) =>
    ['applied', 'healed'].map((when) => `fault-${index + 1} ${when}: holds`),
  ).flat();

describe('faults of real nameservers', function () {
  this.timeout(60_000);

  it('of every kind take hold and go, those of one zone at once too', async () => {
    const proofs = await run(
      planOf('9500ms', [
        'at: 400ms, dns: resolver-a, reply: none, for: 1200ms',
        'at: 2200ms, dns: resolver-a, reply: refused, for: 1200ms',
        'at: 4s, dns: resolver-a, reply: servfail, for: 1200ms',
        'at: 5800ms, dns: resolver-a, reply: stale, record: gw.trunk.test, for: 2600ms',
        'at: 6200ms, dns: ns, reply: changed, record: gw.trunk.test, gives: [carrier-b], for: 1600ms',
        'at: 600ms, dns: resolver-b, reply: slow, delay: 300ms, for: 1800ms',
        'at: 3200ms, dns: resolver-b, reply: nxdomain, record: gw.trunk.test, for: 1200ms',
        "at: 800ms, dns: ns, reply: changed, record: _sip._udp.trunk.test, gives: ['10 100 5060 edge-b.trunk.test'], for: 2s",
        'at: 1400ms, dns: ns, reply: nxdomain, record: edge-a.trunk.test, for: 2400ms',
      ]),
    );
    assert.deepEqual(proofs.sort(), held(9).sort());
  });

  it('that a server does not obey are told', async () => {
    const deaf = (node: StartedNode) => {
      const run = node.run.bind(node);
      node.run = (command, input) => (command.includes('-e') ? Promise.resolve('') : run(command, input));
    };
    const proofs = await run(planOf('2s', ['at: 200ms, dns: resolver-a, reply: refused, for: 900ms']), deaf);
    assert.match(proofs[0] ?? '', /^fault-1 applied: at resolver-a: replies 0 where [1-9] was asked for/);
    assert.equal(proofs[1], 'fault-1 healed: holds');
  });
});
