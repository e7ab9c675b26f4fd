import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { packageFolder } from '../../../src/base/package.js';
import { until } from '../../fixtures/killed.js';
import { scenarioHome } from '../../fixtures/labs.js';
import { hasJournal, shortWith, spawnRun } from '../../fixtures/spawned-run.js';

const MORTAL_WIRE = pathToFileURL(join(packageFolder(), 'dist', 'test', 'fixtures', 'mortal-wire.js')).href;

describe('a run whose wire worker dies', function () {
  this.timeout(60_000);

  it('ends at once, is invalid with a code of its own, and keeps the evidence of its calls', async () => {
    await using home = await scenarioHome(shortWith('at: 2s, cut: sbc--carrier-a, for: 1s', '30s'));
    const run = spawnRun(home.file, join(home.folder, 'run'), MORTAL_WIRE);
    await until('the fault is over', () => hasJournal(run, 'fault-healed'));
    run.harness.kill('SIGUSR2');
    const { code, stderr, scenario } = await run.ended;
    assert.equal(code, 3, stderr);
    assert.equal(scenario.verdict, 'invalid');
    const [problem] = scenario.instrument.problems;
    assert.equal(problem?.code, 'EMULATOR_FAILED', JSON.stringify(scenario.instrument.problems));
    assert.match(problem.summary, /the wire emulator ended by itself/);
    assert.equal(scenario.faults.length, 1);
    const answered = scenario.calls.filter(({ answeredAt }) => answeredAt !== null);
    assert.ok(answered.length > 0 && answered.every(({ evidence }) => evidence.length > 0));
    assert.ok(answered.some(({ ears }) => ears !== null));
    for (const file of ['captures/desk.lan.pcap', 'captures/sbc.carrier-a.pcap', 'journal.jsonl'])
      assert.ok(statSync(join(run.folder, file)).size > 100, file);
    const placed = scenario.calls.filter(({ inviteAt }) => inviteAt !== null);
    assert.ok(placed.length < 30, 'half of what was planned, and nothing is placed any more');
  });
});
