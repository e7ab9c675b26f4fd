import type { DirectionState, LinkState } from '../emulator/contract.js';
import type { Impairment } from '../plan/impairment.js';
import type { PlannedLink } from '../plan/planned-lab.js';
import type { BurstSeries, FaultProof, ProbeSeries, ProofFigure } from '../runfolder/journal.js';
import { figureWords } from '../runfolder/proof-words.js';
import { carrierFigures, type CarrierReading } from './cut-figures.js';
import { figuresOf, noiseOf, rateFigure } from './figures.js';
import { impairmentMet } from './probe-match.js';
import { describeLink } from './words.js';

/** All that is known of a link while a state was in force on it. */
export interface Observation {
  link: PlannedLink;
  state: LinkState;
  impaired: ProbeSeries[];
  control: ProbeSeries[];
  bursts: BurstSeries[];
  /** Of both ends of a link that is cut. */
  carriers: CarrierReading[];
  /** Figures that could not be probed. */
  unprobed: ProofFigure[];
  /** Figures from the emulator's counters. */
  counted: ProofFigure[];
  /** Frames that the emulator says it lost on purpose since the state was set, by sender; absent if it can't say. */
  lostByEmulator: ReadonlyMap<string, number>;
  declared: string[];
}

/** Holds what probes and counters met against what the link was told to do. */
export function proveState(observation: Observation): FaultProof {
  const { link, state, impaired, control, bursts, carriers, unprobed, counted, lostByEmulator, declared } =
    observation;
  const noiseMs = noiseOf(control);
  const directionOf = (from: string): DirectionState => (from === link.a.node ? state.aToB : state.bToA);
  const figures = [
    ...impaired.flatMap((series) =>
      figuresOf(series, directionOf(series.from), {
        noiseMs,
        lostByEmulator: lostByEmulator.get(series.from) ?? null,
      }),
    ),
    ...bursts.map((burst) => rateFigure(burst, rateOf(directionOf(burst.from), burst.rule))),
    ...carrierFigures(link, state, carriers),
    ...unprobed,
    ...counted,
  ];
  const reasons = [
    ...figures.filter(({ holds }) => holds === false).map((figure) => `${link.name} ${figureWords(figure)}`),
    ...control
      .filter(({ sent, received }) => received < sent)
      .map(
        ({ link: path, from, sent, received }) =>
          `control path ${path} from ${from} lost ${sent - received} probes`,
      ),
    ...unprobed
      .filter(({ from, rule }) => isRateAlone(impairmentMet(directionOf(from), rule)))
      .map((figure) => `${link.name} ${figureWords(figure)}`),
    ...(impaired.length === 0 ? ['no probe could be sent over the link'] : []),
  ];
  return {
    impaired,
    control,
    bursts,
    figures,
    requested: describeLink(link, state),
    declared,
    holds: reasons.length === 0,
    reason: reasons.length === 0 ? 'what was met is what was asked for' : reasons.join('; '),
  };
}

/** With nothing else asked for, nothing else can prove it. */
const isRateAlone = (impairment: Impairment | null): boolean =>
  impairment !== null &&
  Object.entries(impairment).every(([what, value]) => what === 'rate' || value === null);

const rateOf = (state: DirectionState, rule: number | null): number =>
  impairmentMet(state, rule)?.rate?.bitsPerS ?? NaN;
