import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monotonicMs } from '../../../src/base/linux/clock.js';
import { Scope } from '../../../src/base/scope.js';
import type { Emulator, LinkState } from '../../../src/emulator/contract.js';
import { startWire } from '../../../src/emulator/wire.js';
import { conduct } from '../../../src/faults/conductor.js';
import { startLab, type StartedLab } from '../../../src/lab/lab.js';
import { netnsRuntime } from '../../../src/lab/netns.js';
import { compilePlans } from '../../../src/plan/compile.js';
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
export const LINK = 'sbc--carrier-a';

export function planOf(duration: string, entries: string[], files: Record<string, string> = {}): Plan {
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
export async function run(
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

export function proofs(entries: JournalEntry[]): Record<string, FaultProof> {
  const found: Record<string, FaultProof> = {};
  for (const entry of entries)
    if (entry.event === 'fault-proof') found[`${entry.fault} ${entry.when}`] = entry.proof;
    else if (entry.event === 'clear-proof') found[`clear ${entry.when}`] = entry.proof;
  return found;
}
export const reasons = (found: Record<string, FaultProof>) =>
  Object.fromEntries(
    Object.entries(found).map(([name, { holds, reason }]) => [name, holds ? 'holds' : reason]),
  );
export const allHold = (entries: JournalEntry[], ...names: string[]) => {
  const found = reasons(proofs(entries));
  assert.deepEqual(found, Object.fromEntries(names.map((name) => [name, 'holds'])));
};

/** An emulator that does something else than it is told. */
export const disobeying =
  (change: (state: LinkState) => LinkState) =>
  (emulator: Emulator): Emulator => ({
    connect: (link) => emulator.connect(link),
    set: (link, state) => emulator.set(link, change(state)),
    counters: (link) => emulator.counters(link),
    onFailure: (listener) => emulator.onFailure(listener),
    [Symbol.asyncDispose]: () => emulator[Symbol.asyncDispose](),
  });
