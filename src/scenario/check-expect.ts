import { suggestion } from '../base/nearest.js';
import type { Bound } from '../base/units.js';
import type { Draft, Item } from './draft.js';
import type { Lab } from './lab-schema.js';
import { statisticsOf } from './schema-expect.js';
import type { ExpectationEntry } from './schema-expect.js';
import type { Finding } from './source.js';
import { nodesOf, occurrencesOf } from './timeline.js';

/** What an expectation may speak of, given the rest of the scenario. */
interface Possible {
  phases: string[];
  faults: boolean;
  heals: boolean;
  /** A node loses its power and gets it back. */
  powers: boolean;
  /** A node with a shared address loses its power. */
  takeovers: boolean;
  flows: string[];
  digits: boolean;
  phones: boolean;
  backup: boolean;
  /** A site of the lab has a choice of lines. */
  lines: boolean;
}

/** Expectations that name nothing measurable, an unknown flow, or a phase that can't occur. */
export function checkExpect(draft: Draft, lab: Lab): Finding[] {
  const possible = possibleIn(draft, lab);
  return draft.expect.flatMap((entry) => [
    ...checkStatistics(entry),
    ...checkBounds(entry),
    ...checkScopes(entry, possible, draft.broken),
    ...checkPossible(entry, possible, draft.broken),
  ]);
}

function possibleIn({ timeline, traffic }: Draft, lab: Lab): Possible {
  const occurrences = timeline.flatMap(({ value }) => occurrencesOf(value));
  const faults = occurrences.length > 0;
  const heals = faults && occurrences.every(({ untilMs }) => untilMs !== null);
  const phases = [
    ...(occurrences.every(({ atMs }) => atMs > 0) ? ['baseline'] : []),
    ...(faults ? ['fault', 'converged'] : []),
    ...(heals ? ['recovery', 'settled'] : []),
  ];
  return {
    phases,
    faults,
    heals,
    powers: timeline.some(({ value }) => 'power' in value && value.for !== undefined),
    takeovers: losesSharedAddress(timeline, lab),
    flows: traffic.map(({ value }) => value.name),
    digits: traffic.some(({ value }) => value.digits !== undefined),
    phones: lab.nodes.some(({ registers }) => registers !== undefined),
    backup: lab.trunks.length > 1,
    lines: lab.lines.length > 1,
  };
}

const losesSharedAddress = (timeline: Draft['timeline'], lab: Lab): boolean => {
  const shared = Object.values(lab['shared-addresses']).flat();
  return timeline.some(
    ({ value }) => 'power' in value && nodesOf(value).some((node) => shared.includes(node)),
  );
};

function checkStatistics({ index, value }: Item<ExpectationEntry>): Finding[] {
  return Object.entries(statisticsOf).flatMap(([kind, statistics]): Finding[] => {
    const given = value[kind as keyof typeof statisticsOf] as Record<string, unknown> | undefined;
    if (!given || statistics.some((statistic) => given[statistic] !== undefined)) return [];
    const what = `${kind} says nothing: expected at least one of ${statistics.join(', ')}.`;
    return [{ code: 'EXPECTATION_EMPTY', what, path: ['expect', index, kind], at: 'value' }];
  });
}

/** Bounds that every figure keeps: nothing is below none (a MOS not below 1), and no share above all. */
function checkBounds({ index, value }: Item<ExpectationEntry>): Finding[] {
  return Object.entries(value).flatMap(([kind, statistics]) =>
    Object.entries(typeof statistics === 'object' ? statistics : {}).flatMap(
      ([statistic, bound]: [string, unknown]): Finding[] => {
        if (!isBound(bound)) return [];
        const { operator, value: limit } = bound;
        const least = kind === 'quality' ? 1 : 0;
        const isFloor = operator === '>=' && limit <= least;
        const isCeiling = operator === '<=' && limit >= 1 && statistic === 'share';
        if (!isFloor && !isCeiling) return [];
        const what = `${kind} can't fail: ${isFloor ? `no figure is below ${least}` : 'no share is above 100%'}.`;
        const path = ['expect', index, kind, statistic];
        return [{ code: 'EXPECTATION_CANNOT_FAIL', what, path, at: 'value' }];
      },
    ),
  );
}

const isBound = (given: unknown): given is Bound =>
  typeof given === 'object' && given !== null && 'operator' in given && 'value' in given;

function checkScopes(
  { index, value }: Item<ExpectationEntry>,
  possible: Possible,
  broken: Draft['broken'],
): Finding[] {
  return Object.entries(value).flatMap(([kind, scope]): Finding[] => {
    const path = ['expect', index, kind];
    const findings: Finding[] = [];
    if (typeof scope !== 'object') return findings;
    const phase = 'in' in scope ? scope.in : undefined;
    if (phase !== undefined && !possible.phases.includes(phase) && !broken.has('timeline'))
      findings.push({
        code: 'PHASE_CANNOT_OCCUR',
        what: `the phase "${phase}" can't occur: ${reason(possible)}.`,
        fix: `There is: ${possible.phases.join(', ')}.`,
        path: [...path, 'in'],
        at: 'value',
      });
    const flow = 'flow' in scope ? scope.flow : undefined;
    if (flow !== undefined && !possible.flows.includes(flow) && !broken.has('traffic'))
      findings.push({
        code: 'FLOW_UNKNOWN',
        what: `the scenario has no flow "${flow}".`,
        fix: suggestion(flow, possible.flows, 'flows'),
        path: [...path, 'flow'],
        at: 'value',
      });
    return findings;
  });
}

function checkPossible(
  { index, value }: Item<ExpectationEntry>,
  possible: Possible,
  broken: Draft['broken'],
): Finding[] {
  const finding = (what: string, path: PropertyKey[]): Finding => ({
    code: 'EXPECTATION_IMPOSSIBLE',
    what,
    path: ['expect', index, ...path],
    at: 'value',
  });
  const timed = !broken.has('timeline');
  return [
    ...(value['detection-time'] && timed && !possible.faults
      ? [finding('there is no fault to detect.', ['detection-time'])]
      : []),
    ...(value.restored && timed && !possible.faults
      ? [finding('there is no fault to recover from.', ['restored'])]
      : []),
    ...(['line-share', 'line-failover'] as const).flatMap((kind) =>
      value[kind] === undefined || possible.lines
        ? []
        : [finding('no site of the lab has a choice of lines.', [kind])],
    ),
    ...(value['back-in-service'] && timed && !possible.powers
      ? [finding('no node loses its power and gets it back.', ['back-in-service'])]
      : []),
    ...(value.takeover && timed && !possible.takeovers
      ? [finding('no node with a shared address loses its power.', ['takeover'])]
      : []),
    ...(value.failback?.within !== undefined && timed && !possible.heals
      ? [finding(`nothing comes home: ${reason(possible)}.`, ['failback', 'within'])]
      : []),
    ...(['digits', 'digits-read'] as const).flatMap((kind) =>
      value[kind] === undefined || possible.digits || broken.has('traffic')
        ? []
        : [finding('no flow dials digits.', [kind])],
    ),
    ...(value.registered && !possible.phones
      ? [finding(`no phone of the lab registers.`, ['registered'])]
      : []),
    ...(value['trunk-share']?.trunk === 'backup' && !possible.backup
      ? [finding('the lab has one trunk, and so no backup.', ['trunk-share', 'trunk'])]
      : []),
  ];
}

function reason({ faults, heals }: Possible): string {
  if (!faults) return 'the timeline has no fault';
  return heals ? 'the first fault is there from the start' : 'a fault lasts to the end';
}
