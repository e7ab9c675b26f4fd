import { formatDuration } from '../base/units.js';
import type { Item } from './draft.js';
import type { TimelineEntry } from './schema.js';
import type { Finding } from './source.js';
import { lengthOf, occurrencesOf } from './timeline.js';

/** Faults of no length, that never heal between repeats, or that come when traffic is over. */
export function checkTimes({ index, value }: Item<TimelineEntry>, trafficMs: number): Finding[] {
  const at = (key: string) => ({ path: ['timeline', index, key], at: 'value' as const });
  const lengthKey = 'crash' in value ? 'restart-after' : 'for';
  const lengthMs = lengthOf(value);
  if (lengthMs === 0) return [{ code: 'FAULT_TOO_SHORT', what: 'a fault of 0ms is none.', ...at(lengthKey) }];
  if (value.repeat && lengthMs === undefined)
    return [
      {
        code: 'REPEAT_ENDLESS',
        what: 'a repeated fault needs a length.',
        fix: `Add "${lengthKey}: 3s".`,
        path: ['timeline', index, 'repeat'],
        at: 'key',
      },
    ];
  if (value.repeat && lengthMs !== undefined && value.repeat.every <= lengthMs)
    return [
      {
        code: 'REPEAT_OVERLAPS',
        what: `repeated every ${formatDuration(value.repeat.every)}, a fault of ${formatDuration(lengthMs)} never heals in between.`,
        fix: `Use a period of more than ${formatDuration(lengthMs)}.`,
        path: ['timeline', index, 'repeat', 'every'],
        at: 'value',
      },
    ];
  const firstMs = Math.min(...occurrencesOf(value).map(({ atMs }) => atMs));
  if (firstMs >= trafficMs)
    return [
      {
        code: 'FAULT_PAST_END',
        what: `a fault at ${formatDuration(firstMs)} is past the end of traffic at ${formatDuration(trafficMs)}.`,
        fix: 'Apply it earlier, or give the scenario a longer "duration".',
        ...at('at'),
      },
    ];
  const endMs = Math.max(...occurrencesOf(value).map(({ atMs, untilMs }) => untilMs ?? atMs));
  if (endMs <= trafficMs) return [];
  return [
    {
      code: 'FAULT_PAST_END',
      what: `the fault lasts until ${formatDuration(endMs)}, past the end of traffic at ${formatDuration(trafficMs)}.`,
      fix: value.repeat
        ? 'Repeat it less often, or give the scenario a longer "duration".'
        : `Leave "${lengthKey}" out for a fault that lasts to the end, or give the scenario a longer "duration".`,
      ...at(value.repeat ? 'repeat' : lengthKey),
    },
  ];
}
