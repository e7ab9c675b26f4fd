import type { ExpectationEntry } from '../scenario/schema-expect.js';
import type { Bound, PhaseName, PlannedExpectation } from './planned-expectation.js';

type Unnumbered = PlannedExpectation extends infer One
  ? One extends unknown
    ? Omit<One, 'id'>
    : never
  : never;

/** One planned expectation for each statistic that an entry names; ids count the entries from 1. */
export function planExpectations(entries: readonly ExpectationEntry[]): PlannedExpectation[] {
  return entries.flatMap((entry, index) =>
    [
      ...callTimes(entry),
      ...callCounts(entry),
      ...media(entry),
      ...shares(entry),
      ...phones(entry),
      ...failover(entry),
      ...lines(entry),
      ...service(entry),
    ].map((one) => {
      const which = 'trunk' in one ? `-${one.trunk}` : 'line' in one ? `-${one.line}` : '';
      const statistic = 'statistic' in one ? `-${one.statistic}` : which;
      return { id: `e${index + 1}-${one.kind}${statistic}`, ...one };
    }),
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

function media(entry: ExpectationEntry): Unnumbered[] {
  const { 'hole-in-call': hole, quality, 'quality-off-model': off } = entry;
  return [
    ...(['p95', 'max'] as const).flatMap((statistic) =>
      withBound(hole?.[statistic], (bound) => ({
        kind: 'hole-in-call' as const,
        statistic,
        bound,
        ...scopeOf(hole ?? {}),
      })),
    ),
    ...(['p5', 'min'] as const).flatMap((statistic) =>
      withBound(quality?.[statistic], (bound) => ({
        kind: 'quality' as const,
        statistic,
        bound,
        ...scopeOf(quality ?? {}),
      })),
    ),
    ...(['mean', 'max'] as const).flatMap((statistic) =>
      withBound(off?.[statistic], (bound) => ({
        kind: 'quality-off-model' as const,
        statistic,
        bound,
        ...scopeOf(off ?? {}),
      })),
    ),
  ];
}

function shares(entry: ExpectationEntry): Unnumbered[] {
  const trunkShare = entry['trunk-share'];
  return [
    ...(['heard-share', 'late-packets', 'answered-share'] as const).flatMap((kind) => {
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
  takeover,
}: ExpectationEntry): Unnumbered[] {
  const all = { phase: null, flow: null };
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
    ...withBound(atMost(takeover?.within), (bound) => takeoverOf('time', bound, bound.value)),
    ...withBound(takeover?.['calls-kept'], (bound) => takeoverOf('calls-kept', bound, takeover?.within ?? 0)),
  ];
}

const takeoverOf = (statistic: 'time' | 'calls-kept', bound: Bound, withinMs: number): Unnumbered => ({
  kind: 'takeover',
  statistic,
  bound,
  withinMs,
  phase: null,
  flow: null,
});

function lines({ 'line-share': share, 'line-failover': moves }: ExpectationEntry): Unnumbered[] {
  const all = { phase: null, flow: null };
  const statistics = {
    'excess-transitions': moves?.['excess-transitions'],
    'away-time': atMost(moves?.['away-within']),
    'home-time': atMost(moves?.['home-within']),
  };
  return [
    ...(share
      ? [{ kind: 'line-share' as const, line: share.line, bound: share.share, ...scopeOf(share) }]
      : []),
    ...(['excess-transitions', 'away-time', 'home-time'] as const).flatMap((statistic) =>
      withBound(statistics[statistic], (bound) => ({
        kind: 'line-failover' as const,
        statistic,
        bound,
        ...all,
      })),
    ),
  ];
}

function service({ restored }: ExpectationEntry): Unnumbered[] {
  return [
    ...withBound(atMost(restored?.within), (bound) => ({
      kind: 'restored' as const,
      bound,
      phase: null,
      flow: restored?.flow ?? null,
    })),
  ];
}

const atMost = (value: number | undefined): Bound | undefined =>
  value === undefined ? undefined : { operator: '<=', value };

function withBound(bound: Bound | undefined, planned: (bound: Bound) => Unnumbered): Unnumbered[] {
  return bound === undefined ? [] : [planned(bound)];
}
