import { suggestion } from '../base/nearest.js';
import type { Item } from './draft.js';
import type { Lab } from './lab-schema.js';
import type { NodeEntry } from './schema.js';
import type { Finding } from './source.js';

/** Answers of who answers nothing, and answers that stay as they are. */
export function checkAnswer({ index, value }: Item<NodeEntry>, lab: Lab): Finding[] {
  if (!('answer' in value)) return [];
  const at = { path: ['timeline', index, 'answer'], at: 'value' as const };
  const answering = lab.nodes.filter(
    ({ role, softphone }) => role === 'carrier' || (role === 'phone' && softphone === undefined),
  );
  const names = answering.map(({ name }) => name);
  if (!names.includes(value.answer)) {
    const node = lab.nodes.find(({ name }) => name === value.answer);
    const what = `the answers of ${value.answer} are its own${node ? `: it is a ${node.softphone ?? node.role}` : ''}.`;
    return [
      { code: 'ANSWERS_ITSELF', what, fix: suggestion(value.answer, names, 'carriers and phones'), ...at },
    ];
  }
  if (value.invite !== undefined || (value.options ?? 200) !== 200) return [];
  return [
    {
      code: 'ANSWER_UNCHANGED',
      what: 'calls are taken and probes get 200, as ever, so nothing would happen.',
      fix: 'Add "invite: 503" or "options: 404".',
      ...at,
    },
  ];
}
