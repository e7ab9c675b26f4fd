import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { monotonicMs } from '../../../src/base/linux/clock.js';
import { Scope } from '../../../src/base/scope.js';
import type { Emulator, LinkState } from '../../../src/emulator/contract.js';
import { startWire } from '../../../src/emulator/wire.js';
import { conduct } from '../../../src/faults/conductor.js';
import { startLab, type LabParts, type StartedLab } from '../../../src/lab/lab.js';
import { netnsRuntime } from '../../../src/lab/netns.js';
import type { Runtime, StartedNode } from '../../../src/lab/runtime.js';
import { compilePlans } from '../../../src/plan/compile.js';
import type { Plan } from '../../../src/plan/types.js';
import type { FaultProof, JournalEntry } from '../../../src/runfolder/journal.js';
import { JournalWriter } from '../../../src/runfolder/journal-writer.js';
import { scenarioFiles } from '../../../src/runfolder/layout.js';
import { loadWith } from '../../fixtures/inputs.js';

/** An SBC between an office and a carrier, of hosts that do nothing. */
const HOSTS = `name: two-lines
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

/** A timeline in `two-lines`, whose hosts do nothing unless `files` say otherwise. */
export const planOf = (duration: string, entries: string[], files: Record<string, string> = {}): Plan =>
  planIn('two-lines', duration, entries, { 'lab/two-lines/lab.yaml': HOSTS, ...files });

/** A timeline in a lab of `files`. */
export function planIn(
  lab: string,
  duration: string,
  entries: string[],
  files: Record<string, string>,
): Plan {
  const scenario = `name: cut
title: Faults
story: They come.
lab: ${lab}
duration: ${duration}
traffic: [{ name: out, from: desk, to: carrier-number, rate: 1/s, hold: 1s }]
timeline:
${entries.map((entry) => `  - { ${entry} }`).join('\n')}
expect: [{ one-way-audio: none }]
`;
  const options = { seed: 5, defects: 'none', runtime: 'netns', emulator: 'wire', repeat: 1 } as const;
  const [plan] = compilePlans(loadWith({ ...files, 'scenarios/cut.yaml': scenario }), options);
  assert.ok(plan);
  return plan;
}

interface Circumstances {
  /** Spoils the emulator. */
  sabotage?: (emulator: Emulator) => Emulator;
  /** Spoils a node that has just started. */
  spoil?: (node: StartedNode) => void;
  /** What starts whoever answers calls, for a run in this folder; nobody does unless told. */
  endpoints?: (folder: string) => LabParts['startEndpoint'];
  /** What else happens meanwhile. */
  during?: (lab: StartedLab) => Promise<void>;
}

/** Runs a timeline; what the journal says. */
export async function run(plan: Plan, circumstances: Circumstances = {}): Promise<JournalEntry[]> {
  const { sabotage = (emulator) => emulator, spoil, endpoints, during } = circumstances;
  const folder = await mkdtemp(join(tmpdir(), 'deadair-'));
  try {
    await using scope = new Scope();
    const files = scenarioFiles(folder);
    for (const each of [files.captures, files.logs]) await mkdir(each, { recursive: true });
    await writeConfigs(plan, folder);
    const emulator = sabotage(scope.use('wire', await startWire({ seed: 5 })));
    const { signal } = new AbortController();
    const runtime: Runtime = {
      async startNode(node, scenarioFolder) {
        const started = await netnsRuntime.startNode(node, scenarioFolder);
        spoil?.(started);
        return started;
      },
    };
    const startEndpoint = endpoints?.(folder) ?? (() => Promise.resolve());
    const lab = scope.use('lab', await startLab(plan, folder, { runtime, emulator, startEndpoint, signal }));
    const journal = new JournalWriter(files.journal);
    const epochMonotonicMs = monotonicMs();
    journal.setEpoch(epochMonotonicMs);
    await Promise.all([conduct({ plan, lab, emulator, journal, epochMonotonicMs }, signal), during?.(lab)]);
    const text = await readFile(files.journal, 'utf8');
    return text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as JournalEntry);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function writeConfigs(plan: Plan, folder: string): Promise<void> {
  const files = scenarioFiles(folder);
  for (const { name, programs } of plan.lab.nodes) {
    await mkdir(files.config(name, '.'), { recursive: true });
    for (const { file, text } of programs.flatMap(({ configs }) => configs)) {
      await mkdir(dirname(files.config(name, file)), { recursive: true });
      await writeFile(files.config(name, file), text);
    }
  }
}

/** Of faults and of clear links. */
export function proofs(entries: JournalEntry[]): Record<string, FaultProof> {
  const found = faultProofs(entries);
  for (const entry of entries) if (entry.event === 'clear-proof') found[`clear ${entry.when}`] = entry.proof;
  return found;
}
export function faultProofs(entries: JournalEntry[]): Record<string, FaultProof> {
  const found: Record<string, FaultProof> = {};
  for (const entry of entries)
    if (entry.event === 'fault-proof') found[`${entry.fault} ${entry.when}`] = entry.proof;
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

/** The reasons where these faults took hold and went, as they should. */
export const held = (...faults: number[]) =>
  Object.fromEntries(
    faults.flatMap((n) => [
      [`fault-${n} applied`, 'holds'],
      [`fault-${n} healed`, 'holds'],
    ]),
  );

/** An emulator that does something else than it is told. */
export const disobeying =
  (change: (state: LinkState) => LinkState) =>
  (emulator: Emulator): Emulator =>
    sabotaged(emulator, (link, state) => emulator.set(link, change(state)));

/** An emulator with another way to take states. */
export const sabotaged = (emulator: Emulator, set: Emulator['set']): Emulator => ({
  connect: (link) => emulator.connect(link),
  set,
  counters: (link) => emulator.counters(link),
  onFailure: (listener) => emulator.onFailure(listener),
  [Symbol.asyncDispose]: () => emulator[Symbol.asyncDispose](),
});
