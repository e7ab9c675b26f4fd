import assert from 'node:assert/strict';
import { fitting } from '../../../src/report/live-terminal.js';
import { leftWords, standingWords, stateWords, type ScenarioState } from '../../../src/report/live-words.js';

const STATE = { placed: 23, callsUp: 5, deafEars: 0, faults: [], upcoming: null };
const STANDING = { scenarios: 68, done: 7, running: 9, judging: 2, wavesToCome: 12, atLeastMs: 580_000 };

describe('words of the live view', () => {
  it('say what is up, deaf, broken, next and left', () => {
    const words = (state: Partial<ScenarioState>) => stateWords('calls', { ...STATE, ...state }, 200);
    assert.equal(words({}), 'calls · 5 calls up, 23 placed');
    assert.equal(
      words({
        deafEars: 2,
        faults: ['cut a--b', 'freeze pbx'],
        upcoming: { next: { what: 'healed', fault: 'cut a--b', inMs: 5001 }, leftMs: 38_000 },
      }),
      'calls · 38 s left · 5 calls up, 2 ears deaf, 23 placed · fault cut a--b (ends in 6 s), freeze pbx',
    );
    assert.equal(
      words({
        faults: ['cut a--b'],
        upcoming: { next: { what: 'applied', fault: 'cut a--b', inMs: 5000 }, leftMs: 38_000 },
      }),
      'calls · 38 s left · 5 calls up, 23 placed · fault cut a--b · next: cut a--b begins in 5 s',
    );
    const next = { what: 'applied', fault: 'cut a--b', inMs: 5000 } as const;
    const ahead = { ...STATE, upcoming: { next, leftMs: 38_000 } };
    assert.equal(stateWords('calls', ahead, 0), '38 s left · 5 up · cut a--b begins in 5 s');
    assert.equal(
      words({ callsUp: 1, deafEars: 1, upcoming: { next: null, leftMs: 0 } }),
      'calls · the last calls end · 1 call up, 1 ear deaf, 23 placed',
    );
  });

  it('take less room where there is less, and keep time left, calls, deaf ears and faults', () => {
    const next = { what: 'healed', fault: 'cut a--b', inMs: 6000 } as const;
    const state = { ...STATE, deafEars: 2, faults: ['cut a--b'], upcoming: { next, leftMs: 38_000 } };
    const forms = [
      'calls · 38 s left · 5 calls up, 2 ears deaf, 23 placed · fault cut a--b (ends in 6 s)',
      '38 s left · 5 calls up, 2 ears deaf, 23 placed · fault cut a--b (ends in 6 s)',
      '38 s left · 5 calls up, 2 ears deaf · cut a--b (ends in 6 s)',
      '38 s left · 5 up, 2 deaf · cut a--b (ends in 6 s)',
    ];
    for (const [index, form] of forms.entries()) {
      assert.equal(stateWords('calls', state, form.length), form);
      assert.equal(stateWords('calls', state, form.length - 1), forms[index + 1] ?? form);
    }
  });

  it('give lengths in what a reader counts in', () => {
    assert.equal(leftWords(59_000), '59 s left');
    assert.equal(leftWords(59_001), '1 min 0 s left');
    assert.equal(leftWords(3_900_000), '1 h 5 min left');
  });

  it('say how a run stands, and of what is left only that it is no less', () => {
    assert.equal(
      standingWords(STANDING),
      '7 of 68 scenarios done, 9 running, 2 being judged · 12 waves to come · at least 9 min 40 s left',
    );
    assert.equal(
      standingWords({ ...STANDING, done: 68, running: 0, judging: 0, wavesToCome: 0, atLeastMs: 0 }),
      '68 of 68 scenarios done',
    );
  });

  it('leave out the oldest of what is done where the screen is too small, and nothing that goes on', () => {
    const lines = ['a', 'b', 'c', 'd', 'e'];
    const going = [true, false, false, true, false];
    assert.deepEqual(fitting(lines, going, 7), lines);
    assert.deepEqual(fitting(lines, going, 6), ['a', 'c', 'd', 'e']);
    assert.deepEqual(fitting(lines, going, 5), ['a', 'd', 'e']);
    assert.deepEqual(fitting(lines, going, 4), ['a', 'd']);
    assert.deepEqual(fitting(lines, going, 2), ['d']);
  });
});
