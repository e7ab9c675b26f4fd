import { z } from 'zod';
import { duration } from './quantities.js';

/** Data of an SRV record (RFC 2782). */
export const srvPattern = /^\d{1,5} \d{1,5} \d{1,5} [a-z0-9.-]+$/i;

/** Types of records that a lab can have. */
const RECORD_TYPES = ['A', 'SRV'] as const;

const domain = (what: string) =>
  z
    .string({ error: what })
    .regex(/^[a-z0-9_-]+(\.[a-z0-9_-]+)+$/i, { error: `${what}, without a dot at its end` });

const recordSchema = z
  .strictObject({
    name: domain('a name such as gw.trunk.test').describe('Its name in full'),
    type: z.enum(RECORD_TYPES).describe('A: an address; SRV: where a service is (RFC 2782)'),
    ttl: duration().describe('How long it may be kept, such as 3s'),
    gives: z
      .array(z.string(), { error: 'a list of nodes, or of SRV data' })
      .min(1, { error: 'a node, or SRV data' })
      .describe('For A: nodes, whose addresses it gives; for SRV: texts such as "10 100 5060 gw.trunk.test"'),
  })
  .describe('The records of one name and type');

/** What names the lab's carriers have, and which node is their authority. */
export const zoneSchema = z
  .strictObject({
    name: domain('a zone such as trunk.test').describe(
      'Name of the zone; the file of its records is <name>.zone',
    ),
    authority: z
      .string()
      .describe('The nameserver node that has it: nsd, which reads /run/zones/<name>.zone'),
    records: z.array(recordSchema).min(1, { error: 'at least one record' }).describe('Its records'),
  })
  .describe('A zone of the DNS, for faults that are about names');

export type Zone = z.output<typeof zoneSchema>;
export type ZoneRecord = z.output<typeof recordSchema>;

/** Whether `name` is `domain`, or below it. */
export const isWithin = (name: string, domain: string): boolean =>
  name.toLowerCase() === domain.toLowerCase() || name.toLowerCase().endsWith(`.${domain.toLowerCase()}`);

/** What a fault's `record` names: a domain, and a type if it says one. */
export function namedRecord(text: string): { domain: string; type: string | null } {
  const [domain = '', type] = text.trim().split(/\s+/);
  return { domain, type: type?.toUpperCase() ?? null };
}

/** The records of a zone that such a text is about: those of the name and below it. */
export function recordsNamed(zone: Zone, text: string): ZoneRecord[] {
  const { domain, type } = namedRecord(text);
  return zone.records.filter(
    (record) => isWithin(record.name, domain) && (type === null || record.type === type),
  );
}
