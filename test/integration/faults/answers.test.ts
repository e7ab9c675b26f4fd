import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monotonicMs } from '../../../src/base/linux/clock.js';
import { Scope } from '../../../src/base/scope.js';
import { Callees } from '../../../src/calls/callees.js';
import { startWire } from '../../../src/emulator/wire.js';
import { conduct } from '../../../src/faults/conductor.js';
import { startLab } from '../../../src/lab/lab.js';
import { netnsRuntime } from '../../../src/lab/netns.js';
import type { Plan } from '../../../src/plan/types.js';
import type { JournalEntry } from '../../../src/runfolder/journal.js';
import { JournalWriter } from '../../../src/runfolder/journal-writer.js';
import { scenarioFiles } from '../../../src/runfolder/layout.js';
import { planOf, proofs, reasons } from './timeline-stand.js';

const refusing = 'at: 300ms, answer: carrier-a, invite: 503, options: 404, for: 900ms';

/** Runs the timeline with real SIPp, whose scripts are made for `scripted`; what the journal says. */
async function run(plan: Plan, scripted: Plan = plan): Promise<JournalEntry[]> {
  const folder = await mkdtemp(join(tmpdir(), 'deadair-'));
  try {
    await using scope = new Scope();
    const files = scenarioFiles(folder);
    for (const each of [files.captures, files.logs]) await mkdir(each, { recursive: true });
    for (const { name } of plan.lab.nodes) await mkdir(files.config(name, '.'), { recursive: true });
    const emulator = scope.use('wire', await startWire({ seed: 5 }));
    const callees = new Callees(scripted, folder, () => undefined);
    const { signal } = new AbortController();
    const lab = scope.use(
      'lab',
      await startLab(plan, folder, {
        runtime: netnsRuntime,
        emulator,
        startEndpoint: (node, started) => callees.start(node, started),
        signal,
      }),
    );
    const journal = new JournalWriter(files.journal);
    const epochMonotonicMs = monotonicMs();
    journal.setEpoch(epochMonotonicMs);
    await conduct({ plan, lab, emulator, journal, epochMonotonicMs }, signal);
    const text = await readFile(files.journal, 'utf8');
    return text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as JournalEntry);
  } finally {
    await rm(folder, { recursive: true });
  }
}

describe('answers of a real carrier', function () {
  this.timeout(60_000);

  it('are what was asked for, and then as before, a test call too', async () => {
    const found = proofs(await run(planOf('2s', [refusing])));
    assert.deepEqual(reasons(found), { 'fault-1 applied': 'holds', 'fault-1 healed': 'holds' });
    assert.deepEqual(
      found['fault-1 applied']?.figures.map(({ what, achieved }) => [what, achieved]),
      [
        ['probes', 1],
        ['calls', 1],
      ],
    );
  });

  it('are not believed to be others because it was told so', async () => {
    const other = planOf('2s', [refusing.replace('503', '486')]);
    const found = reasons(proofs(await run(planOf('2s', [refusing]), other)));
    assert.match(found['fault-1 applied'] ?? '', /^at carrier-a: calls 0 % where 100 % was asked for$/);
    await assert.rejects(run(planOf('2s', [refusing]), planOf('2s', ['at: 1s, freeze: carrier-a'])), {
      code: 'ANSWERS_NOT_TAKEN',
      exitCode: 3,
    });
  });
});
