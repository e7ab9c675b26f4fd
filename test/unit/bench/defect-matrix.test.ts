import assert from 'node:assert/strict';
import type { ScenarioResult } from '../../../src/verdict/types.js';
import { defectMatrix, totalsOf } from '../../bench/defect-matrix.js';
import { matrixPage } from '../../bench/defect-page.js';
import { runOf, scenario } from '../../fixtures/results.js';

const found = (code: string) => ({ code, summary: '', advice: '', evidence: [] });
const twin = (overrides: Partial<ScenarioResult>): ScenarioResult =>
  scenario({
    id: 'steady@quiet',
    defect: { name: 'quiet', diagnosis: 'NO_RINGBACK' },
    expected: 'fail',
    ...overrides,
  });
const caught = twin({ verdict: 'fail', diagnoses: [found('NO_RINGBACK'), found('DEAD_AIR')] });

describe('the matrix of defects', () => {
  it('counts twins that were caught, and named first', () => {
    const rows = defectMatrix([
      runOf([scenario(), caught]),
      runOf([scenario(), twin({ verdict: 'fail', diagnoses: [found('DEAD_AIR'), found('NO_RINGBACK')] })]),
      runOf([scenario(), twin({ verdict: 'pass' })]),
      runOf([scenario(), twin({ verdict: 'fail' })]),
    ]);
    assert.deepEqual(rows[1], {
      scenario: 'steady',
      defect: 'quiet',
      promised: 'NO_RINGBACK',
      runs: 4,
      invalid: 0,
      right: 3,
      named: 1,
      first: { NO_RINGBACK: 1, DEAD_AIR: 1 },
    });
    assert.deepEqual([totalsOf(rows).twins.caught, totalsOf(rows).twins.named], [3, 1]);
    assert.equal(totalsOf(rows).healthy.alarms, 0);
  });

  it('takes a degraded healthy run, and a passed one with a diagnosis, for false alarms', () => {
    const rows = defectMatrix([
      runOf([scenario({ verdict: 'degraded' })]),
      runOf([scenario({ diagnoses: [found('FLAPPING')] })]),
      runOf([scenario()]),
    ]);
    assert.equal(totalsOf(rows).healthy.alarms, 2);
    assert.deepEqual(rows[0]?.first, { FLAPPING: 1 });
  });

  it('leaves out what could not be judged, either way', () => {
    const rows = defectMatrix([
      runOf([
        scenario({ verdict: 'invalid' }),
        twin({ verdict: 'invalid', diagnoses: [found('NO_RINGBACK')] }),
      ]),
      runOf([scenario(), caught]),
    ]);
    const { twins, healthy, invalid } = totalsOf(rows);
    assert.deepEqual([twins.judged, twins.caught, healthy.judged, healthy.alarms, invalid], [1, 1, 1, 0, 2]);
  });

  it('is shown as a table, with intervals and the time it took', () => {
    const runs = [runOf([scenario(), caught])];
    const page = matrixPage(defectMatrix(runs), runs);
    assert.match(page, /\| steady \| quiet \| NO_RINGBACK \| 1 \| 0 \| 1 \| 1 \| NO_RINGBACK 1 \|/);
    assert.match(page, /Twins: 1 of 1 caught \(20\.\d–100\.0 %\), 1 rightly named/);
    assert.match(page, /1 runs of all: .* s of labs in 83 s wall clock/);
  });
});
