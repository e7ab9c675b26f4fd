import { z } from 'zod';

const extension = z
  .string({ error: "an extension, quoted: '1001'" })
  .regex(/^[0-9*#]{1,15}$/, { error: "an extension of digits, * and #, quoted: '1001'" });

/** How a phone gets to be reachable: it registers with a PBX. */
export const registrationSchema = z
  .strictObject({
    with: z.string().describe('The PBX node that it registers with'),
    extension: extension.describe('Its extension: also the name that it registers by'),
    'one-port': z
      .boolean()
      .default(false)
      .describe(
        'It registers from the port at which it answers, as a phone behind a NAT must: calls find their way back to that one only',
      ),
  })
  .describe('The phone registers, with digest authentication; its secret is made for each run from the seed');

/** Something of the PBX that can be called, beside phones. */
export const serviceSchema = z
  .strictObject({
    extension: extension.describe('What phones dial for it'),
    number: z
      .string()
      .regex(/^\+\d{6,15}$/, { error: 'an E.164 number such as +12025550120' })
      .optional()
      .describe('What carriers dial for it; left out, it can be called from phones only'),
    answers: z
      .enum(['phone', 'pbx', 'carrier'])
      .describe(
        'Who talks to the caller in the end: a phone (a queue, an IVR that connects), the PBX itself (voicemail), ' +
          'or a carrier (an emergency number)',
      ),
    emergency: z.boolean().default(false).describe('An emergency number: it must get through always'),
    'asks-for-digits': z
      .boolean()
      .default(false)
      .describe('An IVR that reads an extension from the caller and connects to it'),
  })
  .describe('A service of the PBX');

export type Service = z.output<typeof serviceSchema>;

/** How a phone or carrier sends the digits of a flow. */
export const DTMF_MODES = ['rfc4733', 'info', 'inband'] as const;
