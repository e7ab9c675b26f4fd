import type { Answer } from 'dns-packet';

const RCODES = ['NOERROR', 'FORMERR', 'SERVFAIL', 'NXDOMAIN', 'NOTIMP', 'REFUSED'];

/** Response code in the flags of a DNS message, such as `NXDOMAIN`; by its number where it's a rare one. */
export const rcodeOf = (flags: number): string => RCODES[flags & 15] ?? `RCODE ${flags & 15}`;

/** An address, or `priority weight port target` in lower case; null for records that say neither. */
export function recordText(answer: Answer): string | null {
  if (answer.type === 'A') return answer.data;
  if (answer.type !== 'SRV') return null;
  const { priority = 0, weight = 0, port, target } = answer.data;
  return `${priority} ${weight} ${port} ${target}`.toLowerCase();
}
