import { count } from '../base/count.js';

/** What comes next in a scenario, by its plan. */
export interface Upcoming {
  /** Null: no fault begins or ends any more. */
  next: { what: 'applied' | 'healed'; fault: string; inMs: number } | null;
  /** Until the last call ends as planned; 0 when it should have. */
  leftMs: number;
}

/** How a scenario stands while it has calls. */
export interface ScenarioState {
  placed: number;
  callsUp: number;
  /** Ears in calls that are up, which no RTP reached for 240 ms: a hint of now, and no verdict. */
  deafEars: number;
  /** In force. */
  faults: readonly string[];
  /** Null before traffic starts. */
  upcoming: Upcoming | null;
}

/** How a whole run stands. */
export interface RunStanding {
  scenarios: number;
  done: number;
  running: number;
  judging: number;
  wavesToCome: number;
  /** Of calls still to be placed and followed; starting, ending and judging come on top. */
  atLeastMs: number;
}

/**
 * A phase and how a scenario stands in it, as full as the room allows. Where it's scarce the phase goes first, since calls that are up
 * tell it, then the count of placed calls, then words that figures can do without.
 * `calls and faults · 38 s left · 5 calls up, 2 ears deaf, 23 placed · fault cut sbc--carrier-a (ends in 6 s)`, or
 * `38 s left · 5 up, 2 deaf · cut sbc--carrier-a (ends in 6 s)`
 * @param room in characters; the shortest form may take more
 */
export function stateWords(phase: string, state: ScenarioState, room: number): string {
  const { upcoming, callsUp, deafEars } = state;
  const left = upcoming ? [leftWords(upcoming.leftMs)] : [];
  const broken = brokenWords(state);
  const ahead = upcoming?.next && !isOfNow(state) ? [changeWords(upcoming.next)] : [];
  const faults = [...(broken.length > 0 ? [broken.join(', ')] : []), ...ahead];
  const faultsInFull = [
    ...(broken.length > 0 ? [`fault ${broken.join(', ')}`] : []),
    ...ahead.map((change) => `next: ${change}`),
  ];
  const up = [`${count(callsUp, 'call')} up`, ...deafWords(deafEars)].join(', ');
  const terse = [`${callsUp} up`, ...(deafEars > 0 ? [`${deafEars} deaf`] : [])].join(', ');
  const forms = [
    [phase, ...left, countWords(state), ...faultsInFull],
    [...left, countWords(state), ...faultsInFull],
    [...left, up, ...faults],
    [...left, terse, ...faults],
  ].map((parts) => parts.join(' · '));
  return forms.find((form) => form.length <= room) ?? forms.at(-1)!;
}

/** True if what comes next is the end of a fault that is in force. */
const isOfNow = ({ upcoming, faults }: ScenarioState): boolean =>
  upcoming?.next?.what === 'healed' && faults.includes(upcoming.next.fault);

/** The faults in force, and of the one that ends next when. */
function brokenWords(state: ScenarioState): string[] {
  const { faults, upcoming } = state;
  if (!upcoming?.next || !isOfNow(state)) return [...faults];
  const { fault, inMs } = upcoming.next;
  const at = faults.indexOf(fault);
  return faults.map((name, index) => (index === at ? `${name} (ends in ${lengthWords(inMs)})` : name));
}

export function countWords({
  callsUp,
  deafEars,
  placed,
}: Pick<ScenarioState, 'callsUp' | 'deafEars' | 'placed'>): string {
  return [`${count(callsUp, 'call')} up`, ...deafWords(deafEars), `${placed} placed`].join(', ');
}

const deafWords = (deafEars: number): string[] => (deafEars === 0 ? [] : [`${count(deafEars, 'ear')} deaf`]);

export const leftWords = (leftMs: number): string =>
  leftMs > 0 ? `${lengthWords(leftMs)} left` : 'the last calls end';

export const nextWords = (next: NonNullable<Upcoming['next']>): string => `next: ${changeWords(next)}`;

const changeWords = ({ what, fault, inMs }: NonNullable<Upcoming['next']>): string =>
  `${fault} ${what === 'applied' ? 'begins' : 'ends'} in ${lengthWords(inMs)}`;

/** `7 of 68 scenarios done, 9 running, 2 being judged · 12 waves to come · at least 9 min 40 s left` */
export function standingWords(standing: RunStanding): string {
  const { scenarios, done, running, judging, wavesToCome, atLeastMs } = standing;
  const now = [
    `${done} of ${count(scenarios, 'scenario')} done`,
    ...(running > 0 ? [`${running} running`] : []),
    ...(judging > 0 ? [`${judging} being judged`] : []),
  ].join(', ');
  const waves = wavesToCome > 0 ? [`${count(wavesToCome, 'wave')} to come`] : [];
  const left = atLeastMs > 0 ? [`at least ${lengthWords(atLeastMs)} left`] : [];
  return [now, ...waves, ...left].join(' · ');
}

/** Whole seconds, begun ones counted: `38 s`, `9 min 40 s`, `1 h 5 min`. */
function lengthWords(ms: number): string {
  const totalS = Math.ceil(ms / 1000);
  if (totalS < 60) return `${totalS} s`;
  if (totalS < 3600) return `${Math.floor(totalS / 60)} min ${totalS % 60} s`;
  return `${Math.floor(totalS / 3600)} h ${Math.floor((totalS % 3600) / 60)} min`;
}
