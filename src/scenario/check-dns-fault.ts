import { suggestion } from '../base/nearest.js';
import type { Item } from './draft.js';
import { checkGiven, nameservers } from './check-zone.js';
import type { Lab } from './lab-schema.js';
import { recordsNamed, type Zone } from './lab-zone.js';
import type { DnsEntry } from './schema-dns.js';
import type { Finding } from './source.js';

/** Answers that are about single records; the others are about whatever is asked. */
const OF_RECORDS: readonly DnsEntry['reply'][] = ['nxdomain', 'stale', 'changed'];

/** A DNS fault of what is no nameserver, of a record that isn't there, or with keys that it has no use for. */
export function checkDnsFault({ index, value }: Item<DnsEntry>, lab: Lab): Finding[] {
  const path = ['timeline', index];
  const node = lab.nodes.find(({ name }) => name === value.dns);
  const finding = (key: string, code: string, what: string, fix?: string, at: 'key' | 'value' = 'value') => [
    { code, what, ...(fix === undefined ? {} : { fix }), path: [...path, key], at },
  ];
  if (!node) return [];
  if (node.role !== 'nameserver')
    return finding(
      'dns',
      'ROLE_WRONG',
      `${node.name} is a ${node.role}, and only a nameserver can answer wrongly.`,
      suggestion(value.dns, nameservers(lab), 'nameservers'),
    );
  const { zone } = lab;
  if (!zone)
    return finding(
      'dns',
      'ZONE_MISSING',
      `the lab "${lab.name}" has no zone, so nothing can be asked for to prove it.`,
      'Give the lab a "zone" with its authority and records, as named-trunks has it.',
    );
  if (!node.programs.some(({ name }) => name === 'dnsdist'))
    return finding(
      'dns',
      'DNSDIST_MISSING',
      `${node.name} has no program "dnsdist", through which answers are changed.`,
      'Put dnsdist in front of its server, as in lab/shared/nameserver.',
    );
  return [
    ...checkKeys(value, finding),
    ...(value.record === undefined ? [] : checkRecord({ index, value }, zone, lab, finding)),
  ];
}

type Tell = (key: string, code: string, what: string, fix?: string, at?: 'key' | 'value') => Finding[];

function checkKeys(value: DnsEntry, finding: Tell): Finding[] {
  const { reply } = value;
  const wants = (key: 'record' | 'delay' | 'gives', isWanted: boolean, example: string): Finding[] => {
    if (isWanted === (value[key] !== undefined)) return [];
    return isWanted
      ? finding('reply', 'KEY_MISSING', `\"${reply}" needs "${key}".`, `Add "${key}: ${example}".`)
      : finding(key, 'KEY_NOT_ALLOWED', `"${reply}" has no use for "${key}".`, 'Leave it out.', 'key');
  };
  return [
    ...wants('record', OF_RECORDS.includes(reply), 'gw.trunk.test'),
    ...wants('delay', reply === 'slow', '3s'),
    ...wants('gives', reply === 'changed', '[carrier-b]'),
  ];
}

function checkRecord({ index, value }: Item<DnsEntry>, zone: Zone, lab: Lab, finding: Tell): Finding[] {
  const { record = '', reply, dns, gives } = value;
  const found = recordsNamed(zone, record);
  const [only] = found;
  if (!only) {
    const names = zone.records.flatMap(({ name, type }) => [name, `${name} ${type}`]);
    const known = [...new Set(names)];
    return finding(
      'record',
      'RECORD_UNKNOWN',
      `the zone ${zone.name} has no record "${record}".`,
      suggestion(record, known, 'records'),
    );
  }
  if (reply === 'stale' && dns === zone.authority)
    return finding(
      'reply',
      'AUTHORITY_NOT_STALE',
      `${dns} is the authority of ${zone.name}: what it says is what is so.`,
      'Let a resolver be stale, and the authority change the record meanwhile.',
    );
  if (reply !== 'changed' || !gives) return [];
  if (found.length > 1)
    return finding(
      'record',
      'RECORD_AMBIGUOUS',
      `"${record}" is ${found.map(({ name, type }) => `${name} ${type}`).join(', ')}, and one is changed at a time.`,
      `Write "record: ${only.name} ${only.type}".`,
    );
  if (gives.toSorted().join() === only.gives.toSorted().join())
    return finding(
      'gives',
      'RECORD_UNCHANGED',
      `${only.name} ${only.type} gives that already, so nothing would happen.`,
      'Let it give something else.',
    );
  return checkGiven(lab, only.type, gives, ['timeline', index, 'gives']);
}
