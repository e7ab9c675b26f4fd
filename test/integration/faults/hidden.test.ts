import assert from 'node:assert/strict';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { until } from '../../fixtures/killed.js';
import { scenarioHome } from '../../fixtures/labs.js';
import { hasJournal, shortWith, spawnRun } from '../../fixtures/spawned-run.js';

/** Of every ten packets that reach the carrier, its own kernel loses one, and nobody told deadair. */
const LEAKY = `  - name: carrier-a
    role: carrier
    programs:
      - name: leak
        run:
          - nft
          - >-
            add table ip hidden;
            add chain ip hidden in { type filter hook input priority 0; };
            add rule ip hidden in numgen inc mod 10 0 drop
        ready: exits
`;

describe('what is hidden in a run', function () {
  this.timeout(60_000);

  it('is found: loss in the lab that nobody asked for', async () => {
    await using home = await scenarioHome(shortWith('at: 2s, cut: sbc--carrier-a, for: 1s', '5s'), [
      ['  - { name: carrier-a, role: carrier, image: sipp }\n', LEAKY],
    ]);
    const { code, stderr, scenario } = await spawnRun(home.file, join(home.folder, 'run')).ended;
    assert.equal(scenario.verdict, 'invalid');
    assert.equal(code, 2, stderr);
    const hidden = scenario.instrument.problems.filter(({ code: each }) => each === 'HIDDEN_IMPAIRMENT');
    assert.match(
      hidden.map(({ summary }) => summary).join('\n'),
      /sbc--carrier-a should have been clear before its first fault: sbc--carrier-a from sbc: missing .* where 0 % was asked for/,
    );
  });

  it('is found: a harness that got too little time to deliver when it was due', async () => {
    await using home = await scenarioHome(
      shortWith('at: 1s, impair: sbc--carrier-a, delay: 20ms, for: 4s', '6s'),
    );
    const run = spawnRun(home.file, join(home.folder, 'run'));
    await until('the delay is there', () => hasJournal(run, 'fault-applied'));
    // Stands still for 40 ms of every 80: half of what is due then comes late.
    for (let pulse = 0; pulse < 25; pulse++) {
      run.harness.kill('SIGSTOP');
      await delay(40);
      run.harness.kill('SIGCONT');
      await delay(40);
    }
    const { code, stderr, scenario } = await run.ended;
    assert.equal(scenario.verdict, 'invalid');
    assert.equal(code, 2, stderr);
    const late = scenario.instrument.problems.find(({ code: each }) => each === 'EMULATOR_LATE');
    assert.match(
      late?.summary ?? '',
      /frames of sbc--carrier-a [\d.]+ ms late/,
      JSON.stringify(scenario.instrument),
    );
  });
});
