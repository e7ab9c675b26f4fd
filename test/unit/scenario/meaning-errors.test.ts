import { expectationText, faultText, refuseEach, type RefusedEdit } from '../../fixtures/inputs.js';

const cases: RefusedEdit[] = [
  [
    'an unknown lab',
    'lab: two-lines',
    'lab: two-line',
    'cut.yaml:5:6 LAB_UNKNOWN there is no lab "two-line". Did you mean "two-lines"?',
  ],
  [
    'an unknown link',
    'sbc--carrier-a',
    'sbc--carrier-q',
    'cut.yaml:11:20 LINK_UNKNOWN the lab "two-lines" has no link "sbc--carrier-q". Did you mean "sbc--carrier-a"?',
  ],
  [
    'a link the wrong way round',
    'sbc--carrier-a',
    'carrier-a--sbc',
    'cut.yaml:11:20 LINK_UNKNOWN the lab "two-lines" has no link "carrier-a--sbc". Did you mean "sbc--carrier-a"?',
  ],
  [
    'an unknown node',
    'from: desk',
    'from: desc',
    'cut.yaml:8:24 NODE_UNKNOWN the lab "two-lines" has no node "desc". Did you mean "desk"?',
  ],
  [
    'a node that makes no calls',
    'from: desk',
    'from: ns',
    `cut.yaml:8:24 FLOW_ENDS_INVALID a nameserver such as "ns" can't be this end of a call.`,
  ],
  [
    'a flow that crosses no trunk',
    'to: desk',
    'to: carrier-number',
    'cut.yaml:9:38 FLOW_ENDS_INVALID a call from carrier-b to carrier-number crosses no trunk.',
  ],
  [
    'two flows of one name',
    'name: in,',
    'name: out,',
    'cut.yaml:9:13 NAME_DUPLICATE a flow named "out" is there already.',
  ],
  ['a rate of zero', 'rate: 2/s', 'rate: 0/s', 'cut.yaml:8:56 VALUE_INVALID expected a rate of more than 0.'],
  [
    'a fault past the end',
    'at: 8s',
    'at: 40s',
    'cut.yaml:11:11 FAULT_PAST_END a fault at 40s is past the end of traffic at 40s.',
  ],
  [
    'a fault that ends past the end',
    'for: 10s',
    'for: 33s',
    'cut.yaml:11:41 FAULT_PAST_END the fault lasts until 41s, past the end of traffic at 40s.',
  ],
  [
    'repeats past the end',
    'for: 10s',
    'for: 1s, repeat: {times: 4, every: 11s}',
    'cut.yaml:11:53 FAULT_PAST_END the fault lasts until 42s, past the end of traffic at 40s.',
  ],
  [
    'repeats that overlap themselves',
    'for: 10s',
    'for: 3s, repeat: {times: 4, every: 3s}',
    'cut.yaml:11:71 REPEAT_OVERLAPS repeated every 3s, a fault of 3s never heals in between.',
  ],
  [
    'repeats of an endless fault',
    'for: 10s',
    'repeat: {times: 4, every: 3s}',
    'cut.yaml:11:36 REPEAT_ENDLESS a repeated fault needs a length.',
  ],
  ['a fault of no length', 'for: 10s', 'for: 0s', 'cut.yaml:11:41 FAULT_TOO_SHORT'],
  [
    'two cuts at once',
    faultText,
    `${faultText}\n  - { at: 17s, cut: sbc--carrier-a, mode: reject, for: 1s }`,
    'cut.yaml:12:5 FAULTS_CONTRADICT this fault of sbc--carrier-a overlaps with entry 1 of the timeline',
  ],
  [
    'two impairments of one direction',
    faultText,
    '{ at: 1s, impair: sbc--lan, loss: 1%, for: 5s }\n  - { at: 2s, impair: sbc--lan, from: sbc, loss: 2%, for: 1s }',
    'cut.yaml:12:5 FAULTS_CONTRADICT',
  ],
  [
    'jitter beyond the delay',
    faultText,
    '{ at: 1s, impair: sbc--lan, delay: 10ms, jitter: 20ms, for: 9s }',
    'cut.yaml:11:54 JITTER_EXCEEDS_DELAY a jitter of 20ms is more than the delay of 10ms',
  ],
  [
    'an impairment of nothing',
    faultText,
    '{ at: 1s, impair: sbc--lan, for: 9s }',
    'cut.yaml:11:15 IMPAIRMENT_EMPTY',
  ],
  [
    'one-way without from',
    'for: 10s',
    'for: 10s, mode: one-way',
    'cut.yaml:11:52 FROM_MISSING a one-way cut needs the end whose packets vanish. Add "from: sbc" or "from: carrier-a".',
  ],
  [
    'one-way from elsewhere',
    'for: 10s',
    'for: 10s, mode: one-way, from: carrier-b',
    'cut.yaml:11:67 FROM_NOT_ON_LINK "carrier-b" is not an end of the link sbc--carrier-a. Did you mean "carrier-a"?',
  ],
  [
    'from with a cut of both directions',
    'for: 10s',
    'for: 10s, from: sbc',
    'cut.yaml:11:52 FROM_NOT_ALLOWED',
  ],
  [
    'an unknown flow',
    'audio: none',
    'audio: {calls: none, flow: outt}',
    'cut.yaml:14:40 FLOW_UNKNOWN the scenario has no flow "outt". Did you mean "out"?',
  ],
  [
    'a phase without faults',
    `timeline:\n  - ${faultText}\nexpect:`,
    'expect:\n  - dead-air: {calls: none, in: fault}',
    `cut.yaml:11:33 PHASE_CANNOT_OCCUR the phase "fault" can't occur: the timeline has no fault. There is: baseline.`,
  ],
  [
    'a phase after a fault that stays',
    'for: 10s }\nexpect:',
    '}\nexpect:\n  - dead-air: {calls: none, in: settled}',
    `cut.yaml:13:33 PHASE_CANNOT_OCCUR the phase "settled" can't occur: a fault lasts to the end.`,
  ],
  [
    'a baseline that is not there',
    'at: 8s',
    'at: 0s',
    `cut.yaml:13:41 PHASE_CANNOT_OCCUR the phase "baseline" can't occur: the first fault is there from the start.`,
  ],
  [
    'a statistic that is missing',
    'p95: <= 2s, ',
    '',
    'cut.yaml:13:23 EXPECTATION_EMPTY time-to-ringback says nothing: expected at least one of p50, p95, max.',
  ],
  [
    'a share that cannot fail',
    expectationText,
    "- answered-share: {share: '>= 0%'}",
    "cut.yaml:14:29 EXPECTATION_CANNOT_FAIL answered-share can't fail: no figure is below 0.",
  ],
  [
    'a share of at most all',
    expectationText,
    "- heard-share: {share: '<= 100%'}",
    "cut.yaml:14:26 EXPECTATION_CANNOT_FAIL heard-share can't fail: no share is above 100%.",
  ],
  [
    'a count that cannot fail',
    expectationText,
    "- one-way-audio: {calls: '>= 0'}",
    "cut.yaml:14:28 EXPECTATION_CANNOT_FAIL one-way-audio can't fail: no figure is below 0.",
  ],
  [
    'a time that cannot fail',
    'p95: <= 2s',
    'p95: ">= 0s"',
    "cut.yaml:13:30 EXPECTATION_CANNOT_FAIL time-to-ringback can't fail: no figure is below 0.",
  ],
  [
    'detection of nothing',
    `timeline:\n  - ${faultText}\nexpect:`,
    'expect:\n  - detection-time: {within: 1s}',
    'cut.yaml:11:21 EXPECTATION_IMPOSSIBLE there is no fault to detect.',
  ],
  [
    'failback from a fault that stays',
    'for: 10s }\nexpect:',
    '}\nexpect:\n  - failback: {within: 10s}',
    'cut.yaml:13:24 EXPECTATION_IMPOSSIBLE nothing comes home: a fault lasts to the end.',
  ],
  [
    'an unknown defect',
    'plant: no-probing',
    'plant: no-probin',
    'cut.yaml:16:14 DEFECT_UNKNOWN the lab "two-lines" has no defect "no-probin". Did you mean "no-probing"?',
  ],
  [
    'an unknown value',
    'tags: [dr]',
    'values: { probes: 3 }',
    'cut.yaml:4:11 VALUE_UNKNOWN the lab "two-lines" has no value "probes". Did you mean "probe-s"?',
  ],
  [
    'a value of another type',
    'tags: [dr]',
    'values: { probe-s: often }',
    'cut.yaml:4:20 VALUE_INVALID expected a number for "probe-s", not "often".',
  ],
];

describe('a scenario that means nothing', () => {
  refuseEach(cases);
});
