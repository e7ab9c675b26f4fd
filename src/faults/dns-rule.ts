import type { DnsAnswer } from '../plan/planned-fault.js';
import type { PlannedRecord } from '../plan/planned-lab.js';

/** Characters of names and addresses, and nothing that means anything in Lua. */
const SAFE = /^[\w.-]+$/;

/** What dnsdist is told over its console to answer as a fault has it. `about`: null for whatever is asked. */
export function ruleFor(id: string, answer: DnsAnswer, about: readonly PlannedRecord[] | null): string {
  const action = (doing: string, record: PlannedRecord | null) =>
    `addAction(${selector(record)}, ${doing}, {name=${quoted(id)}})`;
  if (answer.how === 'changed')
    return (about ?? []).map((record) => action(giving({ ...record, data: answer.data }), record)).join(' ');
  if (answer.how === 'stale') return (about ?? []).map((record) => action(giving(record), record)).join(' ');
  const doing = ACTIONS[answer.how](answer.how === 'slow' ? answer.delayMs : 0);
  if (answer.how === 'nxdomain' && about)
    return about.map(({ name }) => `addAction(${ofName(name)}, ${doing}, {name=${quoted(id)}})`).join(' ');
  return (about ?? [null]).map((record) => action(doing, record)).join(' ');
}

/** Takes all rules of a fault away, of which there are `count`. */
export const withoutRule = (id: string, count: number): string =>
  Array.from({ length: count }, () => `rmRule(${quoted(id)})`).join(' ');

const ACTIONS: Record<Exclude<DnsAnswer['how'], 'changed' | 'stale'>, (delayMs: number) => string> = {
  none: () => 'DropAction()',
  refused: () => 'RCodeAction(DNSRCode.REFUSED)',
  servfail: () => 'RCodeAction(DNSRCode.SERVFAIL)',
  nxdomain: () => 'RCodeAction(DNSRCode.NXDOMAIN)',
  slow: (delayMs) => `DelayAction(${Math.round(delayMs)})`,
};

/** A name that isn't there has no record of any type. */
const ofName = (name: string): string => `QNameRule(${quoted(`${name}.`)})`;

const selector = (record: PlannedRecord | null): string =>
  record === null ? 'AllRule()' : `AndRule({${ofName(record.name)}, QTypeRule(DNSQType.${record.type})})`;

const giving = ({ type, ttlS, data }: PlannedRecord): string =>
  type === 'A'
    ? `SpoofAction({${data.map(quoted).join(', ')}}, {aa=false, ra=true, ttl=${ttlS}})`
    : `SpoofRawAction({${data.map(srvBytes).join(', ')}}, {aa=false, ra=true, ttl=${ttlS}})`;

/** RFC 2782: three numbers of 16 bits and a name, as a Lua string of decimal escapes. */
function srvBytes(data: string): string {
  const [priority = '0', weight = '0', port = '0', target = ''] = data.split(' ');
  const numbers = [priority, weight, port].flatMap((text) => [Number(text) >> 8, Number(text) & 255]);
  const labels = target
    .split('.')
    .filter(Boolean)
    .flatMap((label) => [label.length, ...Buffer.from(label, 'latin1')]);
  const bytes = [...numbers, ...labels, 0];
  return `"${bytes.map((byte) => `\\${String(byte).padStart(3, '0')}`).join('')}"`;
}

function quoted(text: string): string {
  if (!SAFE.test(text)) throw new Error(`"${text}" can't be said to dnsdist`);
  return `"${text}"`;
}
