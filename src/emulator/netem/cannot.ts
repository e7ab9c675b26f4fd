import {
  type Unsupported,
  unsupportedImpairment,
  unsupportedMatch,
  unsupportedTrace,
} from '../../plan/netem-limits.js';
import type { DirectionState } from '../contract.js';

/** What netem can't do of a state. Plans are asked before anything starts; this is for whoever sets a state by hand. */
export function unsupportedState({ rules, otherwise, profile }: DirectionState): Unsupported[] {
  return [
    ...rules.flatMap(({ match, impairment }) => [
      ...unsupportedMatch(match),
      ...unsupportedImpairment(impairment),
    ]),
    ...unsupportedImpairment(otherwise),
    ...(profile ? unsupportedTrace(profile) : []),
  ];
}
