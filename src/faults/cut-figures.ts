import type { DirectionState, LinkState } from '../emulator/contract.js';
import type { PlannedLink } from '../plan/planned-lab.js';
import type { ProbeSeries, ProofFigure } from '../runfolder/journal.js';

/** Whether the cable at one end of a link is plugged in, as that end's kernel has it. */
export interface CarrierReading {
  node: string;
  /** 1 or 0; null if the interface could not be asked, or isn't up. */
  carrier: 0 | 1 | null;
}

/**
 * Whether a cut answers as it should: a reject must be heard by the sender (ICMP port unreachable), and of all others
 * nothing may be heard. That nothing passes is a figure of its own. TCP's resets are not probed.
 */
export function refusedFigure(series: ProbeSeries, cut: NonNullable<DirectionState['cut']>): ProofFigure {
  const { from, rule, refusals } = series;
  const isRejected = cut === 'reject';
  return {
    from,
    rule,
    what: 'refused',
    unit: 'packets',
    requested: isRejected ? [1, null] : [0, 0],
    achieved: refusals,
    interval: null,
    holds: isRejected ? refusals > 0 : refusals === 0,
    by: 'probes',
  };
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
