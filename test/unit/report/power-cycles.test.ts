import assert from 'node:assert/strict';
import type { PowerCycle } from '../../../src/measures/power-cycles.js';
import { reportHtml } from '../../../src/report/html.js';
import { scoreboard } from '../../../src/report/scoreboard.js';
import { runOf, scenario } from '../../fixtures/results.js';

const back: PowerCycle = {
  fault: 'fault-1',
  node: 'pbx',
  cutAt: 12_000,
  onAt: 27_000,
  readyAt: 28_100,
  registrations: { before: 4, back: 3, firstAt: 28_300, lastAt: 29_000, missing: ['1004@pbx'], evidence: [] },
  trunkAt: 27_700,
  answeredAt: 30_000,
  heardAt: 30_500,
  parts: { outageMs: 15_000, bootMs: 1100, registrationsMs: 900, trunkMs: 700, firstCallMs: 2400 },
  backMs: 18_500,
  evidence: [],
};
const none = { outageMs: null, bootMs: null, registrationsMs: null, trunkMs: null, firstCallMs: null };
const never: PowerCycle = {
  ...back,
  ...{ node: 'sbc', registrations: null, answeredAt: null, heardAt: null, backMs: null },
  parts: { ...none, outageMs: 15_000 },
};
const run = runOf([scenario({ powerCycles: [back, never] })]);

describe('a power cycle, as it is told', () => {
  it('has its known parts under its row of the scoreboard', () => {
    const lines = scoreboard(run, { colour: false, reports: [] }).split('\n');
    assert.deepEqual(lines.slice(2, 4), [
      '    pbx back after 18.5 s: off 15.0 s, boot 1.10 s, trunk 0.70 s, registered 0.90 s, call 2.40 s',
      '    sbc never back: off 15.0 s',
    ]);
  });

  it('is a row of the report, and no part that is unknown has a figure', () => {
    const table = /Power cycles<\/h3>[\s\S]*?<\/table>/.exec(reportHtml(run))?.[0] ?? '';
    const rows = table.split('<tr>').slice(2);
    const cells = rows.map((row) =>
      row
        .replace(/<[^>]+>/g, ' ')
        .split(/\s{2,}/)
        .map((cell) => cell.trim())
        .filter(Boolean),
    );
    assert.deepEqual(cells, [
      ['pbx', '12.0 s', '15.0 s', '1.10 s', '0.70 s', '0.90 s 3 of 4', '2.40 s', '18.5 s'],
      ['sbc', '12.0 s', '15.0 s', '–', '–', '–', '–', 'never'],
    ]);
    assert.doesNotMatch(reportHtml(runOf([scenario()])), /Power cycles/);
  });
});
