import { z } from 'zod';
import { whole } from './impair-units.js';

/** RFC 3261 and its extensions that labs see. */
const methods = [
  'INVITE',
  'ACK',
  'BYE',
  'CANCEL',
  'OPTIONS',
  'REGISTER',
  'PRACK',
  'UPDATE',
  'INFO',
  'REFER',
  'SUBSCRIBE',
  'NOTIFY',
  'MESSAGE',
  'PUBLISH',
] as const;

const PORT = 'a port from 1 to 65535, or a range such as 10000-20000';
const port = () =>
  z.union([z.number(), z.string()], { error: PORT }).transform((given, context) => {
    const [, first, last] = /^(\d+)(?:-(\d+))?$/.exec(String(given)) ?? [];
    const range: [number, number] = [Number(first), Number(last ?? first)];
    if (range[0] >= 1 && range[0] <= range[1] && range[1] <= 65_535)
      return range[0] === range[1] ? range[0] : range;
    context.addIssue({ code: 'custom', message: PORT, input: given });
    return z.NEVER;
  });

const STATUS = 'a status such as 180, or a class such as 2xx';
const status = z
  .union([z.number(), z.string()], { error: STATUS })
  .transform((given, context) => {
    if (/^[1-6]\d\d$/.test(String(given))) return Number(given);
    if (/^[1-6]xx$/.test(String(given))) return given;
    context.addIssue({ code: 'custom', message: STATUS, input: given });
    return z.NEVER;
  })
  .describe('Responses with this status or of this class; with method, those to it');

const sip = z
  .strictObject({
    method: z
      .enum(methods)
      .optional()
      .describe('Requests with this method; with status, the responses to them'),
    status: status.optional(),
    reinvite: z
      .boolean({ error: 'true or false' })
      .optional()
      .describe('true: an INVITE inside a dialog; false: only those that begin one'),
    first: whole(1, 1_000_000, 'a whole number')
      .optional()
      .describe('Only the first so many that match, counted in each direction'),
  })
  .describe('SIP messages by their meaning (UDP; the wire emulator)');

const rtp = z
  .strictObject({
    ssrc: whole(0, 2 ** 32 - 1, 'an SSRC')
      .optional()
      .describe('Source of the stream'),
    'payload-type': whole(0, 127, 'a payload type').optional().describe('RTP payload type'),
  })
  .describe('RTP packets; {} for all of them (the wire emulator)');

/** Which packets a fault is for: all that is named must match. */
export const matchSchema = z
  .strictObject({
    protocol: z.enum(['udp', 'tcp', 'icmp', 'arp']).optional().describe('Protocol'),
    from: z
      .string()
      .optional()
      .describe('Source: an IPv4 address, a network such as 198.18.1.0/24, or a node'),
    to: z.string().optional().describe('Destination: an address, a network, or a node'),
    port: port().optional().describe('Destination port, or a range such as 10000-20000'),
    'from-port': port().optional().describe('Source port, or a range'),
    dscp: whole(0, 63, 'a DSCP').optional().describe('DSCP, such as 46 for EF'),
    sip: sip.optional(),
    rtp: rtp.optional(),
  })
  .describe('Only packets that match everything named here');

export type MatchFields = z.output<typeof matchSchema>;
