import assert from 'node:assert/strict';
import type { SipMessage } from '../../../src/evidence/types.js';
import { measureAddressMoves, reachableAt } from '../../../src/measures/address-moves.js';
import { PBX, sitePlan, WAN } from '../../fixtures/lines.js';
import { sip } from '../../fixtures/messages.js';

const user = (name: string) => ({ user: name, host: 'x', tag: null });

/** A request of a phone as the PBX gets it. */
const from = (address: string, atMs: number, method = 'INVITE', extension = '1001'): SipMessage =>
  sip(
    { node: 'pbx', interface: 'core', sent: false, atMs },
    { method, src: address, dst: PBX, from: user(extension), to: user(extension) },
  );
/** The registrar's 200. */
const accepted = (address: string, atMs: number, extension = '1001'): SipMessage => ({
  ...sip(
    { node: 'pbx', interface: 'core', sent: true, atMs },
    { method: 'REGISTER', src: PBX, dst: address, to: user(extension) },
  ),
  status: 200,
});

const site = sitePlan();
const [desk] = site.lab.nodes;
const second = { ...desk!, name: 'desk-2', registration: { ...desk!.registration!, extension: '1002' } };
const both = { ...site, lab: { ...site.lab, nodes: [...site.lab.nodes, second] } };
const movesOf = (...messages: SipMessage[]) => measureAddressMoves(both, messages);

describe('addresses of phones', () => {
  it('do not move while a phone comes from where it is registered, or was never registered', () => {
    assert.equal(movesOf(from(WAN.b, 1)).size, 0);
    assert.equal(movesOf(accepted(WAN.a, 1), from(WAN.a, 2), accepted(WAN.a, 3)).size, 0);
  });

  it('move for all phones behind the router that one of them was heard from', () => {
    const moves = movesOf(
      accepted(WAN.a, 1),
      accepted(WAN.a, 2, '1002'),
      from(WAN.b, 10),
      from(WAN.b, 20),
      accepted(WAN.b, 30, '1002'),
    );
    assert.deepEqual(
      ['desk', 'desk-2'].map((name) =>
        moves.get(name)?.map(({ atMs, from: old, to, registeredAt }) => [atMs, old, to, registeredAt]),
      ),
      [[[10, WAN.a, WAN.b, null]], [[10, WAN.a, WAN.b, 30]]],
    );
    assert.deepEqual(
      moves.get('desk-2')?.[0]?.evidence.map(({ frame }) => frame),
      [2, 10, 30],
    );
  });

  it('leave a phone of another site alone', () => {
    const moves = movesOf(accepted(WAN.a, 1), accepted('198.18.9.1', 2, '1002'), from(WAN.b, 10));
    assert.deepEqual([...moves.keys()], ['desk']);
  });

  it('may come back to the one that is registered', () => {
    const [move] = movesOf(accepted(WAN.a, 1), from(WAN.b, 10), from(WAN.a, 50)).get('desk') ?? [];
    assert.ok(move);
    assert.deepEqual([move.registeredAt, move.backAt, reachableAt(move)], [null, 50, 50]);
  });
});
