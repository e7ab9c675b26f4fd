import { basename } from 'node:path';
import { z } from 'zod';
import { checkImpairment } from './check-impair.js';
import { duration, name } from './quantities.js';
import { impairmentShape } from './schema-impair.js';
import type { Finding } from './source.js';

const steps = (direction: string) =>
  z
    .array(
      z.strictObject({
        at: duration().describe('From when on this step holds, from the begin of the profile'),
        ...impairmentShape,
      }),
      { error: 'a list of steps' },
    )
    .min(1, { error: 'at least one step' })
    .describe(`What ${direction} meets, step by step; each step is whole`);

/** `lab/profiles/<name>.yaml`: how a kind of access behaves over time, and where its figures are from. */
export const profileSchema = z
  .strictObject({
    name: name('a profile').describe('The same as its file'),
    title: z.string().describe('One line: what it is like'),
    story: z.string().describe('What happens to calls on it, and how the steps came about'),
    source: z.string().describe('The document or the measurement that the figures are from'),
    figures: z
      .array(
        z.strictObject({
          figure: z.string().describe('A figure of the steps'),
          origin: z.string().describe('Where it is from; "own" for what is assumed'),
        }),
        { error: 'a list of figures' },
      )
      .min(1, { error: 'at least one figure' })
      .describe('The origin of each figure'),
    end: z
      .enum(['hold', 'loop', 'stop'])
      .describe('After the last step: it stays, all begins again, or the link is clear'),
    length: duration().describe('How long it is, to the end of the last step'),
    down: steps('what comes to the subscriber'),
    up: steps('what the subscriber sends').optional(),
  })
  .describe('A deadair profile: a course of impairments');

export type Profile = z.output<typeof profileSchema>;
export type ProfileStep = Profile['down'][number];

/** Steps out of order, or that can't be. */
export function checkProfile(profile: Profile, file: string): Finding[] {
  const expected = basename(file).replace(/\.ya?ml$/, '');
  return [
    ...(profile.name === expected
      ? []
      : [
          finding(
            'PROFILE_MISNAMED',
            `a profile is named after its file: expected "${expected}", not "${profile.name}".`,
            ['name'],
          ),
        ]),
    ...(['down', 'up'] as const).flatMap((direction) => checkSteps(profile, direction)),
  ];
}

function checkSteps(profile: Profile, direction: 'down' | 'up'): Finding[] {
  const list = profile[direction] ?? [];
  return list.flatMap((step, index): Finding[] => {
    const path = [direction, index];
    const before = list[index - 1]?.at;
    return [
      ...(before === undefined && step.at !== 0
        ? [finding('STEP_MISPLACED', 'the first step begins at 0s.', [...path, 'at'])]
        : []),
      ...(before !== undefined && step.at <= before
        ? [finding('STEP_MISPLACED', 'a step begins later than the one before it.', [...path, 'at'])]
        : []),
      ...(step.at >= profile.length
        ? [finding('STEP_MISPLACED', 'a step begins before the profile ends.', [...path, 'at'])]
        : []),
      ...checkImpairment(step, path),
    ];
  });
}

const finding = (code: string, what: string, path: PropertyKey[]): Finding => ({
  code,
  what,
  path,
  at: 'value',
});
