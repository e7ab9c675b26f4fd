import assert from 'node:assert/strict';
import { Places } from '../../../src/run/places.js';

const settled = () => new Promise(setImmediate);

/** Labs that start, get ready and end when they are told to. */
class Labs {
  readonly events: string[] = [];
  private readonly told = new Map<string, () => void>();

  constructor(private readonly places: Places) {}

  run(name: string, weight = 1): Promise<void> {
    return this.places.with(weight, async (ready) => {
      this.events.push(`+${name}`);
      await this.order(name);
      await ready();
      this.events.push(`calls ${name}`);
      await this.order(name);
      this.events.push(`-${name}`);
    });
  }

  /** Lets a lab go on: to be ready, then to end. */
  async go(name: string): Promise<void> {
    this.told.get(name)?.();
    await settled();
  }

  private order(name: string): Promise<void> {
    return new Promise((go) => this.told.set(name, go));
  }
}

describe('Places', () => {
  it('serve in order, as many as there is room for, and what is too heavy alone', async () => {
    const labs = new Labs(new Places(3));
    const all = [labs.run('a'), labs.run('b', 2), labs.run('heavy', 9), labs.run('c')];
    await settled();
    assert.deepEqual(labs.events, ['+a', '+b']);
    for (const name of ['a', 'b', 'a']) await labs.go(name);
    assert.equal(labs.events.at(-1), '-a', 'c does not overtake');
    await labs.go('b');
    assert.equal(labs.events.at(-1), '+heavy');
    for (const name of ['heavy', 'heavy']) await labs.go(name);
    assert.equal(labs.events.at(-1), '+c');
    for (const name of ['c', 'c']) await labs.go(name);
    await Promise.all(all);
  });

  it('let calls begin when all that started together are ready', async () => {
    const labs = new Labs(new Places(3));
    const all = [labs.run('a'), labs.run('b')];
    await settled();
    await labs.go('a');
    assert.deepEqual(labs.events, ['+a', '+b']);
    await labs.go('b');
    assert.deepEqual(labs.events.slice(2).sort(), ['calls a', 'calls b']);
    for (const name of ['a', 'b']) await labs.go(name);
    await Promise.all(all);
  });

  it('start nothing while calls are up, though there is room', async () => {
    const labs = new Labs(new Places(2));
    const all = [labs.run('a'), labs.run('b'), labs.run('c')];
    await settled();
    for (const name of ['a', 'b', 'a']) await labs.go(name);
    assert.ok(labs.events.includes('-a') && !labs.events.includes('+c'));
    await labs.go('b');
    assert.equal(labs.events.at(-1), '+c');
    for (const name of ['c', 'c']) await labs.go(name);
    await Promise.all(all);
  });

  it('are given back by what throws, and nobody waits for it', async () => {
    const places = new Places(2);
    const labs = new Labs(places);
    let fail: () => void = () => undefined;
    const broken = places.with(1, () => new Promise((_, reject) => (fail = () => reject(new Error('no')))));
    const whole = labs.run('whole');
    await settled();
    await labs.go('whole');
    assert.deepEqual(labs.events, ['+whole']);
    fail();
    await assert.rejects(broken);
    await settled();
    assert.equal(labs.events.at(-1), 'calls whole');
    await labs.go('whole');
    await whole;
    assert.equal(await places.with(1, () => Promise.resolve('yes')), 'yes');
  });
});
