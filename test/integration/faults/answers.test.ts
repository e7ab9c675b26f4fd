import assert from 'node:assert/strict';
import { Callees } from '../../../src/calls/callees.js';
import type { Plan } from '../../../src/plan/types.js';
import { planOf, proofs, reasons, run as runTimeline } from './timeline-stand.js';

const refusing = 'at: 300ms, answer: carrier-a, invite: 503, options: 404, for: 900ms';

/** Runs the timeline with real SIPp, whose scripts are made for `scripted`. */
const run = (plan: Plan, scripted: Plan = plan) =>
  runTimeline(plan, {
    endpoints(folder) {
      const callees = new Callees(scripted, folder, () => undefined);
      return (node, started) => callees.start(node, started);
    },
  });

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
