import type { Profile, ProfileStep } from '../../scenario/profile-schema.js';
import { impairmentOf } from '../impairments.js';
import type { TimeTrace } from './types.js';

/** The two directions of a profile. Without steps of its own, upstream is like downstream. */
export function profileTraces(profile: Profile): { up: TimeTrace; down: TimeTrace } {
  const trace = (steps: readonly ProfileStep[]): TimeTrace => ({
    kind: 'time',
    name: profile.name,
    source: profile.source,
    end: profile.end,
    lengthMs: profile.length,
    steps: steps.map((step) => ({ atMs: step.at, impairment: impairmentOf(step) })),
  });
  return { down: trace(profile.down), up: trace(profile.up ?? profile.down) };
}
