import assert from 'node:assert/strict';
import { ExitCode } from '../../../src/base/errors.js';
import { InputErrors } from '../../../src/scenario/input-errors.js';
import { loadScenario } from '../../../src/scenario/load.js';
import { edited, errorsOf, loadText, scenarioText } from '../../fixtures/inputs.js';

/** [what is wrong, part of the valid scenario, what stands there instead, the one error] */
type Case = [name: string, from: string, to: string, error: string];

const fault = '{ at: 8s, cut: sbc--carrier-a, for: 10s }';
const expectation = '- one-way-audio: none';

const schemaCases: Case[] = [
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
    expectation,
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
    `\n  - ${fault}`,
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

const meaningCases: Case[] = [
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
    fault,
    `${fault}\n  - { at: 17s, cut: sbc--carrier-a, mode: reject, for: 1s }`,
    'cut.yaml:12:5 FAULTS_CONTRADICT this fault of sbc--carrier-a overlaps with entry 1 of the timeline',
  ],
  [
    'two impairments of one direction',
    fault,
    '{ at: 1s, impair: sbc--lan, loss: 1%, for: 5s }\n  - { at: 2s, impair: sbc--lan, from: sbc, loss: 2%, for: 1s }',
    'cut.yaml:12:5 FAULTS_CONTRADICT',
  ],
  [
    'jitter beyond the delay',
    fault,
    '{ at: 1s, impair: sbc--lan, delay: 10ms, jitter: 20ms, for: 9s }',
    'cut.yaml:11:54 JITTER_EXCEEDS_DELAY a jitter of 20ms is more than the delay of 10ms',
  ],
  [
    'an impairment of nothing',
    fault,
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
    `timeline:\n  - ${fault}\nexpect:`,
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
    expectation,
    "- answered-share: {share: '>= 0%'}",
    "cut.yaml:14:29 EXPECTATION_CANNOT_FAIL answered-share can't fail: no figure is below 0.",
  ],
  [
    'a share of at most all',
    expectation,
    "- heard-share: {share: '<= 100%'}",
    "cut.yaml:14:26 EXPECTATION_CANNOT_FAIL heard-share can't fail: no share is above 100%.",
  ],
  [
    'a count that cannot fail',
    expectation,
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
    `timeline:\n  - ${fault}\nexpect:`,
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

describe('loading a scenario', () => {
  it('takes a valid one', () => {
    const { scenario, lab } = loadText(scenarioText);
    assert.equal(scenario.name, 'cut');
    assert.deepEqual(scenario.timeline[0], {
      at: 8000,
      cut: 'sbc--carrier-a',
      mode: 'blackhole',
      for: 10_000,
    });
    assert.equal(lab.lab.name, 'two-lines');
    assert.match(lab.configs['sbc/proxy.cfg.hbs'] ?? '', /^probe=/);
  });

  for (const [name, from, to, error] of [...schemaCases, ...meaningCases])
    it(`refuses ${name}`, () => {
      const errors = errorsOf(() => loadText(edited(scenarioText, from, to)));
      assert.equal(errors.length, 1, errors.join('\n'));
      assert.ok(errors[0]?.startsWith(error), `${errors[0]}\nshould begin with\n${error}`);
    });

  it('allows what does not contradict: touching, other directions, a cut over an impairment', () => {
    const entries = [
      '{ at: 1s, cut: sbc--carrier-a, for: 7s }',
      '{ at: 18s, cut: sbc--carrier-a, mode: one-way, from: sbc, for: 4s }',
      '{ at: 18s, cut: sbc--carrier-a, mode: one-way, from: carrier-a, for: 4s }',
      '{ at: 1s, impair: sbc--carrier-a, loss: 1% }',
      '{ at: 1s, impair: sbc--lan, from: sbc, loss: 1% }',
      '{ at: 1s, impair: sbc--lan, from: lan, loss: 2% }',
    ];
    const text = edited(scenarioText, fault, [fault, ...entries].join('\n  - '));
    assert.deepEqual(
      errorsOf(() => loadText(text)),
      [],
    );
  });

  it('tells everything that is wrong at once, in the order of the file', () => {
    const edits: [string, string][] = [
      ['tags:', 'tgas:'],
      ['from: desk', 'from: desc'],
      ['at: 8s', 'at: 8'],
      [fault.slice(-11), 'for: 10s }\n  - { at: 9s, cut: sbc--lann, moed: reject }'],
      ['no-probing', 'no-probin'],
    ];
    let text = scenarioText;
    for (const [from, to] of edits) text = edited(text, from, to);
    const places = errorsOf(() => loadText(text)).map((error) => error.split(' ').slice(0, 2).join(' '));
    assert.deepEqual(places, [
      'cut.yaml:4:1 KEY_UNKNOWN',
      'cut.yaml:8:24 NODE_UNKNOWN',
      'cut.yaml:11:11 UNIT_INVALID',
      'cut.yaml:12:20 LINK_UNKNOWN',
      'cut.yaml:12:31 KEY_UNKNOWN',
      'cut.yaml:17:14 DEFECT_UNKNOWN',
    ]);
  });

  it('does not blame phases on a timeline that it could not read', () => {
    const text = edited(edited(scenarioText, 'at: 8s', 'at: 8'), 'in: baseline', 'in: converged');
    assert.equal(errorsOf(() => loadText(text)).length, 1);
  });

  it('lists the kinds of fault there are for one that is none of them', () => {
    assert.deepEqual(
      errorsOf(() => loadText(edited(scenarioText, 'cut: sbc', 'sabotage: sbc'))),
      [
        'cut.yaml:11:5 KEY_MISSING the key "cut" is missing: expected a link to cut (or "impair" with a link).',
        'cut.yaml:11:15 KEY_UNKNOWN unknown key "sabotage". There is: at, cut, mode, from, for, repeat, impair, delay, jitter, distribution, correlation, loss, duplicate, corrupt, reorder, rate, burst, queue, slots, mtu, only, profile, subscriber, trace, block, power, boot-delay, ups, gap, freeze, answer, invite, options, crash, program, signal, restart-after, starve, cpu, dns, reply, record, gives.',
      ],
    );
  });

  it('is bad input: exit 64, one error a line, with its code', () => {
    assert.throws(
      () => loadText(edited(scenarioText, 'tags: [dr]', 'tag: [dr]\nfoo: 1')),
      (error) => {
        assert.ok(error instanceof InputErrors);
        assert.equal(error.exitCode, ExitCode.badInput);
        assert.equal(error.errors.length, 2);
        const [first, second] = String(error).split('\n');
        assert.match(first ?? '', /cut\.yaml:4:1: KEY_UNKNOWN: unknown key "tag"\. Did you mean "tags"\?$/);
        assert.match(second ?? '', /cut\.yaml:5:1: KEY_UNKNOWN: unknown key "foo"\. There is: name, title/);
        return true;
      },
    );
  });

  it('says that a file is missing', () => {
    assert.match(
      errorsOf(() => loadScenario('/nowhere/x.yaml'))[0] ?? '',
      /^- FILE_UNREADABLE cannot read \/nowhere\/x\.yaml/,
    );
  });
});

describe('YAML that is none', () => {
  const cases: [name: string, text: string, error: RegExp][] = [
    ['an empty file', '', /^cut\.yaml:1:1 FILE_EMPTY/],
    ['a file of comments', '# nothing\n', /^cut\.yaml:1:1 FILE_EMPTY/],
    ['a second document', 'name: a\n---\nname: b\n', /^cut\.yaml:2:1 YAML_DOCUMENTS/],
    [
      'a duplicate key',
      'name: a\ntitle: b\nname: c\n',
      /^cut\.yaml:3:1 KEY_DUPLICATE the key "name" stands here a second time/,
    ],
    ['an open bracket', 'name: a\ntags: [x\nlab: y\n', /^cut\.yaml:3:1 YAML_INVALID/],
    [
      'a tab',
      'name: a\ntraffic:\n\t- x\n',
      /^cut\.yaml:3:1 YAML_INVALID Tabs are not allowed as indentation\./,
    ],
    [
      'a bound without quotes',
      'expect:\n  - answered-share: { share: >= 95% }\n',
      /^cut\.yaml:2:30 YAML_INVALID .* A bound that begins with ">" needs quotes/,
    ],
    [
      'a bound without quotes in a block',
      'share: >= 95%\n',
      /^cut\.yaml:1:9 YAML_INVALID .* A bound that begins with ">" needs quotes/,
    ],
    ['an alias of nothing', 'name: *x\n', /^cut\.yaml:1:1 YAML_INVALID Unresolved alias/],
    ['an unknown tag', 'name: !secret x\n', /^cut\.yaml:1:7 YAML_INVALID Unresolved tag/],
    ['a scalar', 'just text\n', /^cut\.yaml:1:1 VALUE_INVALID expected a mapping, not "just text"/],
  ];
  for (const [name, text, error] of cases)
    it(`refuses ${name}`, () => {
      const errors = errorsOf(() => loadText(text));
      assert.equal(errors.length, 1, errors.join('\n'));
      assert.match(errors[0] ?? '', error);
    });
});
