import type { ExpectationEntry } from '../scenario/schema-expect.js';
import type { Bound, PhaseName, PlannedExpectation } from './types.js';

type Unnumbered = PlannedExpectation extends infer One
  ? One extends unknown
    ? Omit<One, 'id'>
    : never
  : never;

/** One planned expectation for each statistic that an entry names; ids count the entries from 1. */
export function planExpectations(entries: readonly ExpectationEntry[]): PlannedExpectation[] {
  return entries.flatMap((entry, index) =>
    [...callTimes(entry), ...callCounts(entry), ...shares(entry), ...phones(entry), ...failover(entry)].map(
      (one) => {
        const statistic = 'statistic' in one ? `-${one.statistic}` : 'trunk' in one ? `-${one.trunk}` : '';
        return { id: `e${index + 1}-${one.kind}${statistic}`, ...one };
      },
    ),
  );
}

const scopeOf = (scope: { in?: PhaseName | undefined; flow?: string | undefined }) => ({
  phase: scope.in ?? null,
  flow: scope.flow ?? null,
});

function callTimes(entry: ExpectationEntry): Unnumbered[] {
  return (['time-to-ringback', 'time-to-audible-ringback', 'time-to-answer'] as const).flatMap((kind) => {
    const times = entry[kind];
    if (!times) return [];
    return (['p50', 'p95', 'max'] as const).flatMap((statistic) =>
      withBound(times[statistic], (bound) => ({ kind, statistic, bound, ...scopeOf(times) })),
    );
  });
}

const COUNTED = ['one-way-audio', 'dead-air', 'caller-id-lost', 'number-lost', 'codec-mismatch'] as const;

function callCounts(entry: ExpectationEntry): Unnumbered[] {
  const codes = entry['response-codes'];
  const none: Bound = { operator: '<=', value: 0 };
  return [
    ...(codes ? [{ kind: 'response-codes' as const, only: codes.only, bound: none, ...scopeOf(codes) }] : []),
    ...COUNTED.flatMap((kind) => {
      const count = entry[kind];
      return count ? [{ kind, bound: count.calls, ...scopeOf(count) }] : [];
    }),
  ];
}

function shares(entry: ExpectationEntry): Unnumbered[] {
  const trunkShare = entry['trunk-share'];
  return [
    ...(['heard-share', 'answered-share'] as const).flatMap((kind) => {
      const given = entry[kind];
      return given ? [{ kind, bound: given.share, ...scopeOf(given) }] : [];
    }),
    ...(trunkShare
      ? [
          {
            kind: 'trunk-share' as const,
            trunk: trunkShare.trunk,
            bound: trunkShare.share,
            ...scopeOf(trunkShare),
          },
        ]
      : []),
  ];
}

/** `digits: all-read` is a share like any other, of which nothing may be missing. */
function phones({ digits, 'digits-read': read, registered }: ExpectationEntry): Unnumbered[] {
  const all = { phase: null, flow: null };
  return [
    ...(digits === undefined
      ? []
      : [{ kind: 'digits-read' as const, bound: { operator: '>=' as const, value: 1 }, ...all }]),
    ...(read ? [{ kind: 'digits-read' as const, bound: read.share, ...scopeOf(read) }] : []),
    ...(registered
      ? [
          {
            kind: 'registered' as const,
            bound: { operator: '<=' as const, value: registered.within },
            ...all,
          },
        ]
      : []),
  ];
}

function failover({
  failback,
  'detection-time': detection,
  'back-in-service': back,
}: ExpectationEntry): Unnumbered[] {
  const all = { phase: null, flow: null };
  const atMost = (value: number | undefined): Bound | undefined =>
    value === undefined ? undefined : { operator: '<=', value };
  const failbacks = {
    'excess-transitions': failback?.['excess-transitions'],
    'premature-calls': failback?.['premature-calls'],
    'settle-time': atMost(failback?.within),
  };
  return [
    ...(['excess-transitions', 'premature-calls', 'settle-time'] as const).flatMap((statistic) =>
      withBound(failbacks[statistic], (bound) => ({ kind: 'failback' as const, statistic, bound, ...all })),
    ),
    ...withBound(atMost(detection?.within), (bound) => ({ kind: 'detection-time' as const, bound, ...all })),
    ...withBound(atMost(back?.within), (bound) => ({ kind: 'back-in-service' as const, bound, ...all })),
  ];
}

function withBound(bound: Bound | undefined, planned: (bound: Bound) => Unnumbered): Unnumbered[] {
  return bound === undefined ? [] : [planned(bound)];
}
