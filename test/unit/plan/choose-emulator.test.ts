import assert from 'node:assert/strict';
import { compilePlans, type CompileOptions } from '../../../src/plan/compile.js';
import { edited, errorsOf, loadText, scenarioText } from '../../fixtures/inputs.js';

const fault = '{ at: 8s, cut: sbc--carrier-a, for: 10s }';
const textWith = (...entries: string[]) =>
  edited(scenarioText, fault, entries.map((entry) => `{ at: 8s, for: 10s, ${entry} }`).join('\n  - '));
const options: CompileOptions = { seed: 7, defects: 'none', runtime: 'netns', emulator: 'auto', repeat: 1 };
const has = { kernelNetem: { ok: true, seeds: true } } as const;
const hasNot = { kernelNetem: { ok: false, why: 'the kernel has no sch_netem.' } } as const;

function plan(entry: string, change: Partial<CompileOptions>) {
  const [found] = compilePlans(loadText(textWith(entry)), { ...options, ...change });
  assert.ok(found);
  return found;
}
const choice = (entry: string, change: Partial<CompileOptions>) => {
  const { emulator, emulatorWhy } = plan(entry, change);
  return `${emulator}: ${emulatorWhy}`;
};

describe('the emulator of a plan', () => {
  const plain = 'impair: sbc--carrier-a, loss: 1%';

  it('is netem by itself only where the kernel has it and it does exactly what is asked for', () => {
    assert.equal(choice(plain, has), 'netem: the kernel has it, and nothing asked for needs more');
    assert.equal(choice(plain, hasNot), 'wire: the kernel has no sch_netem');
    assert.equal(choice(plain, {}), 'wire: nobody asked the kernel for netem');
    assert.equal(
      choice('block: sbc--lan, only: { sip: { method: INVITE } }', has),
      'wire: netem has no way of choosing packets by what their SIP says (block of sbc--lan)',
    );
    assert.equal(
      choice('impair: sbc--lan, corrupt: 1%', has),
      'wire: netem may flip a bit of the Ethernet header too, 14 bytes of each frame (netem, impair of sbc--lan)',
    );
  });

  it('says that an old kernel can not be seeded', () => {
    const old = { kernelNetem: { ok: true, seeds: false } } as const;
    assert.match(choice(plain, old), /^netem: .*; its draws follow from no seed/);
  });

  it('is the one asked for, and what netem does not quite as asked is in the plan', () => {
    assert.equal(choice(plain, { ...has, emulator: 'wire' }), 'wire: asked for');
    const { emulatorWhy, faults } = plan('impair: sbc--lan, rate: 1Mbit, queue: { ms: 50 }', {
      emulator: 'netem',
    });
    assert.equal(emulatorWhy, 'asked for');
    assert.match(faults[0]?.approximated?.join() ?? '', /bound in bytes/);
    assert.equal(plan(plain, { emulator: 'netem' }).faults[0]?.approximated, undefined);
  });

  it('is refused, at each entry, where netem was asked for what only wire can', () => {
    const text = textWith(plain, 'block: sbc--lan, only: { sip: { method: INVITE } }');
    const compile = (emulator: 'wire' | 'netem') => () =>
      compilePlans(loadText(text), { ...options, emulator });
    assert.doesNotThrow(compile('wire'));
    assert.deepEqual(errorsOf(compile('netem')), [
      "cut.yaml:12:5 NETEM_CANNOT netem can't do choosing packets by what their SIP says (block of sbc--lan). Use --emulator wire.",
    ]);
  });
});
