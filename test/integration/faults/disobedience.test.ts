import assert from 'node:assert/strict';
import { clearDirection, type Emulator, type LinkState } from '../../../src/emulator/contract.js';
import { impairmentOf } from '../../../src/plan/impairments.js';
import { LINK, disobeying, planOf, sabotaged, proofs, reasons, run } from './timeline-stand.js';

describe('an emulator that does not do as it is told', () => {
  it('does not believe an emulator that does nothing, half, or too much', async () => {
    const plan = planOf('4s', [`at: 0.5s, impair: ${LINK}, delay: 40ms, loss: 20%, for: 2s`]);
    const instead = async (fields: Parameters<typeof impairmentOf>[0]) => {
      const state = { ...clearDirection, otherwise: impairmentOf(fields) };
      const entries = await run(plan, { sabotage: disobeying(() => ({ aToB: state, bToA: state })) });
      return reasons(proofs(entries))['fault-1 applied'] ?? '';
    };
    const [nothing, half, tooMuch] = await Promise.all([
      instead({}),
      instead({ delay: 40, loss: { random: 0.08 } }),
      instead({ delay: 160, loss: { random: 0.2 } }),
    ]);
    assert.match(nothing, /missing 0 % .* where 20 % was asked for.*delay/);
    assert.match(half, /missing .* where 20 % was asked for/);
    assert.match(tooMuch, /delay 16\d\.\d ms .* where 40.0 ms was asked for/);
  });

  it('finds each kind of cut in the place of another', async () => {
    const told = { blackhole: '', reject: '', 'carrier-down': '', 'one-way': ', from: sbc' } as const;
    const reasonFor = async (mode: keyof typeof told, done: LinkState) => {
      const plan = planOf('3s', [`at: 0.5s, cut: ${LINK}, mode: ${mode}${told[mode]}, for: 1.2s`]);
      const isCut = ({ aToB, bToA }: LinkState) => aToB.cut !== null || bToA.cut !== null;
      const entries = await run(plan, { sabotage: disobeying((state) => (isCut(state) ? done : state)) });
      return reasons(proofs(entries))['fault-1 applied'] ?? '';
    };
    const both = (cut: 'blackhole' | 'reject' | 'carrier-down'): LinkState => ({
      aToB: { ...clearDirection, cut },
      bToA: { ...clearDirection, cut },
    });
    const [silent, plugged, unplugged, refusing, dead] = await Promise.all([
      reasonFor('reject', both('blackhole')),
      reasonFor('carrier-down', both('blackhole')),
      reasonFor('blackhole', both('carrier-down')),
      reasonFor('blackhole', both('reject')),
      reasonFor('one-way', both('blackhole')),
    ]);
    assert.match(silent, /from sbc: refused 0 where at least 1 was asked for/);
    assert.match(
      plugged,
      /from sbc: carrier there where gone was asked for; .*from carrier-a: carrier there/,
    );
    assert.match(
      unplugged,
      /from sbc: carrier gone where there was asked for; .*from carrier-a: carrier gone/,
    );
    assert.match(refusing, /from sbc: refused \d+ where 0 was asked for/);
    assert.match(dead, /^[^;]* from carrier-a: missing 100 % .* where 0 % was asked for/);
  });

  it('finds what is hidden in a link that should be clear', async () => {
    const state = { ...clearDirection, otherwise: impairmentOf({ loss: { random: 0.03 } }) };
    const leaking = (told: LinkState): LinkState =>
      told.aToB.cut === null ? { aToB: state, bToA: clearDirection } : told;
    const plan = planOf('4s', [`at: 1s, cut: ${LINK}, for: 1s`]);
    const entries = await run(plan, { sabotage: disobeying(leaking) });
    const found = reasons(proofs(entries));
    assert.equal(found['clear baseline'], 'holds');
    assert.match(found['clear end'] ?? '', /missing .* where 0 % was asked for/);
  });

  it('looks again where packets come too late, and says so: a pause is over by then, a delay is not', async () => {
    const plan = planOf('5s', [`at: 0.5s, cut: ${LINK}, for: 1s`]);
    const late = { ...clearDirection, otherwise: impairmentOf({ delay: 60 }) };
    const isCut = ({ aToB }: LinkState) => aToB.cut !== null;
    const lateFor = (ms: number) => (emulator: Emulator) => {
      let wasCut = false;
      return sabotaged(emulator, async (link, state) => {
        const heals = wasCut && !isCut(state);
        wasCut = isCut(state);
        await emulator.set(link, heals ? { aToB: late, bToA: clearDirection } : state);
        if (heals) setTimeout(() => void emulator.set(link, state), ms);
      });
    };
    const healed = async (ms: number) => proofs(await run(plan, { sabotage: lateFor(ms) }))['fault-1 healed'];
    const [pause, delay] = await Promise.all([healed(150), healed(2900)]);
    assert.equal(pause?.holds, true);
    assert.match(pause?.declared[0] ?? '', /looked at once more.*from sbc: delay 6\d/);
    assert.deepEqual([delay?.holds, delay?.declared.length], [false, 2]);
  });
});
