import type { DirectionState, LinkState } from '../emulator/contract.js';
import type { Impairment } from '../plan/impairment.js';
import type { PlannedLink } from '../plan/planned-lab.js';
import type { EmulatorName } from '../plan/types.js';
import type {
  BurstSeries,
  CutMet,
  DialSeries,
  FaultProof,
  ProbeSeries,
  ProofFigure,
} from '../runfolder/journal.js';
import { figureWords } from '../runfolder/proof-words.js';
import { carrierFigures, cutsMet, resetFigures, type CarrierReading } from './cut-figures.js';
import { figuresOf, noiseOf, rateFigure } from './figures.js';
import { impairmentMet } from './probe-match.js';
import { queueFigures } from './queue-figures.js';
import { unknownShare } from './share-figures.js';
import { directionFrom } from './sides.js';
import { describeLink } from './words.js';

/** All that is known of a link while a state was in force on it. */
export interface Observation {
  emulator: EmulatorName;
  link: PlannedLink;
  state: LinkState;
  impaired: ProbeSeries[];
  control: ProbeSeries[];
  bursts: BurstSeries[];
  /** Of both ends of a link that is cut. */
  carriers: CarrierReading[];
  dials: DialSeries[];
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
  const {
    emulator,
    link,
    state,
    impaired,
    control,
    bursts,
    carriers,
    dials,
    unprobed,
    counted,
    lostByEmulator,
    declared,
  } = observation;
  const cuts = cutsMet(link, state, observation);
  const noiseMs = noiseOf(control);
  const directionOf = (from: string): DirectionState => state[directionFrom(link, from)];
  const figures = [
    ...impaired.flatMap((series) =>
      figuresOf(series, directionOf(series.from), {
        noiseMs,
        emulator,
        lostByEmulator: lostByEmulator.get(series.from) ?? null,
      }),
    ),
    ...bursts.map((burst) => rateFigure(burst, rateOf(directionOf(burst.from), burst.rule))),
    ...bursts.flatMap((burst) => {
      const impairment = impairmentMet(directionOf(burst.from), burst.rule);
      return impairment ? queueFigures(burst, impairment, emulator) : [];
    }),
    ...carrierFigures(link, state, carriers),
    ...resetFigures(link, state, dials),
    ...withoutBareProbes(observation, directionOf),
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
    ...cuts
      .filter(({ requested, met }) => met !== requested)
      .map(
        ({ from, requested, met }) =>
          `${link.name} from ${from}: ${met === null ? 'no mode can be told' : `cut met is ${met}`} where ${requested} was asked for`,
      ),
    ...(impaired.length === 0 ? ['no probe could be sent over the link'] : []),
  ];
  return {
    impaired,
    control,
    bursts,
    figures,
    ...(cuts.length === 0 ? {} : { cuts }),
    requested: describeLink(link, state),
    declared,
    holds: reasons.length === 0,
    reason: reasons.length === 0 ? `what was met is what was asked for${modes(cuts)}` : reasons.join('; '),
  };
}

/** Where packets are damaged and no bare probe could be sent, that is said; damaged probes are missing all the same. */
const withoutBareProbes = (
  { impaired }: Observation,
  directionOf: (from: string) => DirectionState,
): ProofFigure[] =>
  impaired
    .filter(({ kind, from, rule }) => {
      const state = directionOf(from);
      const isBare = (series: ProbeSeries) =>
        series.kind === 'bare' && series.from === from && series.rule === rule;
      return (
        kind === 'plain' &&
        state.cut === null &&
        impairmentMet(state, rule)?.corrupt &&
        !impaired.some(isBare)
      );
    })
    .map((series) => unknownShare(series, 'corrupt', 'no port for it is free'));

/** ` (reject from sbc, reject from carrier-a)` */
const modes = (cuts: readonly CutMet[]): string =>
  cuts.length === 0 ? '' : ` (${cuts.map(({ from, met }) => `${met} from ${from}`).join(', ')})`;

/** With nothing else asked for, nothing else can prove it. */
const isRateAlone = (impairment: Impairment | null): boolean =>
  impairment !== null &&
  Object.entries(impairment).every(([what, value]) => what === 'rate' || value === null);

const rateOf = (state: DirectionState, rule: number | null): number =>
  impairmentMet(state, rule)?.rate?.bitsPerS ?? NaN;
