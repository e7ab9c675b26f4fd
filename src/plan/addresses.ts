import { DeadairError, ExitCode } from '../base/errors.js';
import { endsOf } from '../scenario/lab-schema.js';
import type { Lab } from '../scenario/lab-schema.js';

/** One end of a link: a node's interface, with its place on a segment. */
export interface Attachment {
  node: string;
  link: string;
  /** Kernel name, 15 characters at most. */
  interface: string;
  /** Index into `Topology.segments`. */
  segment: number;
  /** First the node's own address, then its extra ones; empty on a switch port. */
  addresses: string[];
  mac: string;
}

/** Hosts that reach each other without a router: a cable, or all the cables of a switch. */
interface Segment {
  /** Such as `198.18.1.0/24`. */
  subnet: string;
}

export interface Topology {
  segments: Segment[];
  /** In order of the lab's nodes, and for each of its links; then those of shared addresses, which have no link. */
  attachments: Attachment[];
  /** Nodes that forward packets. */
  routers: Set<string>;
}

export const prefixLength = 24;

/** Segments in 198.18.0.0/15, the first being 198.18.1.0/24, and hosts on one of them. */
const mostSegments = 511;
const mostHosts = 254;
const longestInterfaceName = 15;
/** Names that the kernel keeps for itself, under /proc/sys/net and elsewhere. */
const reservedInterfaces = new Set(['lo', 'all', 'default']);

/** Addresses, MACs and interface names of a lab; the same lab always gets the same. */
export function addressLab(lab: Lab): Topology {
  const segmentOf = joinSegments(lab);
  const segments = [...new Set(segmentOf.values())].sort((a, b) => a - b);
  if (segments.length > mostSegments)
    throw tooLarge(lab, `${segments.length} segments, and there is room for ${mostSegments}`);
  const ends = lab.nodes.flatMap((node) =>
    lab.links
      .filter((link) => endsOf(link.name).includes(node.name))
      .map((link) => ({ node, link, segment: segments.indexOf(segmentOf.get(link.name) ?? -1) })),
  );
  const attachments = ends.map(({ node, link, segment }, index): Attachment => ({
    node: node.name,
    link: link.name,
    interface: interfaceName(node.name, link.name, lab),
    segment,
    addresses: [],
    mac: macOf(index),
  }));
  const shared = sharedAttachments(lab, attachments);
  for (const segment of segments.keys()) {
    const hosts = ends.flatMap((end, index) =>
      end.segment === segment && end.node.role !== 'switch' ? [index] : [],
    );
    const owners = [...hosts, ...hosts.flatMap((index) => extraOwners(index, ends[index]))];
    if (owners.length + shared.length > mostHosts)
      throw tooLarge(
        lab,
        `${owners.length + shared.length} addresses on one segment, and there is room for ${mostHosts}`,
      );
    for (const [position, owner] of owners.entries())
      attachments[owner]?.addresses.push(`${segmentPrefix(segment)}.${position + 1}`);
    for (const [position, one] of shared.filter((other) => other.segment === segment).entries())
      one.addresses.push(`${segmentPrefix(segment)}.${owners.length + position + 1}`);
  }
  return {
    segments: segments.map((_, index) => ({ subnet: `${segmentPrefix(index)}.0/${prefixLength}` })),
    attachments: [...attachments, ...shared],
    routers: new Set(lab.nodes.filter(({ role }) => role === 'router').map(({ name }) => name)),
  };
}

/** Link → a number shared by all links of its segment: the index of the segment's first link. */
function joinSegments(lab: Lab): Map<string, number> {
  const switches = new Set(lab.nodes.filter(({ role }) => role === 'switch').map(({ name }) => name));
  const segmentOf = new Map(lab.links.map(({ name }, index) => [name, index]));
  for (let joined = true; joined;) {
    joined = false;
    for (const one of switches) {
      const links = lab.links.filter(({ name }) => endsOf(name).includes(one)).map(({ name }) => name);
      const lowest = Math.min(...links.map((link) => segmentOf.get(link) ?? Infinity));
      for (const link of links)
        if (segmentOf.get(link) !== lowest) {
          segmentOf.set(link, lowest);
          joined = true;
        }
    }
  }
  return segmentOf;
}

/** Whoever has a shared address stands for a node of its own: one on each segment on which all that share it are. */
const sharedAttachments = (lab: Lab, attachments: readonly Attachment[]): Attachment[] =>
  Object.entries(lab['shared-addresses']).flatMap(([name, nodes]) => {
    const segmentsOf = (node: string) =>
      attachments.filter((one) => one.node === node).map(({ segment }) => segment);
    const [first = '', ...others] = nodes;
    return [...new Set(segmentsOf(first))]
      .filter((segment) => others.every((node) => segmentsOf(node).includes(segment)))
      .map((segment) => ({ node: name, link: '', interface: '', segment, addresses: [], mac: '' }));
  });

function extraOwners(
  index: number,
  end: { node: { name: string }; link: Lab['links'][number] } | undefined,
): number[] {
  return Array<number>((end && end.link['extra-addresses'][end.node.name]) ?? 0).fill(index);
}

/** 198.18.1, 198.18.2 … 198.19.255. */
function segmentPrefix(index: number): string {
  const number = index + 1;
  return `198.${18 + (number >> 8)}.${number & 255}`;
}

/** The other end's name where that fits and is unique in the node; else as much of it as fits, and a number. */
function interfaceName(node: string, link: string, lab: Lab): string {
  const others = lab.links
    .filter(({ name }) => endsOf(name).includes(node))
    .map(({ name }) => ({ link: name, other: endsOf(name).find((end) => end !== node) ?? '' }));
  const position = others.findIndex((one) => one.link === link);
  const other = others[position]?.other ?? '';
  if (other.length <= longestInterfaceName && !reservedInterfaces.has(other)) return other;
  // An underscore is in no node's name, so that this can't collide with one.
  const suffix = `_${position + 1}`;
  return other.slice(0, longestInterfaceName - suffix.length) + suffix;
}

/** Locally administered and unicast: 02:da:1d:00:00:01 … */
function macOf(index: number): string {
  const number = index + 1;
  return [
    '02',
    'da',
    '1d',
    ...[number >> 16, number >> 8, number].map((part) => (part & 255).toString(16).padStart(2, '0')),
  ].join(':');
}

function tooLarge(lab: Lab, what: string): DeadairError {
  return new DeadairError('LAB_TOO_LARGE', `the lab "${lab.name}" needs ${what}.`, {
    exitCode: ExitCode.badInput,
  });
}
