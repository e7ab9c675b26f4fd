import assert from 'node:assert/strict';
import fc from 'fast-check';
import { addressLab } from '../../../src/plan/addresses.js';
import type { Topology } from '../../../src/plan/addresses.js';
import { nearestAttachment, routesOf } from '../../../src/plan/routes.js';
import { labSchema } from '../../../src/scenario/lab-schema.js';
import type { Lab } from '../../../src/scenario/lab-schema.js';

/** Any wiring of hosts, switches and routers, connected or not. */
const labs = fc
  .record({
    roles: fc.array(fc.constantFrom('phone', 'carrier', 'sbc', 'router', 'router', 'router', 'switch'), {
      minLength: 2,
      maxLength: 9,
    }),
    pairs: fc.uniqueArray(fc.tuple(fc.nat(8), fc.nat(8)), {
      minLength: 1,
      maxLength: 14,
      selector: ([a, b]) => (a < b ? `${a} ${b}` : `${b} ${a}`),
    }),
    longNames: fc.boolean(),
    extra: fc.nat(3),
  })
  .map(({ roles, pairs, longNames, extra }) => {
    const names = roles.map((role, index) => `${longNames ? 'a-host-with-a-long-name' : role}-${index}`);
    const links = pairs.flatMap(([a, b]) => {
      const [one, other] = [names[a], names[b]];
      if (one === undefined || other === undefined || a === b) return [];
      return [{ name: `${one}--${other}`, 'extra-addresses': extra > 0 ? { [one]: extra } : {} }];
    });
    return { names, roles, links };
  })
  .filter(({ links }) => links.length > 0)
  .map(({ names, roles, links }): Lab =>
    labSchema.parse({
      name: 'any',
      description: 'any',
      nodes: names.map((name, index) => ({ name, role: roles[index] })),
      links,
      trunks: [{ name: 'a', carrier: 'any' }],
      numbers: {},
    }),
  );

/** Sends a packet as the routes say; the nodes it passes, ending at the owner of the address, or null if it loops. */
function travel(topology: Topology, from: string, to: { address: string; segment: number }): string[] | null {
  const path = [from];
  while (path.length <= topology.attachments.length + 1) {
    const here = path.at(-1) ?? '';
    const own = topology.attachments.filter(({ node }) => node === here);
    if (own.some(({ addresses }) => addresses.includes(to.address))) return path;
    const direct = own.some(({ segment }) => segment === to.segment);
    const subnet = topology.segments[to.segment]?.subnet;
    const next = direct ? to.address : routesOf(topology, here).find((route) => route.to === subnet)?.via;
    const hop = topology.attachments.find(({ addresses }) => next !== undefined && addresses.includes(next));
    assert.ok(hop, `${here} knows no way to ${to.address}`);
    assert.ok(
      own.some(({ segment }) => segment === hop.segment),
      `${here} can't reach ${next} directly`,
    );
    assert.ok(direct || topology.routers.has(hop.node), `${hop.node} forwards nothing`);
    path.push(hop.node);
  }
  return null;
}

describe('addresses and routes, for any lab', () => {
  it('no two ends share an address, a MAC, or an interface name in a node', () => {
    fc.assert(
      fc.property(labs, (lab) => {
        const { attachments } = addressLab(lab);
        const unique = (all: string[]) => assert.equal(new Set(all).size, all.length, all.join(' '));
        unique(attachments.flatMap(({ addresses }) => addresses));
        unique(attachments.map(({ mac }) => mac));
        unique(attachments.map((one) => `${one.node} ${one.interface}`));
        assert.equal(attachments.length, lab.links.length * 2);
      }),
    );
  });

  it('every address is inside its segment and 198.18.0.0/15, and every name fits the kernel', () => {
    fc.assert(
      fc.property(labs, (lab) => {
        const { attachments, segments } = addressLab(lab);
        for (const { addresses, segment, interface: name, mac } of attachments) {
          assert.match(name, /^[a-z0-9_-]{1,15}$/);
          assert.match(mac, /^02(:[0-9a-f]{2}){5}$/);
          for (const address of addresses) {
            assert.match(address, /^198\.1[89]\.\d+\.\d+$/);
            assert.equal(`${address.slice(0, address.lastIndexOf('.'))}.0/24`, segments[segment]?.subnet);
          }
        }
      }),
    );
  });

  it('a switch has no address, every other end has', () => {
    fc.assert(
      fc.property(labs, (lab) => {
        const switches = lab.nodes.filter(({ role }) => role === 'switch').map(({ name }) => name);
        for (const { node, addresses } of addressLab(lab).attachments)
          assert.equal(addresses.length === 0, switches.includes(node));
      }),
    );
  });

  it('packets arrive by the routes, without a loop and through routers alone', () => {
    fc.assert(
      fc.property(labs, (lab) => {
        const topology = addressLab(lab);
        for (const { name: from } of lab.nodes.filter(({ role }) => role !== 'switch'))
          for (const { node, addresses, segment } of topology.attachments) {
            const [address] = addresses;
            const subnet = topology.segments[segment]?.subnet;
            const on = topology.attachments.some((one) => one.node === from && one.segment === segment);
            const known = on || routesOf(topology, from).some(({ to }) => to === subnet);
            if (address === undefined || !known) continue;
            const path = travel(topology, from, { address, segment });
            assert.ok(path, `loop from ${from} to ${address}`);
            assert.equal(path.at(-1), node);
          }
      }),
    );
  });

  it('the nearest address of a node is one that packets can get to', () => {
    fc.assert(
      fc.property(labs, (lab) => {
        const topology = addressLab(lab);
        const hosts = lab.nodes.filter(({ role }) => role !== 'switch');
        for (const { name: from } of hosts)
          for (const { name: to } of hosts) {
            const found = nearestAttachment(topology, to, from);
            const [address] = found?.addresses ?? [];
            if (found && address !== undefined)
              assert.equal(travel(topology, from, { address, segment: found.segment })?.at(-1), to);
          }
      }),
    );
  });
});
