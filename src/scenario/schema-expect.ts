import { z } from 'zod';
import { parseCountBound } from '../base/units.js';
import type { Bound } from '../base/units.js';
import { countBound, duration, durationBound, scoreBound, shareBound } from './quantities.js';

const phaseNames = ['baseline', 'fault', 'converged', 'recovery', 'settled'] as const;

/** Which calls an expectation speaks of. */
const scope = {
  in: z
    .enum(phaseNames)
    .optional()
    .describe(
      'Only calls placed in this phase (one that the first fault met unanswered is in `fault`); left out, all calls',
    ),
  flow: z.string().optional().describe('Only calls of this flow; left out, all flows'),
};

const callTime = (what: string) =>
  z
    .strictObject({
      p50: durationBound().optional().describe('Half of the calls are within this, such as <= 2s'),
      p95: durationBound().optional().describe('95 % of the calls are within this'),
      max: durationBound().optional().describe('Every call is within this'),
      ...scope,
    })
    .optional()
    .describe(what);

/** `none` alone: in no call at all. */
const none = z.literal('none').transform((text): { calls: Bound; in?: undefined; flow?: undefined } => ({
  calls: parseCountBound(text),
}));

const callCount = (what: string) =>
  z
    .union(
      [
        none,
        z.strictObject({
          calls: countBound().describe('How many calls may have it: none, 1 or "<= 1"'),
          ...scope,
        }),
      ],
      { error: 'none, or a mapping such as {calls: <= 1, in: fault}' },
    )
    .optional()
    .describe(what);

const callShare = (what: string) =>
  z
    .strictObject({ share: shareBound().describe('Bound, quoted: ">= 95%"'), ...scope })
    .optional()
    .describe(what);

const finalStatus = z
  .number({ error: 'a final response from 200 to 699' })
  .int({ error: 'a final response from 200 to 699' })
  .min(200, { error: 'a final response from 200 to 699' })
  .max(699, { error: 'a final response from 200 to 699' });

/** One entry of `expect`. Each statistic named in it becomes an expectation of its own in the plan. */
export const expectationSchema = z
  .strictObject({
    'time-to-ringback': callTime('INVITE to the ringing being signalled (180, or 183 with media)'),
    'time-to-audible-ringback': callTime('INVITE to the caller being able to hear ringing'),
    'time-to-answer': callTime('INVITE to 200 OK at the caller'),
    'one-way-audio': callCount('Calls in which exactly one side could not hear the other'),
    'dead-air': callCount('Calls in which neither side could hear the other'),
    'heard-share': callShare("Mean over answered calls of the worse ear's heard share"),
    'hole-in-call': z
      .strictObject({
        p95: durationBound().optional().describe('95 % of the answered calls have none longer than this'),
        max: durationBound().optional().describe('No answered call has one longer than this, such as <= 5s'),
        ...scope,
      })
      .optional()
      .describe(
        'Longest time for which a side of a call that was up was not heard, until it was or the call ended',
      ),
    'late-packets': callShare('RTP packets that came too late for the jitter buffer, over all that came'),
    quality: z
      .strictObject({
        p5: scoreBound().optional().describe('All but the worst 5 % of the ears have this, such as ">= 3.6"'),
        min: scoreBound().optional().describe('Every ear has this'),
        ...scope,
      })
      .optional()
      .describe('Estimated quality at each ear of an answered call, MOS-CQE by the E-model, 1 to 4.5'),
    'quality-off-model': z
      .strictObject({
        mean: scoreBound().optional().describe('On average over all ears'),
        max: scoreBound().optional().describe('At every ear, such as "<= 0.2"'),
        ...scope,
      })
      .optional()
      .describe(
        'How far the quality at an ear is from what the E-model gives for the packets that the emulator was told to lose, in MOS',
      ),
    'answered-share': callShare('Answered calls over attempts'),
    'response-codes': z
      .strictObject({
        only: z
          .array(finalStatus, { error: 'a list of final responses, such as [200, 486]' })
          .min(1, { error: 'at least one final response, such as 200' })
          .describe('Final responses that callers may get, such as [200, 486]'),
        ...scope,
      })
      .optional()
      .describe('Which final responses callers get to their INVITEs; none at all is never among them'),
    'caller-id-lost': callCount(
      "Calls that came to their callee with another caller's number than was sent (P-Asserted-Identity, or From)",
    ),
    'number-lost': callCount('Calls that came to their callee for another number than was dialled'),
    'codec-mismatch': callCount(
      'Calls refused for their codecs (488, 415, 606), or in which a party got packets of a codec that it never announced',
    ),
    digits: z
      .literal('all-read', { error: 'all-read (or "digits-read" with a share)' })
      .optional()
      .describe('The digits of every call that was picked up are read at the far end, all and in order'),
    'digits-read': callShare('Calls whose digits are read at the far end, over those picked up'),
    registered: z
      .strictObject({
        within: duration().describe(
          'Longest time until a phone is registered: from its first REGISTER, or with faults from the last heal on',
        ),
      })
      .optional()
      .describe('How soon every phone is registered (again)'),
    'trunk-share': z
      .strictObject({
        trunk: z.enum(['primary', 'backup']).describe('The first trunk of the lab, or any other'),
        share: shareBound().describe('Bound on the share of answered calls, quoted: ">= 95%"'),
        ...scope,
      })
      .optional()
      .describe('Share of answered calls that a trunk carried'),
    failback: z
      .strictObject({
        'excess-transitions': countBound()
          .optional()
          .describe('Changes of trunk beyond one out and one back a fault'),
        'premature-calls': countBound()
          .optional()
          .describe('Calls tried on the primary while it was down or in its hold-down'),
        within: duration()
          .optional()
          .describe('Longest time from the last heal to traffic being home on the primary'),
      })
      .optional()
      .describe('How traffic came home to the primary'),
    'line-share': z
      .strictObject({
        line: z.enum(['primary', 'backup']).describe("The first of the lab's lines, or any other"),
        share: shareBound().describe('Bound on the share of answered calls, quoted: ">= 95%"'),
        ...scope,
      })
      .optional()
      .describe('Share of answered calls whose media went by a line of the site from begin to end'),
    'line-failover': z
      .strictObject({
        'excess-transitions': countBound()
          .optional()
          .describe('Changes of line beyond one out and one back a fault of the primary line'),
        'away-within': duration()
          .optional()
          .describe('Longest time from the first fault of the primary line to calls that keep off it'),
        'home-within': duration()
          .optional()
          .describe('Longest time from its last heal to calls whose media is back on it'),
      })
      .optional()
      .describe("How the site's calls went from line to line"),
    restored: z
      .strictObject({
        within: duration().describe(
          'Longest time from the first fault to the first call from which on every one is answered and heard by both sides',
        ),
        flow: scope.flow,
      })
      .optional()
      .describe('How long calls went wrong, now and then or all the time'),
    'detection-time': z
      .strictObject({
        within: duration().describe(
          'Longest time from the first fault to calls that no longer try the dead trunk',
        ),
      })
      .optional()
      .describe('How long the dead trunk went unnoticed'),
    'back-in-service': z
      .strictObject({
        within: duration().describe(
          'Longest time from a node losing its power to the first call through it in which both sides hear each other',
        ),
      })
      .optional()
      .describe('How long a power cycle kept a node from carrying calls'),
    takeover: z
      .strictObject({
        within: duration().describe(
          'Longest time from a node with a shared address losing its power to another sending from that address',
        ),
        'calls-kept': shareBound()
          .optional()
          .describe(
            'Of the calls that were up, those whose sides heard each other again within that time and to their end, quoted: ">= 100%"',
          ),
      })
      .optional()
      .describe('How a node of several took a shared address over'),
  })
  .refine((entry) => Object.values(entry).some((value) => value !== undefined), {
    error: 'an expectation such as time-to-ringback: {p95: <= 6s}',
  })
  .meta({ minProperties: 1 })
  .describe('What the callers must get');

export type ExpectationEntry = z.output<typeof expectationSchema>;

/** Kinds whose entry must name at least one statistic, and which. */
export const statisticsOf = {
  'time-to-ringback': ['p50', 'p95', 'max'],
  'time-to-audible-ringback': ['p50', 'p95', 'max'],
  'time-to-answer': ['p50', 'p95', 'max'],
  'hole-in-call': ['p95', 'max'],
  quality: ['p5', 'min'],
  'quality-off-model': ['mean', 'max'],
  failback: ['excess-transitions', 'premature-calls', 'within'],
  'line-failover': ['excess-transitions', 'away-within', 'home-within'],
} as const;
