import type { DirectionState, LinkState } from '../emulator/contract.js';
import type { PlannedLink } from '../plan/planned-lab.js';
import { impairmentWords, matchWords } from '../plan/words.js';

/** What a link was told to do, in words. */
export const describeLink = (link: PlannedLink, state: LinkState): string =>
  `${link.a.node} → ${link.b.node} ${describe(state.aToB)}; ${link.b.node} → ${link.a.node} ${describe(state.bToA)}`;

function describe({ cut, rules, otherwise, profile }: DirectionState): string {
  if (cut !== null) return `cut (${cut})`;
  const special = rules.map(
    ({ match, impairment }) => `${matchWords(match)}: ${impairmentWords(impairment)}`,
  );
  const rest = profile ? `course ${profile.name}` : impairmentWords(otherwise);
  return special.length === 0 ? rest : [...special, `else ${rest}`].join(', ');
}
