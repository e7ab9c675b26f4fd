import { decode } from 'dns-packet';
import { rcodeOf, recordText } from '../base/dns.js';
import type { DnsMessage } from './types.js';

export type DnsContent = Omit<DnsMessage, 'seen' | 'src' | 'dst'>;

/** Parses a DNS message; a text that completes "3 × …" for what is none. */
export function parseDns(bytes: Buffer): DnsContent | string {
  try {
    const {
      id = 0,
      flags = 0,
      flag_qr,
      flag_aa,
      questions = [],
      answers = [],
      authorities = [],
    } = decode(bytes);
    const [question] = questions;
    if (!question) return 'DNS message without a question';
    const soa = authorities.find((record) => record.type === 'SOA');
    return {
      id,
      isResponse: flag_qr,
      rcode: flag_qr ? rcodeOf(flags) : null,
      authoritative: flag_aa,
      name: question.name.toLowerCase(),
      type: question.type,
      answers: answers.flatMap((answer) => {
        const data = recordText(answer);
        const ttlS = 'ttl' in answer ? (answer.ttl ?? 0) : 0;
        return data === null ? [] : [{ name: answer.name.toLowerCase(), type: answer.type, ttlS, data }];
      }),
      // RFC 2308 §5: the lesser of the SOA's own TTL and its last field.
      negativeTtlS: soa ? Math.min(soa.ttl ?? Infinity, soa.data.minimum ?? Infinity) : null,
    };
  } catch {
    return 'DNS message that does not parse';
  }
}
