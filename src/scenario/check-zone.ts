import { suggestion } from '../base/nearest.js';
import type { Lab } from './lab-schema.js';
import { isWithin, srvPattern } from './lab-zone.js';
import type { Finding } from './source.js';

/** Names in a lab's zone that don't fit together. */
export function checkZone(lab: Lab): Finding[] {
  const { zone } = lab;
  if (!zone) return [];
  const authority = lab.nodes.find(({ name }) => name === zone.authority);
  return [
    ...(authority?.role === 'nameserver'
      ? []
      : [
          {
            code: authority ? 'ROLE_WRONG' : 'NODE_UNKNOWN',
            what: `expected a nameserver, not "${zone.authority}".`,
            fix: suggestion(zone.authority, nameservers(lab), 'nameservers'),
            path: ['zone', 'authority'],
            at: 'value' as const,
          },
        ]),
    ...zone.records.flatMap((record, index): Finding[] => {
      const path = ['zone', 'records', index];
      const twice = zone.records.findIndex((one) => one.name === record.name && one.type === record.type);
      return [
        ...(isWithin(record.name, zone.name)
          ? []
          : [
              {
                code: 'RECORD_OUTSIDE',
                what: `"${record.name}" is not in the zone ${zone.name}.`,
                path: [...path, 'name'],
                at: 'value' as const,
              },
            ]),
        ...(twice < index
          ? [
              {
                code: 'NAME_DUPLICATE',
                what: `${record.name} ${record.type} is there already.`,
                path: [...path, 'name'],
                at: 'value' as const,
              },
            ]
          : []),
        ...checkGiven(lab, record.type, record.gives, [...path, 'gives']),
      ];
    }),
  ];
}

export const nameservers = ({ nodes }: Lab): string[] =>
  nodes.filter(({ role }) => role === 'nameserver').map(({ name }) => name);

/** What a record gives: hosts of the lab for an address, data for SRV. */
export function checkGiven(lab: Lab, type: string, gives: readonly string[], path: PropertyKey[]): Finding[] {
  return gives.flatMap((given, index): Finding[] => {
    const at = { path: [...path, index], at: 'value' as const };
    if (type === 'SRV')
      return srvPattern.test(given)
        ? []
        : [
            {
              code: 'RECORD_INVALID',
              what: `expected "priority weight port target" for an SRV record, not "${given}".`,
              ...at,
            },
          ];
    const hosts = lab.nodes.filter(({ role }) => role !== 'switch').map(({ name }) => name);
    if (hosts.includes(given)) return [];
    const fix = suggestion(given, hosts, 'nodes');
    return [{ code: 'NODE_UNKNOWN', what: `the lab "${lab.name}" has no host "${given}".`, fix, ...at }];
  });
}
