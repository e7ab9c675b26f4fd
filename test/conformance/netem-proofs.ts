import { clearDirection, clearLink } from '../../src/emulator/contract.js';
import { fireBursts, openBursts } from '../../src/faults/burst.js';
import { figuresOf, rateFigure } from '../../src/faults/figures.js';
import { fire, seriesOf } from '../../src/faults/probe.js';
import { sizeFor } from '../../src/faults/probe-size.js';
import { queueFigures } from '../../src/faults/queue-figures.js';
import { openVolleys } from '../../src/faults/volleys.js';
import type { Impairment } from '../../src/plan/impairment.js';
import { impairmentOf } from '../../src/plan/impairments.js';
import type { PlannedLink } from '../../src/plan/planned-lab.js';
import type { ProofFigure } from '../../src/runfolder/journal.js';
import { figureWords } from '../../src/runfolder/proof-words.js';
import type { Observed } from './netem-outcome.js';
import type { Stand } from './netem-stand.js';

/** The prober has a tick of 10 ms in User-Mode Linux. */
const NOISE_MS = 15;
const link: PlannedLink = {
  name: 'left--right-0',
  a: { node: 'left', interface: 'eth0' },
  b: { node: 'right', interface: 'eth0' },
  impaired: true,
};
const way = {
  from: 'left',
  sender: { node: 'left', address: '198.18.0.1' },
  receiver: { node: 'right', address: '198.18.0.2' },
};

/** What is asked for, and the figures that have to hold. */
const asked: [fields: Parameters<typeof impairmentOf>[0], whats: ProofFigure['what'][]][] = [
  [{ loss: { burst: { rate: 0.05, length: 4 } } }, ['missing', 'loss-correlation']],
  [{ loss: { random: 0.45, correlation: 0.8 } }, ['missing', 'loss-correlation']],
  [{ delay: 60, jitter: 20, distribution: 'normal' }, ['delay', 'jitter']],
  [{ duplicate: { share: 0.1 }, corrupt: { share: 0.1 } }, ['duplicate', 'corrupt']],
  [{ delay: 60, reorder: { share: 0.25 } }, ['delay', 'reorder']],
  [{ slots: { min: 60, max: 90, packets: 5 }, mtu: 900 }, ['slot', 'slot-packets', 'too-long', 'longest']],
  [{ rate: 1e6, queue: { packets: 10 } }, ['rate', 'queue']],
  [{ rate: 1e6, burst: 15_000, queue: { ms: 50 } }, ['rate', 'queue', 'burst']],
];

/** Figures that don't hold, in words: none. Of a thousand healthy ones one fails by chance; twice in a row none does. */
export async function proofs(stand: Stand): Promise<Observed> {
  const wrong: string[] = [];
  for (const [fields, whats] of asked) {
    const impairment = impairmentOf(fields);
    const lacking = (figures: ProofFigure[]) => [
      ...figures.filter(({ holds }) => holds === false).map(figureWords),
      ...whats.filter((what) => !figures.some((figure) => figure.what === what && figure.holds)),
    ];
    const first = lacking(await prove(stand, impairment));
    if (first.length > 0) wrong.push(...lacking(await prove(stand, impairment)));
  }
  return { wrong };
}

async function prove(stand: Stand, otherwise: Impairment): Promise<ProofFigure[]> {
  const direction = { ...clearDirection, otherwise };
  const state = { ...clearLink, aToB: direction };
  const netnsPath = (node: string) => (node === 'left' ? stand.left : stand.right).netnsPath;
  const { signal } = new AbortController();
  await stand.setLink(clearLink);
  await stand.setLink(state);
  const volleys = openVolleys(link, state, [way], sizeFor, netnsPath);
  await fire(volleys, signal);
  for (const { stream } of volleys) stream[Symbol.dispose]();
  const around = { noiseMs: NOISE_MS, lostByEmulator: null, emulator: 'netem' } as const;
  const figures = volleys.flatMap((volley) => figuresOf(seriesOf(volley), direction, around));
  const { bursts } = openBursts(link, state, [way], netnsPath);
  for (const burst of await fireBursts(link, bursts, stand.emulator, signal))
    figures.push(
      rateFigure(burst, otherwise.rate?.bitsPerS ?? NaN),
      ...queueFigures(burst, otherwise, 'netem'),
    );
  for (const { stream } of bursts) stream[Symbol.dispose]();
  return figures;
}
