import { suggestion } from '../base/nearest.js';
import { checkImpairment } from './check-impair.js';
import { checkMatch } from './check-match.js';
import type { Draft, Item } from './draft.js';
import { endsOf } from './lab-schema.js';
import type { Lab } from './lab-schema.js';
import { impairmentKeys } from './schema-impair.js';
import { checkContradictions } from './check-contradictions.js';
import { checkNodeFault } from './check-node-fault.js';
import { checkTimes } from './check-times.js';
import type { ImpairEntry, LinkEntry } from './schema.js';
import type { Finding } from './source.js';
import { isOfNode, kindOf, linkOf } from './timeline.js';

type Entry = Item<LinkEntry>;

/** Faults that name nothing, can't be, or contradict each other. */
export function checkTimeline({ timeline, traffic, durationMs }: Draft, lab: Lab): Finding[] {
  return [
    ...timeline.flatMap(({ index, value }) => [
      ...(isOfNode(value)
        ? checkNodeFault(
            { index, value },
            lab,
            traffic.map((flow) => flow.value),
          )
        : checkLinkFault({ index, value }, lab)),
      ...checkTimes({ index, value }, durationMs ?? Infinity),
    ]),
    ...checkContradictions(timeline),
  ];
}

const checkLinkFault = (entry: Entry, lab: Lab): Finding[] => [
  ...checkTarget(entry, lab),
  ...checkFrom(entry),
  ...checkEffect(entry, lab),
];

function checkTarget({ index, value }: Entry, lab: Lab): Finding[] {
  const link = linkOf(value);
  const known = lab.links.map(({ name }) => name);
  if (known.includes(link)) return [];
  const reversed = endsOf(link).reverse().join('--');
  return [
    {
      code: 'LINK_UNKNOWN',
      what: `the lab "${lab.name}" has no link "${link}".`,
      fix: known.includes(reversed) ? `Did you mean "${reversed}"?` : suggestion(link, known, 'links'),
      path: ['timeline', index, kindOf(value)],
      at: 'value',
    },
  ];
}

function checkFrom({ index, value }: Entry): Finding[] {
  const ends = endsOf(linkOf(value));
  const oneWay = 'cut' in value && value.mode === 'one-way';
  const mode = { path: ['timeline', index, 'mode'], at: 'value' as const };
  const from = { path: ['timeline', index, 'from'], at: 'value' as const };
  if (oneWay && value.from === undefined)
    return [
      {
        code: 'FROM_MISSING',
        what: 'a one-way cut needs the end whose packets vanish.',
        fix: `Add "from: ${ends[0]}" or "from: ${ends[1]}".`,
        ...mode,
      },
    ];
  if (value.from === undefined) return [];
  if ('cut' in value && !oneWay)
    return [
      {
        code: 'FROM_NOT_ALLOWED',
        what: `a ${value.mode} cut is of both directions.`,
        fix: 'Leave "from" out, or use "mode: one-way".',
        ...from,
      },
    ];
  if (ends.includes(value.from)) return [];
  return [
    {
      code: 'FROM_NOT_ON_LINK',
      what: `"${value.from}" is not an end of the link ${linkOf(value)}.`,
      fix: suggestion(value.from, ends, 'ends'),
      ...from,
    },
  ];
}

function checkEffect({ index, value }: Entry, lab: Lab): Finding[] {
  if ('cut' in value) return [];
  const path = ['timeline', index];
  const match = value.only ? checkMatch(value.only, lab, [...path, 'only']) : [];
  if ('block' in value) return match;
  const whole = checkWhole(value, path);
  return whole.length > 0 ? whole : [...match, ...checkImpairment(value, path)];
}

/** An impairment is a set of figures, a profile, or a trace. */
function checkWhole(value: ImpairEntry, path: PropertyKey[]): Finding[] {
  const figures = impairmentKeys.filter((key) => value[key] !== undefined);
  const course = (['profile', 'trace'] as const).filter((key) => value[key] !== undefined);
  const [key] = course;
  if (key === undefined && figures.length === 0)
    return [
      {
        code: 'IMPAIRMENT_EMPTY',
        what: 'an impairment needs at least one of delay, loss, rate and so on, or a profile or a trace.',
        path: [...path, 'impair'],
        at: 'key',
      },
    ];
  const others = [...figures, ...course.slice(1), ...(value.only && key ? ['only'] : [])];
  if (key !== undefined && others[0] !== undefined)
    return [
      {
        code: 'IMPAIRMENT_MIXED',
        what: `a ${key} says all of what happens to a direction, so "${others[0]}" can't stand beside it.`,
        fix: `Leave out ${others.join(', ')}, or make an entry with "only" of it.`,
        path: [...path, others[0]],
        at: 'key',
      },
    ];
  const { subscriber } = value;
  if (subscriber === undefined) return [];
  const at = { path: [...path, 'subscriber'], at: 'value' as const };
  const ends = endsOf(value.impair);
  if (key !== 'profile')
    return [{ code: 'PROFILE_MISSING', what: 'only a profile has a subscriber.', ...at }];
  if (ends.includes(subscriber)) return [];
  return [
    {
      code: 'SUBSCRIBER_NOT_ON_LINK',
      what: `"${subscriber}" is not an end of the link ${value.impair}.`,
      fix: suggestion(subscriber, ends, 'ends'),
      ...at,
    },
  ];
}
