import assert from 'node:assert/strict';
import { edited, errorsOf, labText, loadWith } from '../../fixtures/inputs.js';

const cases: [name: string, from: string, to: string, error: string][] = [
  [
    'an unknown key',
    'description: An',
    'descripton: An',
    'lab.yaml:2:1 KEY_UNKNOWN unknown key "descripton". Did you mean "description"?',
  ],
  ['a name that is not its folder', 'name: two-lines', 'name: two-wires', 'lab.yaml:1:7 LAB_MISNAMED'],
  [
    'an unknown role',
    'role: switch',
    'role: swich',
    'lab.yaml:5:24 VALUE_INVALID expected one of phone, switch',
  ],
  [
    'a link to nowhere',
    '- ns--lan',
    '- ns--lam',
    'lab.yaml:20:5 NODE_UNKNOWN the lab has no node "lam". Did you mean "lan"?',
  ],
  [
    'a link turned round',
    '- ns--lan',
    '- ns--lan\n  - lan--ns',
    'lab.yaml:21:5 NAME_DUPLICATE the link "ns--lan" is this one already.',
  ],
  ['a link with one end', '- ns--lan', '- ns', 'lab.yaml:20:5 LINK_INVALID'],
  ['a link of a node to itself', '- ns--lan', '- ns--ns', 'lab.yaml:20:5 LINK_INVALID'],
  [
    'addresses of a node elsewhere',
    '{ carrier-a: 1 }',
    '{ desk: 1 }',
    'lab.yaml:22:48 NODE_NOT_ON_LINK "desk" is not an end of the link sbc--carrier-a.',
  ],
  ['two nodes of one name', 'name: ns,', 'name: desk,', 'lab.yaml:6:13 NAME_DUPLICATE'],
  [
    'a resolver that is none',
    'resolver: ns',
    'resolver: desk',
    'lab.yaml:9:15 ROLE_WRONG expected a nameserver, and "desk" is a phone.',
  ],
  [
    'a trunk to no carrier',
    'carrier: carrier-b,',
    'carrier: edge-b,',
    'lab.yaml:27:25 ROLE_WRONG expected a carrier, and "edge-b" is a router.',
  ],
  [
    'an unknown alerting',
    'early-media',
    'later',
    'lab.yaml:27:46 VALUE_INVALID expected 180 or early-media, not "later".',
  ],
  [
    'a number of nobody',
    '{ desk:',
    '{ dask:',
    'lab.yaml:28:12 NODE_UNKNOWN the lab has no node "dask". Did you mean "desk"?',
  ],
  ['a number that is none', '+12025550100', '0-555', 'lab.yaml:28:18 VALUE_INVALID expected an E.164 number'],
  [
    'a defect of an unknown value',
    '{ probe-s: 0 }',
    '{ probe: 0 }',
    'lab.yaml:34:51 VALUE_UNKNOWN the lab "two-lines" has no value "probe". Did you mean "probe-s"?',
  ],
  [
    'a config that is not there',
    'sbc/proxy.cfg.hbs',
    'sbc/proxy.hbs',
    'lab.yaml:13:19 CONFIG_UNREADABLE cannot read the config "sbc/proxy.hbs"',
  ],
  [
    'an unknown readiness',
    'sip-options:',
    'sip-optons:',
    'lab.yaml:14:18 KEY_UNKNOWN unknown key "sip-optons". Did you mean "sip-options"?',
  ],
  [
    'a port that is none',
    'port: 5060',
    'port: 0',
    'lab.yaml:14:71 VALUE_INVALID expected a port from 1 to 65535, not 0.',
  ],
];

describe('loading a lab', () => {
  for (const [name, from, to, error] of cases)
    it(`refuses ${name}`, () => {
      const lab = edited(labText, from, to);
      const errors = errorsOf(() => loadWith({ 'lab/two-lines/lab.yaml': lab }));
      assert.ok(errors[0]?.startsWith(error), `${errors.join('\n')}\nshould begin with\n${error}`);
      assert.ok(
        errors.every((one) => one.startsWith('lab.yaml:')),
        errors.join('\n'),
      );
    });

  it('takes 180 as a number and as a text', () => {
    for (const alerting of ['180', "'180'"]) {
      const lab = edited(labText, 'alerting: early-media', `alerting: ${alerting}`);
      assert.equal(loadWith({ 'lab/two-lines/lab.yaml': lab }).lab.lab.trunks[1]?.alerting, '180');
    }
  });
});
