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

/** `38 s left · 5 calls up, 2 ears deaf, 23 placed · fault cut sbc--carrier-a · next: cut sbc--carrier-a ends in 6 s` */
export function stateWords({ upcoming, faults, ...counts }: ScenarioState): string {
  const left = upcoming ? [leftWords(upcoming.leftMs)] : [];
  const broken = faults.length > 0 ? [`fault ${faults.join(', ')}`] : [];
  const next = upcoming?.next ? [nextWords(upcoming.next)] : [];
  return [...left, countWords(counts), ...broken, ...next].join(' · ');
}

export function countWords({
  callsUp,
  deafEars,
  placed,
}: Pick<ScenarioState, 'callsUp' | 'deafEars' | 'placed'>): string {
  const deaf = deafEars === 0 ? [] : [`${counted(deafEars, 'ear')} deaf`];
  return [`${counted(callsUp, 'call')} up`, ...deaf, `${placed} placed`].join(', ');
}

export const leftWords = (leftMs: number): string =>
  leftMs > 0 ? `${lengthWords(leftMs)} left` : 'the last calls end';

export const nextWords = ({ what, fault, inMs }: NonNullable<Upcoming['next']>): string =>
  `next: ${fault} ${what === 'applied' ? 'begins' : 'ends'} in ${lengthWords(inMs)}`;

/** `7 of 68 scenarios done, 9 running, 2 being judged · 12 waves to come · at least 9 min 40 s left` */
export function standingWords(standing: RunStanding): string {
  const { scenarios, done, running, judging, wavesToCome, atLeastMs } = standing;
  const now = [
    `${done} of ${counted(scenarios, 'scenario')} done`,
    ...(running > 0 ? [`${running} running`] : []),
    ...(judging > 0 ? [`${judging} being judged`] : []),
  ].join(', ');
  const waves = wavesToCome > 0 ? [`${counted(wavesToCome, 'wave')} to come`] : [];
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

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;
