import { z } from 'zod';
import { duration } from './quantities.js';
import { timing } from './schema-timing.js';

/** What a nameserver may do to who asks it. */
const DNS_ANSWERS = ['none', 'refused', 'servfail', 'nxdomain', 'slow', 'stale', 'changed'] as const;

export const dnsSchema = z
  .strictObject({
    at: timing.at,
    dns: z
      .string({ error: 'a nameserver, such as resolver-a' })
      .describe('The nameserver that goes wrong: a resolver, or the authority of the zone'),
    reply: z
      .enum(DNS_ANSWERS)
      .describe(
        'none: no answer; refused, servfail, nxdomain: that response code; slow: late by `delay`; ' +
          'stale: what it gave when this began, though the authority has changed it; changed: what `gives` says',
      ),
    record: z
      .string({ error: 'a record, such as gw.trunk.test or "gw.trunk.test A"' })
      .optional()
      .describe(
        'For nxdomain, stale and changed: the name, and the type if it has several; names below it too',
      ),
    delay: duration().optional().describe('For slow: how late answers come'),
    gives: z
      .array(z.string(), { error: 'a list of nodes, or of SRV data' })
      .min(1, { error: 'a node, or SRV data' })
      .optional()
      .describe('For changed: nodes for an A record, texts such as "10 100 5060 gw.trunk.test" for SRV'),
    for: timing.for,
    repeat: timing.repeat,
  })
  .describe('Makes a nameserver answer wrongly, late or not at all');

export type DnsEntry = z.output<typeof dnsSchema>;
