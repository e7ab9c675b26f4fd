import { z } from 'zod';
import { diagnosisCodes } from './diagnoses.js';
import { DTMF_MODES } from './lab-phones.js';
import { trunkSpeech } from './lab-schema.js';
import { expectationSchema } from './schema-expect.js';
import { duration, name, rate, templateValue } from './quantities.js';
import { impairmentShape } from './schema-impair.js';
import { matchSchema } from './schema-match.js';
import { dnsSchema } from './schema-dns.js';
import { answerSchema, crashSchema, freezeSchema, powerSchema, starveSchema } from './schema-node.js';
import { timing } from './schema-timing.js';
import { speechSchema } from './speech.js';

/** The user part that stands for "a subscriber of the carriers" at either end of a flow. */
export const carrierNumber = 'carrier-number';

export const flowSchema = z
  .strictObject({
    name: name('a flow').describe('Name of the flow; its calls are <name>-1, <name>-2 …'),
    from: z.string().describe('Who calls: a phone, or for inbound calls carrier-number or a carrier'),
    'else-from': z
      .string({ error: 'a carrier, such as carrier-b' })
      .optional()
      .describe(
        'Inbound: the carrier by which the network delivers a call that the first one could not deliver, because nothing answered within 2 s or it was refused',
      ),
    to: z
      .string()
      .describe(
        'Who is called: carrier-number for outbound calls, a phone, or a service of the lab such as ivr',
      ),
    rate: rate().describe('Call attempts, such as 2/s or 30/m'),
    hold: duration().describe('How long an answered call stays up, such as 6s'),
    digits: z
      .string({ error: "digits, quoted: '1002'" })
      .regex(/^[0-9*#A-D]{1,24}$/, { error: "up to 24 of 0-9, *, #, A-D, quoted: '1002'" })
      .optional()
      .describe('Digits that the caller dials once it was answered'),
    dtmf: z
      .enum(DTMF_MODES)
      .optional()
      .describe('How it sends them: rfc4733 (events in RTP, if left out), info (SIP INFO) or inband (tones)'),
    speech: speechSchema.optional(),
  })
  .describe('A stream of calls at a steady rate');

const cutSchema = z
  .strictObject({
    at: timing.at,
    cut: z
      .string({ error: 'a link to cut (or "impair" with a link)' })
      .describe('The link that carries nothing any more, such as sbc--carrier-a'),
    mode: z
      .enum(['blackhole', 'reject', 'carrier-down', 'one-way'])
      .default('blackhole')
      .describe(
        'blackhole: packets vanish; reject: answered with ICMP errors; carrier-down: the interfaces lose carrier; ' +
          'one-way: only what `from` sends vanishes',
      ),
    from: z.string().optional().describe('For one-way: the end of the link whose packets vanish'),
    for: timing.for,
    repeat: timing.repeat,
  })
  .describe('Cuts a link');

const impairSchema = z
  .strictObject({
    at: timing.at,
    impair: z
      .string({ error: 'a link to impair, such as sbc--carrier-a' })
      .describe('The link that gets worse, such as sbc--carrier-a'),
    from: z.string().optional().describe('Only what this end sends; left out, both directions'),
    ...impairmentShape,
    only: matchSchema.optional(),
    profile: z.string().optional().describe('A ready course of impairments by its name, or a profile file'),
    subscriber: z
      .string()
      .optional()
      .describe(
        "With profile: the end at the customer's side, which sends upstream; the link's first, if left out",
      ),
    trace: z.string().optional().describe('A trace file (JSONL) that is replayed, relative to this file'),
    for: timing.for,
    repeat: timing.repeat,
  })
  .describe('Makes a link worse: delay, jitter, loss, rate and so on, for all its packets or some of them');

const blockSchema = z
  .strictObject({
    at: timing.at,
    block: z
      .string({ error: 'a link, such as sbc--carrier-a' })
      .describe('The link on which packets are dropped'),
    from: z.string().optional().describe('Only what this end sends; left out, both directions'),
    only: matchSchema,
    for: timing.for,
    repeat: timing.repeat,
  })
  .describe('Drops the packets that match, such as the first three INVITEs');

export const timelineEntrySchema = z
  .union([
    cutSchema,
    impairSchema,
    blockSchema,
    powerSchema,
    freezeSchema,
    answerSchema,
    crashSchema,
    starveSchema,
    dnsSchema,
  ])
  .describe(
    'A fault: cut a link, impair it, block some of its packets; take the power of a node, freeze it, change its answers, crash a program in it, or starve it; or make a nameserver answer wrongly',
  );

const list = <T extends z.ZodType>(item: T, what: string) => z.array(item, { error: `a list of ${what}` });

export const defectSchema = z
  .strictObject({
    plant: z.string().describe('A defect of the lab: the bug to plant'),
    diagnosis: z.enum(diagnosisCodes).describe('What the run must name as the reason it failed'),
    tags: list(name('a tag'), 'tags')
      .optional()
      .describe(
        "With --tag, the twin is run for these of the scenario's tags only; left out, for all of them",
      ),
  })
  .describe('A twin run with a planted bug, which must fail for this reason');

/** A scenario file, `scenarios/<group>/<name>.yaml`: the type, the validator and the editor's JSON Schema. */
export const scenarioSchema = z
  .strictObject({
    name: name('a scenario').describe('Unique name; also its folder in the run folder'),
    title: z.string().describe('One line: what happens'),
    story: z.string().describe('Why this happens in the field, and what good looks like'),
    tags: list(name('a tag'), 'tags').default([]).describe('Labels for choosing scenarios with --tag'),
    lab: z.string().describe('The lab it runs in: a folder under lab/'),
    duration: duration()
      .optional()
      .describe('How long new calls are placed; left out, until well after the last fault'),
    traffic: list(flowSchema, 'flows')
      .min(1, { error: 'at least one flow' })
      .describe('The calls that are placed all the while'),
    timeline: list(timelineEntrySchema, 'faults').default([]).describe('The faults, by time'),
    expect: list(expectationSchema, 'expectations')
      .min(1, { error: 'at least one expectation' })
      .describe('What the callers must get'),
    values: z
      .record(z.string(), templateValue(), { error: 'a mapping of names to values' })
      .default({})
      .describe("Overrides of the lab's template values"),
    trunks: z
      .record(z.string(), z.strictObject(trunkSpeech), { error: 'a mapping of trunks to what they speak' })
      .default({})
      .describe("Overrides of how the lab's trunks speak, such as trunk-b: {codec: PCMA}"),
    defects: list(defectSchema, 'defects')
      .default([])
      .describe('Bugs to plant: each is run as a twin that must fail'),
  })
  .describe('A deadair scenario: a lab, traffic, faults on a timeline, expectations');

export type Scenario = z.output<typeof scenarioSchema>;
export type Flow = z.output<typeof flowSchema>;
export type TimelineEntry = z.output<typeof timelineEntrySchema>;
export type PowerEntry = z.output<typeof powerSchema>;
type AnswerEntry = z.output<typeof answerSchema>;
export type NodeEntry =
  | PowerEntry
  | z.output<typeof freezeSchema>
  | AnswerEntry
  | z.output<typeof crashSchema>
  | z.output<typeof starveSchema>
  | z.output<typeof dnsSchema>;
export type LinkEntry = Exclude<TimelineEntry, NodeEntry>;
export type ImpairEntry = z.output<typeof impairSchema>;
export type ScenarioDefect = z.output<typeof defectSchema>;
