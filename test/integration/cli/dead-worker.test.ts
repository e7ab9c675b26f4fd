import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { packageFolder } from '../../../src/base/package.js';
import { until } from '../../fixtures/killed.js';
import { scenarioHome } from '../../fixtures/labs.js';
import { hasJournal, shortWith, spawnRun } from '../../fixtures/spawned-run.js';

const MORTAL = pathToFileURL(join(packageFolder(), 'dist', 'test', 'fixtures', 'mortal-worker.js')).href;

/** A run of 30 s whose worker dies after some three. */
async function runWithout(script: string) {
  await using home = await scenarioHome(shortWith('at: 2s, cut: sbc--carrier-a, for: 1s', '30s'));
  const run = spawnRun(home.file, join(home.folder, 'run'), `${MORTAL}?${script}`);
  await until('the fault is over', () => hasJournal(run, 'fault-healed'));
  run.harness.kill('SIGUSR2');
  const ended = await run.ended;
  const kept = ['captures/desk.lan.pcap', 'captures/sbc.carrier-a.pcap', 'journal.jsonl', 'plan.json'];
  const bytes = kept.map((file) => statSync(join(run.folder, file)).size);
  return { ...ended, bytes };
}

describe('a run whose worker dies', function () {
  this.timeout(60_000);
  const workers: [what: string, script: string, code: string, summary: RegExp][] = [
    ['wire', 'wire-worker.js', 'EMULATOR_FAILED', /^the wire emulator ended by itself/],
    ['the media', 'media-worker.js', 'MEDIA_FAILED', /^the media worker ended by itself/],
  ];
  for (const [what, script, problemCode, summary] of workers)
    it(`ends at once, is invalid with a code of its own, and keeps the evidence of its calls: ${what}`, async () => {
      const { code, stderr, scenario, bytes } = await runWithout(script);
      assert.equal(code, 3, stderr);
      assert.equal(scenario.verdict, 'invalid');
      const [problem] = scenario.instrument.problems;
      assert.equal(problem?.code, problemCode, JSON.stringify(scenario.instrument.problems));
      assert.match(problem.summary, summary);
      assert.equal(scenario.faults.length, 1);
      const answered = scenario.calls.filter(({ answeredAt }) => answeredAt !== null);
      assert.ok(answered.length > 0 && answered.every(({ evidence }) => evidence.length > 0));
      assert.ok(answered.some(({ ears }) => ears !== null));
      assert.ok(
        bytes.every((size) => size > 100),
        bytes.join(),
      );
      const placed = scenario.calls.filter(({ inviteAt }) => inviteAt !== null);
      assert.ok(placed.length < 30, 'half of what was planned, and nothing is placed any more');
    });
});
