import assert from 'node:assert/strict';
import { Places } from '../../../src/run/places.js';

describe('Places', () => {
  it('serve in order, as many as there is room for, and what is too heavy alone', async () => {
    const places = new Places(3);
    const events: string[] = [];
    const ends = new Map<string, () => void>();
    const lab = (name: string, weight: number) =>
      places.with(weight, async () => {
        events.push(`+${name}`);
        await new Promise<void>((end) => ends.set(name, end));
        events.push(`-${name}`);
      });
    const all = [lab('a', 1), lab('b', 2), lab('heavy', 9), lab('c', 1)];
    const finish = async (name: string) => {
      ends.get(name)?.();
      await new Promise(setImmediate);
    };
    await new Promise(setImmediate);
    assert.deepEqual(events, ['+a', '+b']);
    await finish('a');
    assert.deepEqual(events, ['+a', '+b', '-a'], 'c does not overtake');
    await finish('b');
    assert.equal(events.at(-1), '+heavy');
    await finish('heavy');
    assert.equal(events.at(-1), '+c');
    await finish('c');
    await Promise.all(all);
  });

  it('are given back by what throws', async () => {
    const places = new Places(1);
    await assert.rejects(places.with(1, () => Promise.reject(new Error('no'))));
    assert.equal(await places.with(1, () => Promise.resolve('yes')), 'yes');
  });
});
