import assert from 'node:assert/strict';
import { compilePlans } from '../../../src/plan/compile.js';
import { edited, errorsOf, labText, loadText, loadWith, scenarioText } from '../../fixtures/inputs.js';

const withLines = (...links: string[]) =>
  edited(
    labText,
    'trunks:\n',
    `lines:\n${links.map((link, n) => `  - { name: line-${n}, link: ${link} }\n`).join('')}trunks:\n`,
  );
const errors = (lab: string) => errorsOf(() => loadWith({ 'lab/two-lines/lab.yaml': lab }));

describe('lines of a lab', () => {
  it('are links whose first end is a router, each one line only', () => {
    assert.match(
      errors(withLines('edge-b--carier-b')).join('\n'),
      /LINK_UNKNOWN .*"edge-b--carier-b".*edge-b--carrier-b/s,
    );
    assert.match(
      errors(withLines('sbc--carrier-a')).join('\n'),
      /ROLE_WRONG expected a router, and "sbc" is a sbc/,
    );
    assert.match(
      errors(withLines('edge-b--carrier-b', 'edge-b--carrier-b')).join('\n'),
      /NAME_DUPLICATE the link edge-b--carrier-b is another line already/,
    );
  });

  it('are in the plan, and captured at the router', () => {
    const loaded = loadWith({ 'lab/two-lines/lab.yaml': withLines('edge-b--carrier-b') });
    const [plan] = compilePlans(loaded, {
      seed: 1,
      defects: 'none',
      runtime: 'auto',
      emulator: 'wire',
      repeat: 1,
    });
    const line = { name: 'line-0', link: 'edge-b--carrier-b', router: 'edge-b', interface: 'carrier-b' };
    assert.deepEqual(plan?.lab.lines, [line]);
    const router = plan.lab.nodes.find(({ name }) => name === 'edge-b');
    assert.deepEqual(
      router?.interfaces.map(({ name, captured }) => [name, captured]),
      [
        ['sbc', false],
        ['carrier-b', true],
      ],
    );
  });

  it('must be there for expectations of them', () => {
    const scenario = edited(
      scenarioText,
      '  - one-way-audio: none\n',
      '  - line-failover: { away-within: 3s }\n',
    );
    assert.match(
      errorsOf(() => loadText(scenario)).join('\n'),
      /EXPECTATION_IMPOSSIBLE no site of the lab has a choice of lines/,
    );
  });
});
