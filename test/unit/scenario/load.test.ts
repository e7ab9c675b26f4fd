import assert from 'node:assert/strict';
import { ExitCode } from '../../../src/base/errors.js';
import { InputErrors } from '../../../src/scenario/input-errors.js';
import { loadScenario } from '../../../src/scenario/load.js';
import { edited, errorsOf, loadText, scenarioText } from '../../fixtures/inputs.js';

const fault = '{ at: 8s, cut: sbc--carrier-a, for: 10s }';

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
