import assert from 'node:assert/strict';
import { Scope } from '../../../src/base/scope.js';

describe('a scope', () => {
  it('takes down last in, first out; or all at once, where it is told to', async () => {
    const orderOf = async (order: 'last-first' | 'at-once') => {
      const events: string[] = [];
      const scope = new Scope(order);
      for (const name of ['first', 'last'])
        scope.defer(name, async () => {
          events.push(`${name} begins`);
          await new Promise(setImmediate);
          events.push(`${name} ends`);
        });
      await scope.close();
      return events;
    };
    assert.deepEqual(await orderOf('last-first'), ['last begins', 'last ends', 'first begins', 'first ends']);
    assert.deepEqual(await orderOf('at-once'), ['first begins', 'last begins', 'first ends', 'last ends']);
  });

  it('gives up a step that takes longer than it may, names it, and runs the others', async () => {
    for (const order of ['last-first', 'at-once'] as const) {
      const scope = new Scope(order);
      let others = 0;
      scope.defer('before', () => void others++);
      scope.defer('stuck', () => new Promise<void>(() => undefined), 10);
      scope.defer('after', () => void others++);
      await assert.rejects(scope.close(), /TEARDOWN_FAILED|could not tear down stuck: .*10 ms/);
      assert.equal(others, 2);
    }
  });
});
