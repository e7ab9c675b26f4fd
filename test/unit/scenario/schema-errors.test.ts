import { expectationText, faultText, refuseEach, type RefusedEdit } from '../../fixtures/inputs.js';

const cases: RefusedEdit[] = [
  [
    'an unknown key',
    'tags: [dr]',
    'tag: [dr]',
    'cut.yaml:4:1 KEY_UNKNOWN unknown key "tag". Did you mean "tags"?',
  ],
  [
    'a mistyped required key',
    'hold: 4s',
    'hodl: 4s',
    'cut.yaml:8:61 KEY_UNKNOWN unknown key "hodl". Did you mean "hold"?',
  ],
  [
    'a missing key',
    ', hold: 4s',
    '',
    'cut.yaml:8:5 KEY_MISSING the key "hold" is missing: expected a duration such as 20s or 150ms.',
  ],
  [
    'a duration without unit',
    'at: 8s',
    'at: 8',
    'cut.yaml:11:11 UNIT_INVALID expected a duration such as 20s or 150ms, not 8.',
  ],
  [
    'a text that is far too long',
    'at: 8s',
    `at: ${'x'.repeat(3000)}`,
    `cut.yaml:11:11 UNIT_INVALID expected a duration such as 20s or 150ms, not "${'x'.repeat(80)}"… (3000 characters).`,
  ],
  [
    'a wrong unit',
    'hold: 4s',
    'hold: 4%',
    'cut.yaml:8:67 UNIT_INVALID expected a duration such as 20s or 150ms, not "4%".',
  ],
  [
    'a rate without unit',
    'rate: 2/s',
    'rate: 2',
    'cut.yaml:8:56 UNIT_INVALID expected a rate such as 2/s or 30/m, not 2.',
  ],
  [
    'a bound without operator',
    'p95: <= 2s',
    'p95: 2s',
    'cut.yaml:13:30 UNIT_INVALID expected a bound on a duration such as "<= 6s", not "2s".',
  ],
  [
    'an unknown fault kind',
    'cut: sbc',
    'cutt: sbc',
    'cut.yaml:11:15 KEY_UNKNOWN unknown key "cutt". Did you mean "cut"?',
  ],
  [
    'a key of another fault kind',
    'for: 10s',
    'loss: 5%',
    'cut.yaml:11:36 KEY_UNKNOWN unknown key "loss". There is: at, cut, mode, from, for, repeat.',
  ],
  [
    'an unknown cut mode',
    'for: 10s',
    'mode: blakhole',
    'cut.yaml:11:42 VALUE_INVALID expected one of blackhole, reject, carrier-down, one-way, not "blakhole". Did you mean "blackhole"?',
  ],
  [
    'an unknown phase',
    'in: baseline',
    'in: basline',
    'cut.yaml:13:41 VALUE_INVALID expected one of baseline, fault, converged, recovery, settled, not "basline". Did you mean "baseline"?',
  ],
  [
    'an unknown expectation',
    'one-way-audio',
    'one-way-adio',
    'cut.yaml:14:5 KEY_UNKNOWN unknown key "one-way-adio". Did you mean "one-way-audio"?',
  ],
  [
    'an empty expectation',
    expectationText,
    '- {}',
    'cut.yaml:14:5 VALUE_INVALID expected an expectation such as time-to-ringback: {p95: <= 6s}, not {}.',
  ],
  [
    'a mistyped none',
    'audio: none',
    'audio: nun',
    'cut.yaml:14:20 VALUE_INVALID expected none, or a mapping such as {calls: <= 1, in: fault}, not "nun".',
  ],
  [
    'an unknown key in either form',
    'audio: none',
    'audio: { call: 1 }',
    'cut.yaml:14:22 KEY_UNKNOWN unknown key "call". Did you mean "calls"?',
  ],
  ['an unknown diagnosis', 'SLOW_DETECTION', 'SLOW_DETECTON', 'cut.yaml:16:37 VALUE_INVALID expected one of'],
  [
    'a list that is none',
    'tags: [dr]',
    'tags: dr',
    'cut.yaml:4:7 VALUE_INVALID expected a list of tags, not "dr".',
  ],
  [
    'nothing where a list belongs',
    `\n  - ${faultText}`,
    '',
    'cut.yaml:10:10 VALUE_INVALID expected a list of faults, not nothing.',
  ],
  [
    'a bad name',
    'name: cut',
    'name: Cut it',
    "cut.yaml:1:7 VALUE_INVALID expected a scenario's name in lower-case letters",
  ],
];

describe('a scenario that is not of the schema', () => {
  refuseEach(cases);
});
