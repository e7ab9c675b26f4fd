import { suggestion } from '../base/nearest.js';
import { formatDuration } from '../base/units.js';
import { checkImpairment } from './check-impair.js';
import { checkMatch } from './check-match.js';
import type { Draft, Item } from './draft.js';
import { endsOf } from './lab-schema.js';
import type { Lab } from './lab-schema.js';
import { impairmentKeys } from './schema-impair.js';
import type { ImpairEntry, TimelineEntry } from './schema.js';
import type { Finding } from './source.js';
import { contradiction, kindOf, linkOf, occurrencesOf, overlap } from './timeline.js';

type Entry = Item<TimelineEntry>;

/** Faults that name nothing, can't be, or contradict each other. */
export function checkTimeline({ timeline, durationMs }: Draft, lab: Lab): Finding[] {
  return [
    ...timeline.flatMap((entry) => [
      ...checkTarget(entry, lab),
      ...checkFrom(entry),
      ...checkEffect(entry, lab),
      ...checkTimes(entry, durationMs ?? Infinity),
    ]),
    ...checkContradictions(timeline),
  ];
}

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

function checkTimes({ index, value }: Entry, trafficMs: number): Finding[] {
  const at = (key: string) => ({ path: ['timeline', index, key], at: 'value' as const });
  if (value.for === 0) return [{ code: 'FAULT_TOO_SHORT', what: 'a fault of 0ms is none.', ...at('for') }];
  if (value.repeat && value.for === undefined)
    return [
      {
        code: 'REPEAT_ENDLESS',
        what: 'a repeated fault needs a length.',
        fix: 'Add "for: 3s".',
        path: ['timeline', index, 'repeat'],
        at: 'key',
      },
    ];
  if (value.repeat && value.for !== undefined && value.repeat.every <= value.for)
    return [
      {
        code: 'REPEAT_OVERLAPS',
        what: `repeated every ${formatDuration(value.repeat.every)}, a fault of ${formatDuration(value.for)} never heals in between.`,
        fix: `Use a period of more than ${formatDuration(value.for)}.`,
        path: ['timeline', index, 'repeat', 'every'],
        at: 'value',
      },
    ];
  if (value.at >= trafficMs)
    return [
      {
        code: 'FAULT_PAST_END',
        what: `a fault at ${formatDuration(value.at)} is past the end of traffic at ${formatDuration(trafficMs)}.`,
        fix: 'Apply it earlier, or give the scenario a longer "duration".',
        ...at('at'),
      },
    ];
  const endMs = occurrencesOf(value).at(-1)?.untilMs ?? 0;
  if (endMs <= trafficMs) return [];
  return [
    {
      code: 'FAULT_PAST_END',
      what: `the fault lasts until ${formatDuration(endMs)}, past the end of traffic at ${formatDuration(trafficMs)}.`,
      fix: value.repeat
        ? 'Repeat it less often, or give the scenario a longer "duration".'
        : 'Leave "for" out for a fault that lasts to the end, or give the scenario a longer "duration".',
      ...at(value.repeat ? 'repeat' : 'for'),
    },
  ];
}

function checkContradictions(timeline: Entry[]): Finding[] {
  return timeline.flatMap((later, position) =>
    timeline
      .slice(0, position)
      .flatMap((earlier) => {
        const kind = contradiction(earlier.value, later.value);
        const meet = occurrencesOf(earlier.value).some((one) =>
          occurrencesOf(later.value).some((other) => overlap(one, other)),
        );
        return kind !== null && meet ? [{ kind, earlier }] : [];
      })
      .slice(0, 1)
      .map(({ kind, earlier }): Finding => ({
        code: 'FAULTS_CONTRADICT',
        what:
          `this fault of ${linkOf(later.value)} overlaps with entry ${earlier.index + 1} of the timeline, and ` +
          (kind === 'both' ? "the two can't both hold." : 'one leaves no packet to the other.'),
        fix:
          kind === 'both'
            ? 'Let one end before the other begins, give each a direction of its own with "from", or packets of its own with "only".'
            : 'Put the one that is for fewer packets first: a packet meets the first whose "only" it matches.',
        path: ['timeline', later.index],
        at: 'value',
      })),
  );
}
