import { z } from 'zod';
import { certificatesOfLab, certificatesOfNode } from './certificate-schema.js';
import { containerKeys } from './container-schema.js';
import { imageName } from './image-schema.js';
import { DTMF_MODES, registrationSchema, serviceSchema } from './lab-phones.js';
import { zoneSchema } from './lab-zone.js';
import { name, templateValue } from './quantities.js';
import { sharedAddressesOfLab } from './shared-addresses.js';

const roles = [
  'phone',
  'switch',
  'sbc',
  'pbx',
  'media-relay',
  'carrier',
  'nameserver',
  'database',
  'router',
] as const;

const argv = z
  .array(z.string(), { error: 'a list: the program and its arguments' })
  .min(1, { error: 'a program and its arguments' });
const port = z
  .number({ error: 'a port from 1 to 65535' })
  .int({ error: 'a port from 1 to 65535' })
  .min(1, { error: 'a port from 1 to 65535' })
  .max(65535, { error: 'a port from 1 to 65535' });

const readiness = z
  .union(
    [
      z.literal('exits'),
      z.literal('healthy'),
      z.strictObject({
        'sip-options': z
          .strictObject({
            address: z.string().describe('Address asked; a template'),
            port: port.describe('UDP port asked'),
          })
          .describe('Ready once a SIP OPTIONS is answered'),
      }),
      z.strictObject({ 'udp-bound': port.describe('Ready once this UDP port is bound') }),
      z.strictObject({ 'tcp-bound': port.describe('Ready once something listens on this TCP port') }),
      z.strictObject({
        command: argv.describe('Run in the node until it says so; argv, templates'),
        matches: z.string().describe('Regular expression that its output must match'),
      }),
    ],
    { error: 'sip-options, udp-bound, tcp-bound, command with matches, healthy, or exits' },
  )
  .describe(
    "How the program is asked whether it is ready; exits: a set-up command that ends with 0; healthy: the image's own health check",
  );

const programSchema = z
  .strictObject({
    name: name('a program').describe('Name of its log'),
    run: argv
      .optional()
      .describe(
        "argv; each a template. Rendered configs are under /run/node/configs. Without it, the image's own ENTRYPOINT and CMD",
      ),
    configs: z
      .array(z.string().describe('File beside lab.yaml; .hbs is rendered and the ending dropped'))
      .default([])
      .describe('Files rendered for the program'),
    ready: readiness,
  })
  .describe('A program that runs in the node');

const nodeSchema = z
  .strictObject({
    name: name('a node').describe('Name of the node'),
    role: z.enum(roles).describe('What it is'),
    resolver: z.string().optional().describe('The nameserver node in its resolv.conf'),
    registers: registrationSchema.optional(),
    softphone: z
      .literal('baresip', { error: 'baresip' })
      .optional()
      .describe('A real softphone answers on this phone, one call at a time, and records what it hears'),
    image: imageName
      .optional()
      .describe(
        'What its files are: a recipe of lab/images; for docker also an image such as freepbx:17, ./archive.tar or ./folder/ with a Dockerfile',
      ),
    ...containerKeys,
    ...certificatesOfNode,
    programs: z.array(programSchema).default([]).describe('What runs in it, in order of start'),
  })
  .describe('A host, or a switch');

/** How the far end of a trunk speaks; a scenario may have another. */
export const trunkSpeech = {
  codec: z
    .enum(['PCMU', 'PCMA'], { error: 'PCMU or PCMA' })
    .optional()
    .describe('The one codec of its carrier, which answers 488 to offers without it; left out, PCMU'),
};

const linkSchema = z
  .union(
    [
      z.string(),
      z.strictObject({
        name: z.string().describe('<node>--<node>'),
        'extra-addresses': z
          .record(z.string(), z.number().int().min(1).max(16))
          .default({})
          .describe('How many addresses a node has on this link beyond its first'),
      }),
    ],
    { error: 'a link such as sbc--carrier-a' },
  )
  .transform((link) => (typeof link === 'string' ? { name: link, 'extra-addresses': {} } : link))
  .describe('A cable between two nodes, <node>--<node>');

/** `lab/<name>/lab.yaml`. */
export const labSchema = z
  .strictObject({
    name: name('a lab').describe('The same as its folder'),
    description: z.string().describe('What it models'),
    nodes: z.array(nodeSchema).min(1).describe('The hosts and switches, in order of their addresses'),
    links: z.array(linkSchema).min(1).describe('The cables'),
    trunks: z
      .array(
        z.strictObject({
          name: name('a trunk').describe('Name of the trunk'),
          carrier: z.string().describe('The carrier node at its far end'),
          alerting: z
            .union([z.literal(180), z.enum(['180', 'early-media'])], { error: '180 or early-media' })
            .default('180')
            .transform((alerting) => (alerting === 180 ? '180' : alerting))
            .describe('How it says that the callee rings: 180, or ringback played in early media'),
          digits: z
            .enum(DTMF_MODES)
            .default('rfc4733')
            .describe('How its far end reads digits: events in RTP, SIP INFO, or tones in the band'),
          ...trunkSpeech,
        }),
      )
      .min(1)
      .describe('In order of preference: the first is the primary'),
    lines: z
      .array(
        z
          .strictObject({
            name: name('a line').describe('Name of the line'),
            link: z.string().describe("Its link, with the site's router at the first end"),
          })
          .describe('A line of the site to the outside'),
      )
      .default([])
      .describe(
        'Lines between which a router of the site chooses, in order of preference: the first is the primary',
      ),
    numbers: z
      .record(z.string(), z.string().regex(/^\+\d{6,15}$/, { error: 'an E.164 number such as +12025550142' }))
      .describe('Numbers of the phones, and of carrier-number'),
    subscribers: z
      .number({ error: 'a whole number from 1 to 1000' })
      .int({ error: 'a whole number from 1 to 1000' })
      .min(1, { error: 'a whole number from 1 to 1000' })
      .max(1000, { error: 'a whole number from 1 to 1000' })
      .default(1)
      .describe(
        'How many numbers the carriers have, counted up from carrier-number. Calls take them in turn, so that a number ' +
          'tells which call a leg is of behind a PBX that changes Call-IDs',
      ),
    ...certificatesOfLab,
    ...sharedAddressesOfLab,
    services: z
      .record(name('a service'), serviceSchema)
      .default({})
      .describe('What can be called beside phones: an IVR, a queue, voicemail, an emergency number'),
    zone: zoneSchema.optional(),
    values: z
      .record(
        z.string().regex(/^[a-z][\w-]*$/i, { error: 'a name of letters, digits, - and _' }),
        z.strictObject({
          default: templateValue().describe('Value unless a scenario or defect overrides it'),
          description: z.string().describe('What it sets, and its unit'),
        }),
      )
      .default({})
      .describe('Values for the config templates'),
    defects: z
      .record(
        name('a defect'),
        z.strictObject({
          description: z.string().describe('What is wrong, and how it comes about'),
          values: z.record(z.string(), templateValue()).describe('The values that plant it'),
        }),
      )
      .default({})
      .describe('Known bugs that can be planted'),
  })
  .describe('A deadair lab: a small telephone network');

export type Lab = z.output<typeof labSchema>;
export type LabNode = z.output<typeof nodeSchema>;
export type LabProgram = z.output<typeof programSchema>;
export type TemplateValue = string | number | boolean;

/** The two ends of a link by its name, `<node>--<node>`. */
export function endsOf(link: string): [string, string] {
  const [a = '', b = ''] = link.split('--');
  return [a, b];
}
