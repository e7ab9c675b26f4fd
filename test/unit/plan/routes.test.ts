import assert from 'node:assert/strict';
import { addressLab } from '../../../src/plan/addresses.js';
import { nearestAttachment, routesOf } from '../../../src/plan/routes.js';
import { labSchema } from '../../../src/scenario/lab-schema.js';

const topologyOf = (nodes: Record<string, string>, links: string[]) =>
  addressLab(
    labSchema.parse({
      name: 'any',
      description: 'any',
      nodes: Object.entries(nodes).map(([name, role]) => ({ name, role })),
      links,
      trunks: [{ name: 'a', carrier: 'any' }],
      numbers: {},
    }),
  );

describe('routes', () => {
  const chain = topologyOf({ left: 'phone', r1: 'router', r2: 'router', right: 'phone' }, [
    'left--r1',
    'r1--r2',
    'r2--right',
  ]);

  it('go by the first router, however many are on the way', () => {
    assert.deepEqual(routesOf(chain, 'left'), [
      { to: '198.18.2.0/24', via: '198.18.1.2' },
      { to: '198.18.3.0/24', via: '198.18.1.2' },
    ]);
    assert.deepEqual(routesOf(chain, 'r1'), [{ to: '198.18.3.0/24', via: '198.18.2.2' }]);
  });

  it('take the shorter way round a ring', () => {
    const ring = topologyOf({ a: 'router', b: 'router', c: 'router', d: 'router' }, [
      'a--b',
      'b--c',
      'c--d',
      'd--a',
    ]);
    assert.deepEqual(
      routesOf(ring, 'a').map(({ to, via }) => `${to} ${via}`),
      ['198.18.2.0/24 198.18.1.2', '198.18.3.0/24 198.18.4.2'],
    );
  });

  it('find the address of a node that is nearest to another', () => {
    assert.deepEqual(nearestAttachment(chain, 'r2', 'left')?.addresses, ['198.18.2.2']);
    assert.deepEqual(nearestAttachment(chain, 'r2', 'right')?.addresses, ['198.18.3.1']);
    const apart = topologyOf({ a: 'phone', b: 'phone', c: 'phone' }, ['a--b', 'b--c']);
    assert.equal(nearestAttachment(apart, 'c', 'a'), null);
  });
});

describe('interface names', () => {
  it('are the other end where that fits, and are cut and numbered where it does not', () => {
    const names = topologyOf(
      { sbc: 'sbc', 'a-carrier-called-one': 'carrier', 'a-carrier-called-two': 'carrier', lo: 'phone' },
      ['sbc--a-carrier-called-one', 'sbc--a-carrier-called-two', 'sbc--lo'],
    ).attachments.filter(({ node }) => node === 'sbc');
    assert.deepEqual(
      names.map((one) => one.interface),
      ['a-carrier-cal_1', 'a-carrier-cal_2', 'lo_3'],
    );
  });
});
