import { DeadairError, ExitCode } from '../base/errors.js';
import type { Lab } from '../scenario/lab-schema.js';
import { recordsNamed, type ZoneRecord } from '../scenario/lab-zone.js';
import type { DnsEntry } from '../scenario/schema-dns.js';
import type { Topology } from './addresses.js';
import type { DnsAnswer, NodeAction } from './planned-fault.js';
import type { PlannedRecord, PlannedZone } from './planned-lab.js';
import { nearestAttachment } from './routes.js';

/** The zone of a lab with its addresses; null for a lab without one. */
export function planZone(lab: Lab, topology: Topology): PlannedZone | null {
  const { zone } = lab;
  if (!zone) return null;
  const records = zone.records.map((record) => planRecord(record, lab, topology));
  return { name: zone.name, authority: zone.authority, records };
}

const planRecord = ({ name, type, ttl, gives }: ZoneRecord, lab: Lab, topology: Topology): PlannedRecord => ({
  name,
  type,
  ttlS: ttl / 1000,
  data: dataOf(type, gives, lab, topology),
});

/** Nodes of an address record as the node sees them that chooses trunks; data of SRV as it is. */
function dataOf(type: ZoneRecord['type'], gives: readonly string[], lab: Lab, topology: Topology): string[] {
  if (type === 'SRV') return gives.map((data) => data.toLowerCase());
  const chooser =
    lab.nodes.find(({ role }) => role === 'sbc') ?? lab.nodes.find(({ role }) => role === 'pbx');
  return gives.map((node) => {
    const address = chooser && nearestAttachment(topology, node, chooser.name)?.addresses[0];
    if (address !== undefined) return address;
    throw new DeadairError('RECORD_UNREACHABLE', `a record gives ${node}, to which no way leads.`, {
      exitCode: ExitCode.badInput,
    });
  });
}

/** What a DNS fault does. The loader has seen to it that the lab has a zone and the record. */
export function dnsActionOf(entry: DnsEntry, lab: Lab, topology: Topology): NodeAction {
  const { zone } = lab;
  const found = zone ? (entry.record === undefined ? zone.records : recordsNamed(zone, entry.record)) : [];
  const [first] = found;
  const isOne = entry.record !== undefined && found.length === 1;
  return {
    kind: 'dns',
    answer: answerOf(entry, first?.type ?? 'A', lab, topology),
    record:
      entry.record === undefined ? null : isOne && first ? first.name : (entry.record.split(/\s/)[0] ?? ''),
    records: found.map((record) => planRecord(record, lab, topology)),
  };
}

function answerOf(
  { reply, delay = 0, gives = [] }: DnsEntry,
  type: ZoneRecord['type'],
  lab: Lab,
  topology: Topology,
): DnsAnswer {
  if (reply === 'slow') return { how: 'slow', delayMs: delay };
  if (reply === 'changed') return { how: 'changed', data: dataOf(type, gives, lab, topology) };
  return { how: reply };
}
