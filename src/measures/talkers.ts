import { CITED } from '../evidence/cite.js';
import type { EvidenceRef, RtpStream } from '../evidence/types.js';
import type { Plan } from '../plan/types.js';
import type { CallEvidence } from './calls.js';
import { difference, type Interval } from './intervals.js';
import { longestWrongVoice } from './own-voice.js';
import { keyOf } from './party.js';
import { problemAt, type Problem } from './problems.js';
import { mutedTimes } from './muted.js';
import { pausesOf } from './pauses.js';
import { talkingLegs, type TalkingLeg } from './talking-legs.js';
import type { Truth } from './truth.js';
import type { CallMeasure } from './types.js';

/**
 * Own limits. A talker begins within the first after its answer, and never pauses for longer than the second. Both are well
 * below the shortest outage that an ear is judged by (240 ms): a harness that is late must not look like dead air.
 */
const MAX_START_MS = 200;
const MAX_GAP_MS = 100;
/** What is unheard for this long counts against the system (docs/measures.md §2), so the talker must have said it. */
const MIN_WRONG_MS = 240;

interface Fault {
  leg: TalkingLeg;
  lastsMs: number;
  ref: EvidenceRef;
}

/**
 * Looks whether the lab's own talkers talked: from its answer to the BYE each must be seen to send, in its own capture, and
 * in its own voice. That capture is before every fault, so a silence in it was nobody's doing but the harness's.
 */
export function talkerProblems(index: CallEvidence, truth: Truth, calls: readonly CallMeasure[]): Problem[] {
  const { plan } = index;
  const legs = talkingLegs(index, calls);
  const silent = legs.flatMap((leg) => {
    const party = leg.voice === 'from-caller' ? 'caller' : 'callee';
    return silenceOf(leg, [...mutedTimes(plan, truth, leg), ...pausesOf(leg.call, party, index)]);
  });
  const strange = legs.flatMap((leg) => strangeVoiceOf(leg, plan));
  return [
    ...summed(silent, legs, 'were silent where the lab should have talked'),
    ...summed(strange, legs, "did not carry their talker's own voice"),
  ];
}

function summed(faults: Fault[], legs: readonly TalkingLeg[], what: string): Problem[] {
  const [worst] = faults.sort((a, b) => b.lastsMs - a.lastsMs);
  if (!worst) return [];
  const { leg, lastsMs } = worst;
  const summary = `${faults.length} of ${legs.length} sides of calls ${what}, as they left the talker: ${leg.node} in ${leg.call.id} for ${Math.round(lastsMs)} ms.`;
  const evidence = faults.slice(0, CITED).map(({ ref }) => ref);
  return [problemAt('LOAD_GENERATOR_STALLED', summary, evidence)];
}

/** The longest time for which a talker sent nothing. */
function silenceOf(leg: TalkingLeg, muted: readonly Interval[]): Fault[] {
  const { fromMs, toMs } = leg;
  const sent = packetsOf(leg.streams, fromMs, toMs);
  const bounds = [fromMs, ...sent.map(({ atMs }) => atMs), toMs];
  let worst: Fault | null = null;
  for (let i = 1; i < bounds.length; i++) {
    const gap = { startMs: bounds[i - 1] ?? 0, endMs: bounds[i] ?? 0 };
    const limitMs = i === 1 ? MAX_START_MS : MAX_GAP_MS;
    if (gap.endMs - gap.startMs <= limitMs) continue;
    const before = sent[i - 2]?.ref ?? leg.answer;
    for (const { startMs, endMs } of difference([gap], muted)) {
      const lastsMs = endMs - startMs;
      if (lastsMs <= limitMs || lastsMs <= (worst?.lastsMs ?? 0)) continue;
      const note = `${leg.call.id}: ${leg.node} then sends nothing for ${Math.round(lastsMs)} ms`;
      worst = { leg, lastsMs, ref: { ...before, note } };
    }
  }
  return worst ? [worst] : [];
}

function packetsOf(streams: readonly RtpStream[], fromMs: number, toMs: number) {
  return streams
    .flatMap(({ file, frame, atMs }) =>
      Array.from(atMs, (at, i) => ({ atMs: at, ref: { file, frame: frame[i] ?? 1, atMs: at } })),
    )
    .filter(({ atMs }) => atMs >= fromMs && atMs <= toMs)
    .sort((a, b) => a.atMs - b.atMs);
}

/** The longest time for which what a talker sent was not its signature; ringback may go on for a moment after the answer. */
function strangeVoiceOf(leg: TalkingLeg, plan: Plan): Fault[] {
  const key = keyOf(plan, leg.call, leg.voice);
  return leg.streams.flatMap((stream): Fault[] => {
    const wrong = longestWrongVoice(stream, key, leg.fromMs + MAX_START_MS, leg.toMs);
    if (!wrong || wrong.lastsMs < MIN_WRONG_MS) return [];
    const { file, frame, atMs } = stream;
    const note = `${leg.call.id}: ${leg.node} sends, and not its own voice`;
    const ref = { file, frame: frame[wrong.index] ?? 1, atMs: atMs[wrong.index] ?? 0, note };
    return [{ leg, lastsMs: wrong.lastsMs, ref }];
  });
}
