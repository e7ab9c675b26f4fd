import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Match } from '../../../src/plan/impairment.js';
import { type FrameFields, frameOf } from '../../fixtures/frames.js';
import { lossy, ruled } from '../../fixtures/impairments.js';
import { arrivals, carry } from '../../fixtures/wire-carrier.js';

const PORTS = [53, 5060, 5061, 20_000];
const ADDRESSES = ['198.18.0.1', '198.18.0.2', '198.18.1.1', '198.19.0.1'];
/** Networks, each with those of the addresses that are in it. */
const NETWORKS: Record<string, string[]> = {
  '198.18.0.1': ['198.18.0.1'],
  '198.18.0.0/24': ['198.18.0.1', '198.18.0.2'],
  '198.18.0.0/16': ['198.18.0.1', '198.18.0.2', '198.18.1.1'],
  '198.18.0.0/15': ADDRESSES,
};

const protocol = fc.constantFrom('udp' as const, 'tcp' as const, 'icmp' as const);
const port = fc.constantFrom(...PORTS);
const address = fc.constantFrom(...ADDRESSES);
const dscp = fc.constantFrom(0, 34, 46);

const packet = fc.record({
  ...{ protocol, dscp, source: address, destination: address, sourcePort: port, destinationPort: port },
  payload: fc.constant('12345678'),
});
type Packet = Required<Pick<FrameFields, 'protocol' | 'dscp' | 'source' | 'destination'>> & {
  sourcePort: number;
  destinationPort: number;
};

const network = fc.constantFrom(...Object.keys(NETWORKS));
const ports = fc.oneof(port, fc.constant<[number, number]>([5000, 5061]));
const match: fc.Arbitrary<Match> = fc.record(
  { protocol, dscp, source: network, destination: network, sourcePort: ports, destinationPort: ports },
  { requiredKeys: [] },
);

/** What each filter means, told apart from the code that is under test. */
function isMeant(match: Match, packet: Packet): boolean {
  const inNetwork = (asked: string | undefined, is: string) =>
    asked === undefined || NETWORKS[asked]!.includes(is);
  const inPorts = (asked: Match['sourcePort'], is: number) => {
    if (asked === undefined) return true;
    if (packet.protocol === 'icmp') return false;
    return typeof asked === 'number' ? asked === is : asked[0] <= is && is <= asked[1];
  };
  return (
    (match.protocol ?? packet.protocol) === packet.protocol &&
    (match.dscp ?? packet.dscp) === packet.dscp &&
    inNetwork(match.source, packet.source) &&
    inNetwork(match.destination, packet.destination) &&
    inPorts(match.sourcePort, packet.sourcePort) &&
    inPorts(match.destinationPort, packet.destinationPort)
  );
}

describe('the filters of a rule', () => {
  it('are for the packets that meet all of them, whichever they are', () => {
    fc.assert(
      fc.property(match, fc.array(packet, { minLength: 1, maxLength: 60 }), (filters, packets) => {
        const state = ruled(filters, lossy(1));
        const { deliveries, matched } = carry(
          1,
          packets.map((fields, index) => ({
            ...{ gapMs: 1, frame: frameOf(fields), state: index === 0 ? state : null },
          })),
        );
        const spared = packets.flatMap((fields, index) => (isMeant(filters, fields) ? [] : [index]));
        assert.deepEqual(arrivals(deliveries), spared);
        assert.deepEqual(matched, [packets.length - spared.length]);
      }),
      { numRuns: 500 },
    );
  });
});
