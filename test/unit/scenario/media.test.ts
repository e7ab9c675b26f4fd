import assert from 'node:assert/strict';
import { compilePlans } from '../../../src/plan/compile.js';
import { edited, errorsOf, labText, loadText, loadWith, scenarioText } from '../../fixtures/inputs.js';

const options = { seed: 7, defects: 'none', runtime: 'netns', emulator: 'wire', repeat: 1 } as const;
const flow = 'to: carrier-number, rate: 2/s, hold: 4s';
const speaking = (speech: string, hold = '10s') =>
  edited(scenarioText, flow, `to: carrier-number, rate: 2/s, hold: ${hold}, speech: ${speech}`);
const errors = (text: string) => errorsOf(() => loadText(text));

describe('speech in scenario files', () => {
  it('is planned as the parties that pause', () => {
    const pauses = (speech: string) => compilePlans(loadText(speaking(speech)), options)[0]?.flows[0]?.pauses;
    assert.deepEqual(pauses('{ caller: comfort-noise }'), ['caller']);
    assert.deepEqual(pauses('{ caller: comfort-noise, callee: comfort-noise }'), ['caller', 'callee']);
    assert.deepEqual(pauses('{ callee: steady }'), []);
    assert.equal(compilePlans(loadText(scenarioText), options)[0]?.flows[0]?.pauses, undefined);
  });

  it('takes calls in which the party talks again', () => {
    assert.deepEqual(errors(speaking('{ caller: comfort-noise }', '6s')), [
      'cut.yaml:8:67 HOLD_TOO_SHORT a party that pauses talks again 6 s after the answer, and the call is held for 6 s. Hold the call for longer.',
    ]);
    assert.deepEqual(errors(speaking('{ caller: steady }', '6s')), []);
  });

  it('is one of two words', () => {
    assert.match(
      errors(speaking('{ caller: comfort }'))[0] ?? '',
      /^cut.yaml:8:90 VALUE_INVALID expected one of steady, comfort-noise/,
    );
    assert.match(
      errors(speaking('{ caler: steady }'))[0] ?? '',
      /KEY_UNKNOWN unknown key "caler". Did you mean "caller"/,
    );
  });

  it('of a callee behind a PBX is nobody’s to know', () => {
    const node = '  - { name: lan, role: switch }';
    const lab = edited(
      edited(labText, node, `${node}\n  - { name: pbx, role: pbx }`),
      '  - desk--lan',
      '  - desk--lan\n  - pbx--lan',
    );
    const of = (party: string) =>
      errorsOf(() =>
        loadWith({
          'lab/two-lines/lab.yaml': lab,
          'scenarios/cut.yaml': speaking(`{ ${party}: comfort-noise }`),
        }),
      );
    assert.match(of('callee')[0] ?? '', /^cut.yaml:8:\d+ SPEECH_NOT_KNOWN behind the PBX of "two-lines"/);
    assert.deepEqual(of('caller'), []);
  });
});

describe('expectations of media in scenario files', () => {
  const expecting = (entry: string) => edited(scenarioText, '  - one-way-audio: none', `  - ${entry}`);
  const planned = (entry: string) =>
    compilePlans(loadText(expecting(entry)), options)[0]
      ?.expectations.slice(1)
      .map(({ id, bound, phase, flow: of }) => [id, bound.value, phase, of]);

  it('are planned, one for each statistic', () => {
    assert.deepEqual(planned('hole-in-call: { p95: <= 1s, max: <= 5s, flow: out }'), [
      ['e2-hole-in-call-p95', 1000, null, 'out'],
      ['e2-hole-in-call-max', 5000, null, 'out'],
    ]);
    assert.deepEqual(planned("quality: { min: '>= 3.6', in: baseline }"), [
      ['e2-quality-min', 3.6, 'baseline', null],
    ]);
    assert.deepEqual(planned('quality-off-model: { mean: <= 0.1 }'), [
      ['e2-quality-off-model-mean', 0.1, null, null],
    ]);
    assert.deepEqual(planned('late-packets: { share: <= 1% }'), [['e2-late-packets', 0.01, null, null]]);
  });

  it('say something, and something that can fail', () => {
    assert.match(
      errors(expecting('quality: { in: baseline }'))[0] ?? '',
      /EXPECTATION_EMPTY quality says nothing: expected at least one of p5, min\.$/,
    );
    assert.match(
      errors(expecting("quality: { min: '>= 1' }"))[0] ?? '',
      /EXPECTATION_CANNOT_FAIL quality can't fail: no figure is below 1\.$/,
    );
    assert.match(
      errors(expecting("quality: { min: '>= 36' }"))[0] ?? '',
      /UNIT_INVALID expected a bound on a score of 0 to 5/,
    );
    assert.match(
      errors(expecting('hole-in-call: { max: <= 5 }'))[0] ?? '',
      /UNIT_INVALID expected a bound on a duration/,
    );
  });
});
