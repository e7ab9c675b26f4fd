import type { Match } from '../../plan/impairment.js';
import { EtherType, IpProtocol, type PacketTest, type PacketView } from './packet-view.js';
import { rtpTest } from './rtp.js';
import { sipTest } from './sip.js';

/**
 * Makes the test for a match, with a count of its own where it has `sip.first`: each packet has to be shown to it
 * once. Cheap tests come first, so that a packet of another kind costs a few comparisons.
 */
export function packetTest(match: Match): PacketTest {
  const { protocol, source, destination, sourcePort, destinationPort, dscp, sip, rtp } = match;
  const tests: PacketTest[] = [];
  if (protocol) tests.push(protocolTest(protocol));
  if (dscp !== undefined) tests.push((packet) => packet.dscp === dscp);
  if (source !== undefined) tests.push(networkTest(source, (packet) => packet.source));
  if (destination !== undefined) tests.push(networkTest(destination, (packet) => packet.destination));
  if (sourcePort !== undefined) tests.push(portTest(sourcePort, (packet) => packet.sourcePort));
  if (destinationPort !== undefined)
    tests.push(portTest(destinationPort, (packet) => packet.destinationPort));
  if (rtp) tests.push(rtpTest(rtp));
  if (sip) tests.push(sipTest(sip));
  if (sip?.first !== undefined) tests.push(firstTest(sip.first));
  return (packet) => {
    for (const test of tests) if (!test(packet)) return false;
    return true;
  };
}

function protocolTest(protocol: NonNullable<Match['protocol']>): PacketTest {
  if (protocol === 'arp') return (packet) => packet.etherType === EtherType.arp;
  const number = IpProtocol[protocol];
  return (packet) => packet.protocol === number;
}

function networkTest(network: string, addressOf: (packet: PacketView) => number): PacketTest {
  const [address = '', bits = '32'] = network.split('/');
  const divisor = 2 ** (32 - Number(bits));
  const wanted = Math.floor(addressNumber(address) / divisor);
  // Protocol −1 is no IPv4: then there are no addresses to compare.
  return (packet) => packet.protocol >= 0 && Math.floor(addressOf(packet) / divisor) === wanted;
}

function addressNumber(address: string): number {
  return address.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0);
}

function portTest(ports: number | [number, number], portOf: (packet: PacketView) => number): PacketTest {
  const [first, last] = typeof ports === 'number' ? [ports, ports] : ports;
  return (packet) => portOf(packet) >= first && portOf(packet) <= last;
}

/** True for the first `count` packets that get this far. */
function firstTest(count: number): PacketTest {
  let seen = 0;
  return () => seen < count && ++seen > 0;
}
