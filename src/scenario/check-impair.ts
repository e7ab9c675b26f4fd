import { formatDuration } from '../base/units.js';
import type { ImpairmentFields } from './schema-impair.js';
import type { Finding } from './source.js';

/** What no link can do: values that contradict each other. `path` is that of the mapping with the fields. */
export function checkImpairment(fields: ImpairmentFields, path: PropertyKey[]): Finding[] {
  return [
    ...checkJitter(fields, path),
    ...checkLoss(fields.loss, [...path, 'loss']),
    ...checkRate(fields, path),
    ...checkSlots(fields.slots, [...path, 'slots']),
    ...(fields.reorder && !fields.delay
      ? [
          at(
            [...path, 'reorder'],
            'REORDER_NEEDS_DELAY',
            'without a delay no packet waits, so none can be overtaken.',
            'Add "delay: 20ms".',
          ),
        ]
      : []),
  ];
}

function checkJitter(
  { delay = 0, jitter, distribution, correlation }: ImpairmentFields,
  path: PropertyKey[],
): Finding[] {
  const idle = { distribution, correlation };
  if (!jitter)
    return (['distribution', 'correlation'] as const)
      .filter((key) => idle[key] !== undefined)
      .map((key) =>
        at([...path, key], 'JITTER_MISSING', `a ${key} needs a jitter to be of.`, 'Add "jitter: 5ms".'),
      );
  const table = typeof distribution === 'object' ? distribution.table : [];
  return [
    ...(table.some((value, index) => value < (table[index - 1] ?? value))
      ? [
          at(
            [...path, 'distribution', 'table'],
            'DISTRIBUTION_INVALID',
            'the table of a distribution ascends from its least value to its greatest.',
          ),
        ]
      : []),
    ...(jitter > delay
      ? [
          at(
            [...path, 'jitter'],
            'JITTER_EXCEEDS_DELAY',
            `a jitter of ${formatDuration(jitter)} is more than the delay of ${formatDuration(delay)}: packets would arrive before they are sent.`,
            `Give a delay of at least ${formatDuration(jitter)}.`,
          ),
        ]
      : []),
  ];
}

function checkLoss(loss: ImpairmentFields['loss'], path: PropertyKey[]): Finding[] {
  if (!loss) return [];
  const bad = (key: string, what: string, fix?: string) => [at([...path, key], 'LOSS_INVALID', what, fix)];
  if ('gilbert-elliott' in loss && loss['gilbert-elliott'].p > 0 && loss['gilbert-elliott'].r === 0)
    return bad(
      'gilbert-elliott',
      'with "r: 0%" the line goes bad once and stays so for ever.',
      'Use a cut, or an r of more than 0%.',
    );
  if ('four-state' in loss) {
    const { p13, p14, p31, p32 } = loss['four-state'];
    if (p13 + p14 > 1) return bad('four-state', 'p13 and p14 are more than 100 % together.');
    if (p31 + p32 > 1) return bad('four-state', 'p31 and p32 are more than 100 % together.');
    if (p13 > 0 && p31 === 0) return bad('four-state', 'with "p31: 0%" no burst ever ends.');
  }
  if ('burst' in loss) {
    const { rate, length } = loss.burst;
    const most = length / (length + 1);
    if (rate > most)
      return bad(
        'burst',
        `bursts of ${length} packets can't lose more than ${(most * 100).toFixed(1)} % in all, for at least one packet passes between two.`,
        'Make the bursts longer, or lose less.',
      );
  }
  if ('pattern' in loss && !loss.pattern.includes('x')) return bad('pattern', 'this pattern loses nothing.');
  return [];
}

function checkRate({ rate, burst, queue }: ImpairmentFields, path: PropertyKey[]): Finding[] {
  if (rate === 0)
    return [at([...path, 'rate'], 'RATE_ZERO', 'at a rate of 0 nothing passes.', 'Use "cut" for that.')];
  if (rate === undefined)
    return (['burst', 'queue'] as const)
      .filter((key) => ({ burst, queue })[key] !== undefined)
      .map((key) => at([...path, key], 'RATE_MISSING', `a ${key} needs a rate.`, 'Add "rate: 512kbit".'));
  if (queue && queue.packets === undefined && queue.ms === undefined)
    return [at([...path, 'queue'], 'QUEUE_EMPTY', 'a queue needs packets or ms, or both.')];
  return [];
}

function checkSlots(slots: ImpairmentFields['slots'], path: PropertyKey[]): Finding[] {
  if (!slots) return [];
  const { every, min, max } = slots;
  const bad = (what: string) => [
    at(path, 'SLOTS_INVALID', what, 'Use "every: 20ms", or "min: 10ms, max: 30ms".'),
  ];
  if (
    (every === undefined) === (min === undefined && max === undefined) ||
    (min === undefined) !== (max === undefined)
  )
    return bad('slots are of one length, or between a shortest and a longest.');
  if ((min ?? 0) > (max ?? 0)) return bad('the shortest slot is longer than the longest.');
  return (every ?? max) === 0 ? bad('slots of 0ms are none.') : [];
}

const at = (path: PropertyKey[], code: string, what: string, fix?: string): Finding => ({
  code,
  what,
  ...(fix === undefined ? {} : { fix }),
  path,
  at: 'value',
});
