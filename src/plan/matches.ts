import type { MatchFields } from '../scenario/schema-match.js';
import { isAddress } from '../scenario/check-match.js';
import type { Finding } from '../scenario/source.js';
import type { Topology } from './addresses.js';
import type { Match } from './impairment.js';

/**
 * A match with nodes turned into their addresses. A node stands for its address on the link, or for its only one elsewhere.
 * `refuse` throws: it is called for a node with several.
 */
export function matchOf(
  fields: MatchFields,
  link: string,
  topology: Topology,
  refuse: (finding: Omit<Finding, 'path'> & { key: 'from' | 'to' }) => never,
): Match {
  const address = (key: 'from' | 'to'): string | undefined => {
    const place = fields[key];
    if (place === undefined || isAddress(place)) return place;
    const own = topology.attachments.filter(({ node }) => node === place);
    const here = own.filter((one) => one.link === link);
    const addresses = (here.length > 0 ? here : own).flatMap((one) => one.addresses);
    const [only] = addresses;
    if (only !== undefined && addresses.length === 1) return only;
    return refuse({
      key,
      code: 'ADDRESS_AMBIGUOUS',
      what: addresses.length > 0 ? `${place} has several addresses.` : `${place} has no address.`,
      fix: `Name one address, or a network: ${addresses.join(', ') || 'such as 198.18.1.0/24'}.`,
      at: 'value',
    });
  };
  const { rtp, sip } = fields;
  return withoutUndefined({
    protocol: fields.protocol,
    source: address('from'),
    destination: address('to'),
    sourcePort: fields['from-port'],
    destinationPort: fields.port,
    dscp: fields.dscp,
    sip: sip && withoutUndefined(sip),
    rtp: rtp && withoutUndefined({ ssrc: rtp.ssrc, payloadType: rtp['payload-type'] }),
  });
}

type Present<T> = { [Key in keyof T]?: Exclude<T[Key], undefined> };

const withoutUndefined = <T extends object>(given: T): Present<T> =>
  Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as Present<T>;
