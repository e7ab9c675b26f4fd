import { z } from 'zod';
import type { Lab } from './lab-schema.js';
import type { Finding } from './source.js';

/** A party that pauses talks for so long, then listens for so long, over and over. */
export const TURNS = { talkMs: 2000, pauseMs: 4000 } as const;

const party = (who: string) =>
  z
    .enum(['steady', 'comfort-noise'])
    .default('steady')
    .describe(
      `${who}: steady talks all the while; comfort-noise talks for 2 s and then listens for 4 s, over and over, and tells the noise of its room (RFC 3389) when it falls silent`,
    );

/** How the parties of a flow's calls talk. */
export const speechSchema = z
  .strictObject({ caller: party('The caller'), callee: party('The callee') })
  .describe('How the parties talk; left out, both all the while');

type Speech = z.output<typeof speechSchema>;

/** The parties that pause. */
export const pausingParties = (speech: Speech | undefined): ('caller' | 'callee')[] =>
  (['caller', 'callee'] as const).filter((who) => speech?.[who] === 'comfort-noise');

/** Pauses that no call is long enough for, and those of a party whose calls can't be told while they are up. */
export function checkSpeech(
  { speech, hold }: { speech?: Speech | undefined; hold: number },
  { name, nodes }: Lab,
  at: (key: string) => PropertyKey[],
): Finding[] {
  const pausing = pausingParties(speech);
  if (pausing.length === 0) return [];
  const needed = TURNS.talkMs + TURNS.pauseMs;
  return [
    ...(hold > needed
      ? []
      : [
          {
            code: 'HOLD_TOO_SHORT',
            what: `a party that pauses talks again ${needed / 1000} s after the answer, and the call is held for ${hold / 1000} s.`,
            fix: 'Hold the call for longer.',
            path: at('hold'),
            at: 'value' as const,
          },
        ]),
    ...(pausing.includes('callee') && nodes.some(({ role }) => role === 'pbx')
      ? [
          {
            code: 'SPEECH_NOT_KNOWN',
            what: `behind the PBX of "${name}" nobody knows, while a call is up, which flow it is of, and so not how its callee should talk.`,
            fix: 'Let the caller pause, or take a lab without a PBX.',
            path: [...at('speech'), 'callee'],
            at: 'value' as const,
          },
        ]
      : []),
  ];
}
