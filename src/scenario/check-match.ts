import { isIPv4 } from 'node:net';
import { suggestion } from '../base/nearest.js';
import type { Lab } from './lab-schema.js';
import type { MatchFields } from './schema-match.js';
import type { Finding } from './source.js';

/** Matches that no packet can meet, or that name what isn't there. `path` is that of `only`. */
export function checkMatch(match: MatchFields, lab: Lab, path: PropertyKey[]): Finding[] {
  const impossible = (key: string, what: string, fix?: string): Finding => ({
    code: 'MATCH_IMPOSSIBLE',
    what,
    ...(fix === undefined ? {} : { fix }),
    path: [...path, key],
    at: 'value',
  });
  const { protocol, sip, rtp } = match;
  const findings: Finding[] = [];
  if (Object.keys(match).length === 0)
    findings.push({
      code: 'MATCH_EMPTY',
      what: '"only" names nothing, so it would be for every packet.',
      fix: 'Leave it out, or name for example "protocol: udp".',
      path,
      at: 'value',
    });
  if (sip && rtp)
    findings.push(impossible('rtp', 'no packet is both SIP and RTP.', 'Make two entries of it.'));
  if (protocol !== undefined && protocol !== 'udp')
    for (const key of ['sip', 'rtp'] as const)
      if (match[key])
        findings.push(impossible(key, `${key.toUpperCase()} is looked for over UDP only, not ${protocol}.`));
  if (protocol === 'icmp' || protocol === 'arp')
    for (const key of ['port', 'from-port'] as const)
      if (match[key] !== undefined) findings.push(impossible(key, `${protocol} has no ports.`));
  if (protocol === 'arp' && match.dscp !== undefined) findings.push(impossible('dscp', 'arp has no DSCP.'));
  if (sip) findings.push(...checkSip(sip, impossible));
  for (const key of ['from', 'to'] as const) {
    const place = match[key];
    if (place === undefined || isAddress(place) || lab.nodes.some(({ name }) => name === place)) continue;
    const hosts = lab.nodes.filter(({ role }) => role !== 'switch').map(({ name }) => name);
    findings.push({
      code: 'ADDRESS_INVALID',
      what: `expected an IPv4 address, a network such as 198.18.1.0/24 or a node, not "${place}".`,
      fix: suggestion(place, hosts, 'nodes'),
      path: [...path, key],
      at: 'value',
    });
  }
  return findings;
}

function checkSip(
  sip: NonNullable<MatchFields['sip']>,
  impossible: (key: string, what: string, fix?: string) => Finding,
): Finding[] {
  const { method, status, reinvite } = sip;
  if (reinvite !== undefined && status !== undefined)
    return [impossible('sip', 'reinvite is about requests, and status about responses.')];
  if (reinvite !== undefined && method !== undefined && method !== 'INVITE')
    return [impossible('sip', `reinvite is about INVITE, not ${method}.`)];
  return [];
}

/** Dotted IPv4, alone or with a prefix length. */
export function isAddress(text: string): boolean {
  const [address = '', prefix, ...rest] = text.split('/');
  return (
    isIPv4(address) &&
    rest.length === 0 &&
    (prefix === undefined || (/^\d{1,2}$/.test(prefix) && Number(prefix) <= 32))
  );
}
