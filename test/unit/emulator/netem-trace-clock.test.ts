import assert from 'node:assert/strict';
import { clearImpairment } from '../../../src/emulator/contract.js';
import { nextChangeMs } from '../../../src/emulator/netem/trace-clock.js';
import { stepAt } from '../../../src/plan/traces/step.js';
import type { TimeTrace, TraceEnd } from '../../../src/plan/traces/types.js';
import { delayed, impaired } from '../../fixtures/impairments.js';

const trace = (end: TraceEnd): TimeTrace => ({
  kind: 'time',
  name: 'steps',
  source: 'this test',
  end,
  steps: [10, 20, 30].map((ms, index) => ({ atMs: index * 100, impairment: impaired(delayed(ms)) })),
  lengthMs: 300,
});

const delayAt = (end: TraceEnd, sinceMs: number) => stepAt(trace(end), sinceMs)?.delay?.ms;

describe('netem trace clock', () => {
  it('is in the last step that has begun', () => {
    assert.deepEqual(
      [0, 99, 100, 299].map((sinceMs) => delayAt('hold', sinceMs)),
      [10, 10, 20, 30],
    );
  });

  it('holds the last step, begins again, or stops', () => {
    assert.equal(delayAt('hold', 1000), 30);
    assert.equal(delayAt('loop', 300), 10);
    assert.equal(delayAt('loop', 1099), 20);
    assert.equal(delayAt('stop', 299), 30);
    assert.equal(delayAt('stop', 300), undefined);
  });

  it('wakes for each change and no more', () => {
    const changes = (end: TraceEnd) =>
      [0, 150, 200, 300, 950].map((sinceMs) => nextChangeMs(trace(end), sinceMs));
    assert.deepEqual(changes('hold'), [100, 200, null, null, null]);
    assert.deepEqual(changes('stop'), [100, 200, 300, null, null]);
    assert.deepEqual(changes('loop'), [100, 200, 300, 400, 1000]);
  });

  it('changes at each time that it wakes for', () => {
    for (const end of ['hold', 'loop', 'stop'] as const)
      for (let sinceMs: number | null = 0; sinceMs !== null && sinceMs < 2000;) {
        const next: number | null = nextChangeMs(trace(end), sinceMs);
        if (next === null) break;
        const [before, after] = [stepAt(trace(end), next - 1), stepAt(trace(end), next)];
        assert.notDeepEqual(before ?? clearImpairment, after ?? clearImpairment);
        sinceMs = next;
      }
  });
});
