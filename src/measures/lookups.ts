import type { DnsMessage, DnsRecord, EvidenceRef } from '../evidence/types.js';

/** One question to a nameserver, as seen nearest to who asked. Times are ms on the lab axis. */
export interface Lookup {
  /** Addresses. */
  client: string;
  server: string;
  name: string;
  type: string;
  askedAt: number;
  /** Null, as all that follows, for a question that was never answered. */
  answeredAt: number | null;
  rcode: string | null;
  /** The server has the zone itself, and didn't say what it remembered. */
  authoritative: boolean;
  answers: DnsRecord[];
  negativeTtlS: number | null;
  /** The question, and the answer if there is one. */
  evidence: EvidenceRef[];
}

/** Questions beside their answers, by time. An answer counts that came back to the point at which the question was first seen. */
export function dnsLookups(messages: readonly DnsMessage[]): Lookup[] {
  const open = new Map<string, { file: string; lookup: Lookup }>();
  for (const message of [...messages].sort((a, b) => a.seen.atMs - b.seen.atMs)) {
    const { seen, src, dst, isResponse, id, name, type } = message;
    const [client, server] = isResponse ? [dst, src] : [src, dst];
    const key = [client.address, client.port, server.address, id, name, type].join(' ');
    const known = open.get(key);
    const what = `${name} ${type}`;
    const { file, frame, atMs } = seen;
    if (!isResponse && !known)
      open.set(key, {
        file,
        lookup: {
          client: client.address,
          server: server.address,
          name,
          type,
          askedAt: atMs,
          ...{ answeredAt: null, rcode: null, authoritative: false, answers: [], negativeTtlS: null },
          evidence: [{ file, frame, atMs, note: `asks for ${what}` }],
        },
      });
    if (!isResponse || known?.file !== file || known.lookup.answeredAt !== null) continue;
    const { rcode, authoritative, answers, negativeTtlS } = message;
    Object.assign(known.lookup, { answeredAt: atMs, rcode, authoritative, answers, negativeTtlS });
    known.lookup.evidence.push({ file, frame, atMs, note: `${what}: ${answerWords(message)}` });
  }
  return [...open.values()].map(({ lookup }) => lookup);
}

function answerWords({ rcode, answers, negativeTtlS }: DnsMessage): string {
  if (answers.length > 0) return answers.map(({ data, ttlS }) => `${data} for ${ttlS} s`).join(', ');
  const kept = negativeTtlS === null ? '' : `, may be kept for ${negativeTtlS} s`;
  return `${rcode ?? ''}${kept}`;
}
