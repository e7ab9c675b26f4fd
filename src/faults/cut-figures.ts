import type { DirectionState, LinkState } from '../emulator/contract.js';
import type { PlannedLink } from '../plan/planned-lab.js';
import type { CutMet, DialSeries, ProbeSeries, ProofFigure } from '../runfolder/journal.js';
import { probed } from './probed.js';
import { directionFrom } from './sides.js';

type Cut = NonNullable<DirectionState['cut']>;

/** Whether the cable at one end of a link is plugged in, as that end's kernel has it. */
export interface CarrierReading {
  node: string;
  /** 1 or 0; null if the interface could not be asked, or isn't up. */
  carrier: 0 | 1 | null;
}

/** What was met of a link that is cut. */
export interface CutSights {
  impaired: readonly ProbeSeries[];
  dials: readonly DialSeries[];
  carriers: readonly CarrierReading[];
}

/**
 * Whether a cut answers as it should: a reject must be heard by the sender (ICMP port unreachable), and of all others
 * nothing may be heard. That nothing passes is a figure of its own.
 */
export function refusedFigure(series: ProbeSeries, cut: Cut): ProofFigure {
  const { refusals } = series;
  const isRejected = cut === 'reject';
  return {
    ...probed(series),
    what: 'refused',
    unit: 'packets',
    requested: isRejected ? [1, null] : [0, 0],
    achieved: refusals,
    interval: null,
    holds: isRejected ? refusals > 0 : refusals === 0,
  };
}

/** TCP connections that were reset: by a reject each of them, by other cuts none; and none may have opened. */
export function resetFigures(
  link: PlannedLink,
  state: LinkState,
  dials: readonly DialSeries[],
): ProofFigure[] {
  return dials.flatMap(({ from, tried, reset, opened }): ProofFigure[] => {
    const cut = cutFrom(link, state, from);
    if (cut === null) return [];
    const wanted = cut === 'reject' ? tried : 0;
    const figure = { ...probed({ from, rule: null }), unit: 'connections', interval: null } as const;
    return [
      {
        ...figure,
        what: 'reset',
        requested: [wanted, wanted],
        achieved: reset,
        holds: reset === wanted,
      },
      ...(opened === 0
        ? []
        : [
            {
              ...figure,
              what: 'opened' as const,
              requested: [0, 0] as [0, 0],
              achieved: opened,
              holds: false,
            },
          ]),
    ];
  });
}

/** Whether both ends of a link that is cut have their carrier, or have lost it, as the kind of cut has it. */
export function carrierFigures(
  link: PlannedLink,
  state: LinkState,
  readings: readonly CarrierReading[],
): ProofFigure[] {
  const cuts = [state.aToB.cut, state.bToA.cut];
  if (cuts.every((cut) => cut === null)) return [];
  const wanted = cuts.includes('carrier-down') ? 0 : 1;
  return [link.a.node, link.b.node].map((node): ProofFigure => {
    const achieved = readings.find((reading) => reading.node === node)?.carrier ?? null;
    return {
      from: node,
      rule: null,
      what: 'carrier',
      unit: 'carrier',
      requested: [wanted, wanted],
      achieved,
      interval: null,
      holds: achieved === wanted,
      by: 'interface',
    };
  });
}

/** The mode that each direction of a cut link was met in, beside the one that was asked for. */
export function cutsMet(link: PlannedLink, state: LinkState, sights: CutSights): CutMet[] {
  return [link.a.node, link.b.node].flatMap((from): CutMet[] => {
    const requested = cutFrom(link, state, from);
    return requested === null ? [] : [{ from, requested, met: modeMet(from, sights) }];
  });
}

function modeMet(from: string, { impaired, dials, carriers }: CutSights): CutMet['met'] {
  const series = impaired.filter((one) => one.from === from);
  const dialled = dials.filter((one) => one.from === from);
  if (carriers.length > 0 && carriers.every(({ carrier }) => carrier === 0)) return 'carrier-down';
  if (series.length === 0 || carriers.some(({ carrier }) => carrier === null)) return null;
  if (series.some(({ received }) => received > 0) || dialled.some(({ opened }) => opened > 0)) return 'none';
  const answered = series.some(({ refusals }) => refusals > 0) || dialled.some(({ reset }) => reset > 0);
  return answered ? 'reject' : 'blackhole';
}

const cutFrom = (link: PlannedLink, state: LinkState, from: string): Cut | null =>
  state[directionFrom(link, from)].cut;
