import { ETHERNET_BYTES } from '../base/headers.js';
import type { DirectionState, LinkState } from '../emulator/contract.js';
import type { Impairment } from '../plan/impairment.js';
import type { PlannedLink } from '../plan/planned-lab.js';
import type { ProbeSeries } from '../runfolder/journal.js';
import { impairmentMet, plainShape, ruleMet, shapeFor, type ProbeShape } from './probe-match.js';
import { RATE_SHARE, type ProbeSize } from './probe-size.js';
import { ProbeStream } from './probe-stream.js';
import { directionFrom, type Way } from './sides.js';

const FEW = 10;
/** As long as the MTU lets pass: they take more of a rate, so there are fewer. */
const LONGEST_COUNT = 5;
/** Probes stay below the MTU of the interfaces themselves. */
const INTERFACE_MTU = 1500;
/** Of a bare probe, so that most damage is to what is looked at; behind a rate it stays as small as can be. */
const BARE_BYTES = 1000;

/** A stream of probes and how many of them. */
export interface Volley {
  stream: ProbeStream;
  size: ProbeSize;
  link: string;
  state: DirectionState;
  kind: ProbeSeries['kind'];
}

/**
 * Volleys for all that a link was told to do: plain packets and packets for each rule that probes can meet, bare ones where
 * packets are damaged, and for an MTU long ones.
 */
export function openVolleys(
  link: PlannedLink,
  state: LinkState,
  ways: readonly Way[],
  size: (state: DirectionState) => ProbeSize,
  netnsPath: (node: string) => string,
): Volley[] {
  return ways.flatMap((way) => {
    const direction = state[directionFrom(link, way.from)];
    const volleys: Volley[] = [];
    const usual = size(direction);
    const open = (shape: ProbeShape, kind: ProbeSeries['kind'] = 'plain', ipBytes = 0, own = usual) => {
      const stream = ProbeStream.open(way, shape, netnsPath, { ipBytes, bare: kind === 'bare' });
      if (stream) volleys.push({ stream, size: own, link: link.name, state: direction, kind });
      return stream;
    };
    const openLane = (shape: ProbeShape) => {
      const plain = open(shape);
      const impairment = plain && impairmentMet(direction, ruleMet(direction, plain.header));
      if (direction.cut === null && impairment?.corrupt) open(shape, 'bare', bareBytes(impairment));
      return plain;
    };
    const plain = openLane(plainShape);
    const met = plain ? ruleMet(direction, plain.header) : null;
    for (const [index, { match }] of direction.rules.entries()) {
      const shape = shapeFor(match, way);
      if (shape && index !== met) openLane(shape);
    }
    const impairment = direction.cut === null ? impairmentMet(direction, met) : null;
    const mtu = impairment?.mtuBytes ?? INTERFACE_MTU;
    if (impairment && mtu < INTERFACE_MTU) {
      open(plainShape, 'too-long', mtu + 1, { ...usual, train: 1, count: FEW });
      open(plainShape, 'longest', mtu, longestSize(usual, impairment, mtu));
    }
    return volleys;
  });
}

const bareBytes = ({ rate, mtuBytes }: Impairment): number =>
  rate === null ? Math.min(BARE_BYTES, mtuBytes ?? Infinity) : 0;

/** Within the time that the others take, and as far apart as a rate lets them pass. */
function longestSize(usual: ProbeSize, { rate }: Impairment, mtu: number): ProbeSize {
  const bits = (mtu + ETHERNET_BYTES) * 8;
  const spacingMs = Math.max(usual.spacingMs, rate ? (bits * 1000) / (rate.bitsPerS * RATE_SHARE) : 0);
  const count = Math.floor((usual.count * usual.spacingMs) / spacingMs);
  return { ...usual, spacingMs, train: 1, count: Math.min(LONGEST_COUNT, Math.max(1, count)) };
}
