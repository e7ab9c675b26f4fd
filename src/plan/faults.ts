import { InputErrors } from '../scenario/input-errors.js';
import type { LoadedScenario } from '../scenario/load.js';
import type { ImpairEntry, LinkEntry, NodeEntry, TimelineEntry } from '../scenario/schema.js';
import type { DnsEntry } from '../scenario/schema-dns.js';
import type { MatchFields } from '../scenario/schema-match.js';
import { isOfNode, linkOf, occurrencesOf } from '../scenario/timeline.js';
import { endsOf } from '../scenario/lab-schema.js';
import type { Topology } from './addresses.js';
import type { Match } from './impairment.js';
import { impairmentOf } from './impairments.js';
import { matchOf } from './matches.js';
import { dnsActionOf } from './zone.js';
import { parseTrace } from './traces/read.js';
import { profileTraces } from './traces/profile.js';
import type { LinkAction, NodeAction, NodeFault, PlannedFault } from './planned-fault.js';

type Loaded = Pick<LoadedScenario, 'scenario' | 'courses' | 'source' | 'lab'>;

/**
 * The timeline with repeats written out, by time.
 * @throws InputErrors (exit 64) for a trace that doesn't read, and for a node without one address.
 */
export function planFaults(loaded: Loaded, topology: Topology): PlannedFault[] {
  return loaded.scenario.timeline
    .flatMap((fault, entry) => {
      const action = actionOf(fault, entry, loaded, topology);
      const place = loaded.source.placeOf({ path: ['timeline', entry], at: 'value' });
      const { line, column } = place;
      return occurrencesOf(fault).map((occurrence) => ({
        action,
        entry,
        ...occurrence,
        place: { line, column },
      }));
    })
    .sort((a, b) => a.atMs - b.atMs)
    .map(({ action, ...rest }, index): PlannedFault => ({ id: `fault-${index + 1}`, ...action, ...rest }));
}

function actionOf(
  fault: TimelineEntry,
  entry: number,
  loaded: Loaded,
  topology: Topology,
): LinkAction | NodeAction {
  if ('dns' in fault) return dnsActionOf(fault, loaded.lab.lab, topology);
  return isOfNode(fault) ? nodeActionOf(fault) : linkActionOf(fault, entry, loaded, topology);
}

function nodeActionOf(fault: Exclude<NodeEntry, DnsEntry>): NodeAction {
  if ('power' in fault)
    return { kind: 'power', upsMs: fault.ups ?? 0, bootDelayMs: fault['boot-delay'] ?? 0 };
  if ('freeze' in fault) return { kind: 'freeze' };
  if ('answer' in fault)
    return { kind: 'answer', invite: fault.invite ?? null, options: fault.options ?? null };
  if ('crash' in fault) return { kind: 'crash', program: fault.program, signal: fault.signal };
  return { kind: 'starve', cpuShare: fault.cpu };
}

function linkActionOf(fault: LinkEntry, entry: number, loaded: Loaded, topology: Topology): LinkAction {
  const match = (only: MatchFields): Match =>
    matchOf(only, linkOf(fault), topology, ({ key, ...finding }) => {
      throw new InputErrors([loaded.source.error({ ...finding, path: ['timeline', entry, 'only', key] })]);
    });
  if ('block' in fault) return { kind: 'block', from: fault.from ?? null, only: match(fault.only) };
  if ('impair' in fault) {
    const { from = null, only } = fault;
    if (fault.profile !== undefined || fault.trace !== undefined) return replayOf(fault, loaded);
    return { kind: 'impair', from, only: only ? match(only) : null, impairment: impairmentOf(fault) };
  }
  // The loader has seen to it that a one-way cut has a `from`.
  return fault.mode === 'one-way'
    ? { kind: 'cut', mode: 'one-way', from: fault.from ?? '' }
    : { kind: 'cut', mode: fault.mode };
}

/** A profile has a course for each way; a trace is the same for both. */
function replayOf(entry: ImpairEntry, { courses }: Loaded): LinkAction {
  const ends = endsOf(entry.impair);
  const concerned = ends.filter((end) => entry.from === undefined || entry.from === end);
  const loadedProfile = courses.profiles[entry.profile ?? ''];
  if (loadedProfile) {
    const { up, down } = profileTraces(loadedProfile.profile);
    const subscriber = entry.subscriber ?? ends[0];
    return {
      kind: 'replay',
      name: loadedProfile.profile.name,
      directions: concerned.map((from) => ({ from, trace: from === subscriber ? up : down })),
    };
  }
  const name = entry.trace ?? '';
  const { file = name, text = '' } = courses.traces[name] ?? {};
  const trace = parseTrace(text, file);
  return { kind: 'replay', name, directions: concerned.map((from) => ({ from, trace })) };
}

/** True for what is done to a node; all else is done to a link. */
export const isNodeFault = (fault: PlannedFault): fault is NodeFault =>
  ['power', 'freeze', 'answer', 'crash', 'starve', 'dns'].includes(fault.kind);
