import type { DirectionState } from '../emulator/contract.js';
import type { Impairment, Match } from '../plan/impairment.js';
import type { Way } from './sides.js';

/** What a probe looks like to a rule: a UDP packet of the lab's own. */
export interface ProbeHeader {
  source: string;
  destination: string;
  sourcePort: number;
  destinationPort: number;
  dscp: number;
}

/** Ports to bind (0: any that is free) and DSCP to set so that a probe meets a rule. */
export type ProbeShape = Pick<ProbeHeader, 'sourcePort' | 'destinationPort' | 'dscp'>;

export const plainShape: ProbeShape = { sourcePort: 0, destinationPort: 0, dscp: 0 };

/** Index of the rule that a probe meets, or null if it meets none. */
export function ruleMet(state: DirectionState, header: ProbeHeader): number | null {
  const index = state.rules.findIndex(({ match }) => meets(match, header));
  return index < 0 ? null : index;
}

/** What happens to packets that meet a rule, or none; null for those that a profile is for. */
export const impairmentMet = (state: DirectionState, rule: number | null): Impairment | null =>
  rule === null ? (state.profile ? null : state.otherwise) : (state.rules[rule]?.impairment ?? null);

/** What a probe must look like to meet a rule; null if none of the lab's own UDP packets can. */
export function shapeFor(match: Match, { sender, receiver }: Way): ProbeShape | null {
  const shape: ProbeShape = {
    sourcePort: portIn(match.sourcePort),
    destinationPort: portIn(match.destinationPort),
    dscp: match.dscp ?? 0,
  };
  const header = { source: sender.address, destination: receiver.address, ...shape };
  return meets(match, header) ? shape : null;
}

function meets(match: Match, header: ProbeHeader): boolean {
  const { protocol, source, destination, sourcePort, destinationPort, dscp, sip, rtp } = match;
  return (
    sip === undefined &&
    rtp === undefined &&
    (protocol === undefined || protocol === 'udp') &&
    (source === undefined || within(header.source, source)) &&
    (destination === undefined || within(header.destination, destination)) &&
    (sourcePort === undefined || isIn(header.sourcePort, sourcePort)) &&
    (destinationPort === undefined || isIn(header.destinationPort, destinationPort)) &&
    (dscp === undefined || header.dscp === dscp)
  );
}

/** The last of a range: the first is where programs begin to take theirs. */
const portIn = (ports: Match['sourcePort']): number =>
  ports === undefined ? 0 : typeof ports === 'number' ? ports : ports[1];

const isIn = (port: number, ports: NonNullable<Match['sourcePort']>): boolean =>
  typeof ports === 'number' ? port === ports : port >= ports[0] && port <= ports[1];

function within(address: string, network: string): boolean {
  const [base = '', bits = '32'] = network.split('/');
  const size = 2 ** (32 - Number(bits));
  return Math.floor(numberOf(address) / size) === Math.floor(numberOf(base) / size);
}

const numberOf = (address: string): number =>
  address.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0);
