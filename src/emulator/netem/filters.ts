import type { Match } from '../../plan/impairment.js';

/** What becomes of the frames of a filter. */
export type FilterAction = { redirect: string } | 'drop';

/** A flower filter; those of a chain are tried in order, and the first that matches acts. */
export interface Filter {
  /** As in `protocol ip`. */
  protocol: 'ip' | 'arp' | 'all';
  /** What follows `flower`; all of them must match. */
  keys: string[];
  /** What `tc -j filter show` must say the keys are. */
  shown: Record<string, unknown>;
  action: FilterAction;
}

export const everything = (action: FilterAction): Filter => ({
  protocol: 'all',
  keys: [],
  shown: {},
  action,
});

/**
 * The filters for a match, AND: one, or two where ports are named without a protocol, for UDP and TCP. A match with
 * `sip` or `rtp` can't be one (RangeError); nor can an arp with ports.
 */
export function filtersFor(match: Match, action: FilterAction): Filter[] {
  if (match.sip ?? match.rtp) throw new RangeError('tc does not read SIP or RTP');
  const hasPorts = match.sourcePort !== undefined || match.destinationPort !== undefined;
  if (match.protocol === undefined && hasPorts)
    return (['udp', 'tcp'] as const).map((protocol) => filterFor({ ...match, protocol }, action));
  return Object.keys(match).length === 0 ? [everything(action)] : [filterFor(match, action)];
}

function filterFor(match: Match, action: FilterAction): Filter {
  const parts = [
    ...(match.protocol === 'arp' ? arpParts(match) : ipParts(match)),
    ...portParts('src_port', match.sourcePort),
    ...portParts('dst_port', match.destinationPort),
  ];
  return {
    protocol: match.protocol === 'arp' ? 'arp' : 'ip',
    keys: parts.flatMap(({ keys }) => keys),
    shown: Object.assign({}, ...parts.map(({ shown }) => shown)) as Record<string, unknown>,
    action,
  };
}

interface Part {
  keys: string[];
  shown: Record<string, unknown>;
}

function ipParts({ protocol, source, destination, dscp }: Match): Part[] {
  return [
    { keys: [], shown: { eth_type: 'ipv4' } },
    ...(protocol === undefined ? [] : [part('ip_proto', protocol)]),
    ...(source === undefined ? [] : [part('src_ip', withoutFullPrefix(source))]),
    ...(destination === undefined ? [] : [part('dst_ip', withoutFullPrefix(destination))]),
    // DSCP is the upper six bits of what was the type of service.
    ...(dscp === undefined
      ? []
      : [
          {
            keys: ['ip_tos', `0x${(dscp << 2).toString(16)}/0xfc`],
            shown: { ip_tos: dscp << 2, ip_tos_mask: 'fc' },
          },
        ]),
  ];
}

function arpParts({ source, destination }: Match): Part[] {
  return [
    { keys: [], shown: { eth_type: 'arp' } },
    ...(source === undefined ? [] : [part('arp_sip', withoutFullPrefix(source))]),
    ...(destination === undefined ? [] : [part('arp_tip', withoutFullPrefix(destination))]),
  ];
}

function portParts(key: 'src_port' | 'dst_port', ports: Match['sourcePort']): Part[] {
  if (ports === undefined) return [];
  const [start, end] = typeof ports === 'number' ? [ports, ports] : ports;
  return start === end
    ? [{ keys: [key, String(start)], shown: { [key]: start } }]
    : [{ keys: [key, `${start}-${end}`], shown: { [key]: { start, end } } }];
}

const part = (key: string, value: string): Part => ({ keys: [key, value], shown: { [key]: value } });

/** tc shows a host without its /32, and a network by its first address. */
function withoutFullPrefix(network: string): string {
  const [address = '', bits] = network.split('/');
  if (bits === undefined || bits === '32') return address;
  const mask = Number(bits) === 0 ? 0 : -1 << (32 - Number(bits));
  const octets = address.split('.').map(Number);
  return `${octets.map((octet, index) => octet & (mask >>> (24 - 8 * index)) & 255).join('.')}/${bits}`;
}
