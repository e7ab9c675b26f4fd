import assert from 'node:assert/strict';
import { DeadairError } from '../../../src/base/errors.js';
import { compilePlans } from '../../../src/plan/compile.js';
import { edited, labText, loadWith } from '../../fixtures/inputs.js';

const rendered = (template: string) =>
  compilePlans(loadWith({ 'lab/two-lines/sbc/proxy.cfg.hbs': template }), {
    seed: 1,
    defects: 'none',
    runtime: 'netns',
    emulator: 'wire',
    repeat: 1,
  })[0]?.lab.nodes[3]?.programs[0]?.configs[0]?.text;

/** The error as `line:col CODE what fix`. */
function failure(render: () => unknown): string {
  try {
    render();
  } catch (error) {
    assert.ok(error instanceof DeadairError);
    assert.equal(error.exitCode, 64);
    return `${error.place?.line}:${error.place?.column} ${error.code} ${error.message} ${error.fix ?? ''}`.trim();
  }
  return 'rendered';
}

describe('templates', () => {
  it('name the file, the place and the nearest value if one is missing', () => {
    const missing = failure(() => rendered('x\n  {{values.prob-s}}\n'));
    assert.match(
      missing,
      /^2:5 TEMPLATE_VALUE_MISSING .*lab\/two-lines\/sbc\/proxy\.cfg\.hbs uses the value "prob-s"/,
    );
    assert.match(missing, /Did you mean "probe-s"\?$/);
  });

  it('find a missing value where handlebars is lenient: in conditions and branches not taken', () => {
    for (const template of [
      '{{#if values.nope}}{{/if}}',
      '{{#if (eq values.nope 1)}}{{/if}}',
      '{{#if values.strict}}{{values.nope}}{{/if}}',
    ])
      assert.match(
        failure(() => rendered(template)),
        /^1:\d+ TEMPLATE_VALUE_MISSING .*"nope"/,
        template,
      );
  });

  it('refuse what else is missing or makes no sense', () => {
    const cases: [string, RegExp][] = [
      ['{{nope}}', /^1:3 TEMPLATE_INVALID .*"nope" not defined/],
      ['{{ip "carier-a"}}', /TEMPLATE_INVALID .*no node "carier-a" on any link\. Did you mean "carrier-a"\?/],
      ['{{ip2 "carrier-b"}}', /TEMPLATE_INVALID .*carrier-b has one address on edge-b--carrier-b/],
      ['{{ip "carrier-b" "desk"}}', /TEMPLATE_INVALID .*desk has no way to carrier-b/],
      ['{{number "ns"}}', /TEMPLATE_INVALID .*no number for "ns"/],
      ['{{#if values.strict}}', /TEMPLATE_INVALID .*Parse error on line 1/],
    ];
    for (const [template, error] of cases)
      assert.match(failure(() => rendered(template)).replaceAll('\n', ' '), error, template);
  });

  it('escape nothing, and know their own node', () => {
    assert.equal(rendered('{{node}} {{values.banner}} {{{values.banner}}}'), `sbc <"&'> <"&'>`);
  });

  it('give the address on the shared segment, whichever side asks', () => {
    assert.equal(
      rendered('{{ip "sbc" "carrier-b"}} {{ip "sbc" "edge-b"}} {{ip "sbc" "ns"}}'),
      '198.18.3.1 198.18.3.1 198.18.1.3',
    );
  });

  it('are also looked for in commands', () => {
    const lab = edited(labText, '{{values.probe-s}}', '{{values.prob}}');
    assert.match(
      failure(() =>
        compilePlans(loadWith({ 'lab/two-lines/lab.yaml': lab }), {
          seed: 1,
          defects: 'none',
          runtime: 'netns',
          emulator: 'wire',
          repeat: 1,
        }),
      ),
      /TEMPLATE_VALUE_MISSING .*lab\.yaml uses the value "prob"/,
    );
  });
});
