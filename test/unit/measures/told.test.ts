import assert from 'node:assert/strict';
import { indexCalls } from '../../../src/measures/calls.js';
import { ToldFrames, withTold } from '../../../src/measures/told.js';
import { lossesOnWay } from '../../../src/measures/way-losses.js';
import type { Decision } from '../../../src/runfolder/decision-log.js';
import { call, ear, emptyEvidence, planOf } from '../../fixtures/measures.js';
import { lossyCall, LINK, WAY } from '../../fixtures/lossy-call.js';

const one = call(1, { atMs: 0, ears: { caller: ear({ delayMs: 0 }), callee: ear({ delayMs: 0 }) } });
const of = planOf([one]);
/** `reached`: which of the 200 packets came to the far end, and which of them to the caller. */
const index = (reached: Parameters<typeof lossyCall>[0]) =>
  indexCalls(of, { ...emptyEvidence(of), ...lossyCall(reached) });
const all = { link: () => true, ear: () => true };
const decided = (lost: (n: number) => boolean) => {
  const told = new ToldFrames();
  for (let n = 0; n < 200; n++) told.add(LINK, 20_002, 30_000, { atMs: 1000 + 20 * n, lost: lost(n) });
  return told;
};

describe('what the emulator was told to take', () => {
  const log = (...decisions: Partial<Decision>[]) =>
    async function* () {
      yield* (await Promise.resolve(decisions)) as Decision[];
    };

  it('is known packet by packet from its log, and unknown without one', async () => {
    const frame = { verdict: 'lost', protocol: 17, sourcePort: 1, destinationPort: 2, atMs: 5 } as const;
    const read = (decisions: ReturnType<typeof log> | null) =>
      ToldFrames.read(of, (link) => (decisions && link === LINK ? decisions() : null));
    const told = await read(
      log(frame, { ...frame, verdict: 'delivered', atMs: 7 }, { ...frame, protocol: 6 }),
    );
    assert.deepEqual(told?.of(LINK, 1, 2, 0, 7), [{ atMs: 5, lost: true }]);
    assert.equal(told?.of(LINK, 1, 2, 0, 8).length, 2);
    assert.equal(await read(null), null, 'netem keeps no log');
    assert.equal(await read(log(frame, { verdict: 'unrecorded', n: 3 })), null);
  });

  it('gives the quality that the model has for it', () => {
    const told = decided((n) => n % 20 === 0);
    const { ears } = withTold(one, index(all), told);
    assert.deepEqual([ears?.caller.told?.packets, ears?.caller.told?.lost], [200, 10]);
    assert.equal(ears?.caller.told?.mos?.toFixed(2), '3.92', 'G.711 with 5 % of random loss');
    assert.equal(withTold(one, index(all), null).ears?.caller.told, null);
    const clean = withTold(one, index(all), new ToldFrames());
    assert.deepEqual([clean.ears?.caller.told?.lost, clean.ears?.caller.told?.mos?.toFixed(2)], [0, '4.41']);
  });
});

describe('losses between two captures', () => {
  const some = (n: number) => n % 20 === 7;

  it('are explained where the emulator was told to take as many', () => {
    const losses = lossesOnWay(one, 'caller', index({ ...all, link: (n) => !some(n) }), decided(some));
    assert.deepEqual(
      losses.map(({ from, to, missing, told }) => [from, to, missing, told]),
      [
        [WAY.carrier, WAY.sbc, 8, 8],
        [WAY.sbc, WAY.desk, 0, 0],
      ],
    );
  });

  it('are unexplained where no emulator is, and cite the packet where it was seen last', () => {
    const losses = lossesOnWay(
      one,
      'caller',
      index({ ...all, ear: (n) => !some(n) }),
      decided(() => false),
    );
    const [, last] = losses;
    assert.deepEqual([last?.from, last?.to, last?.missing, last?.told], [WAY.sbc, WAY.desk, 8, 0]);
    assert.equal(last?.evidence?.file, 'captures/sbc.carrier-a.pcap');
    assert.equal(lossesOnWay(one, 'caller', index(all), null)[0]?.told, null, 'nobody knows');
  });

  it('may be anything where the emulator between never saw the stream by its ports, as behind a NAT', () => {
    const elsewhere = new ToldFrames();
    elsewhere.add(LINK, 1, 2, { atMs: 1000, lost: true });
    const [first, last] = lossesOnWay(one, 'caller', index({ ...all, link: (n) => !some(n) }), elsewhere);
    assert.deepEqual([first?.missing, first?.told], [8, null]);
    assert.equal(last?.told, 0, 'there is no emulator on that hop');
  });

  it('may be anything where links without a capture lie between, and one of them has an emulator', () => {
    const far = (mid: boolean) => {
      const lan = of.lab.links.find(({ name }) => name === 'desk--sbc')!;
      const others = of.lab.links.filter((link) => link !== lan);
      const links = [
        { ...lan, name: 'desk--router', b: { node: 'router', interface: 'desk' } },
        { ...lan, name: 'router--sbc', a: { node: 'router', interface: 'sbc' }, impaired: mid },
        ...others,
      ];
      const router = { ...of.lab.nodes[0]!, name: 'router', role: 'router' as const };
      const plan = { ...of, lab: { ...of.lab, links, nodes: [...of.lab.nodes, router] } };
      const { sip, rtp } = lossyCall({ ...all, ear: (n) => !some(n) });
      const atEnds = rtp.filter(({ node }) => node !== 'sbc');
      return lossesOnWay(
        one,
        'caller',
        indexCalls(plan, { ...emptyEvidence(plan), sip, rtp: atEnds }),
        decided(() => false),
      );
    };
    const figures = (mid: boolean) => far(mid).map(({ missing, told }) => [missing, told]);
    assert.deepEqual(figures(true), [[8, null]]);
    assert.deepEqual(figures(false), [[8, 0]]);
  });

  it('are outages, and not losses, where nothing comes for 240 ms', () => {
    const hole = index({ ...all, ear: (n) => n < 60 || n >= 72 });
    assert.equal(lossesOnWay(one, 'caller', hole, null)[1]?.missing, 0);
    const nearly = index({ ...all, ear: (n) => n < 60 || n >= 71 });
    assert.equal(lossesOnWay(one, 'caller', nearly, null)[1]?.missing, 11);
  });
});
