import { compareEars } from '../../src/measures/ears.js';
import { hearEar, type EarHearing, type EarInput } from '../../src/measures/hearing/ear.js';
import { renderAnyEar } from '../../src/measures/hearing/opus.js';
import { labelledCall, type EarTruth, type LabelledCall } from './hearing-calls.js';
import { cellOf, FROM_MS, PACKET_MS, type Cell } from './hearing-cells.js';

/** Natural holes between these lengths are neither outage nor none: such calls aren't scored (docs/accuracy.md). */
const GREY_MS = { least: 160, most: 340 };
const OUTAGE_MS = 240;
/** Seeds of calls with Opus are so much further on. */
const OPUS_SEEDS = 7_000_000;

type Label = string;

/** A yes-or-no question about a call; `truth` is null where the call is in the grey. */
export interface Answer {
  truth: boolean | null;
  /** The truth with the limit of 240 ms taken to the letter, grey calls too. */
  literal: boolean | null;
  heard: boolean | null;
}

export interface EarScore {
  /** Null where the ear is in the grey. */
  truth: Label | null;
  /** Another signature was in the hole. */
  besideStranger: boolean;
  heard: Label;
  onsetMs: number | null;
  regainMs: number | null;
  delayErrorMs: number | null;
}

export interface CallScore {
  n: number;
  cell: Cell;
  oneWay: Answer;
  deadAir: Answer;
  choppy: Answer;
  ears: EarScore[];
}

/** Makes call number `n` of the run that starts at `seed`, listens to both ears, and compares with the truth. */
export function scoreCall(n: number, seed: number): Promise<CallScore> {
  return scoreOf(n, labelledCall(cellOf(n), seed + n));
}

/** The same for Opus, whose calls are numbered by themselves. */
export function scoreOpusCall(n: number, seed: number): Promise<CallScore> {
  return scoreOf(n, labelledCall(cellOf(n, ['OPUS']), seed + OPUS_SEEDS + n));
}

async function hear(input: EarInput): Promise<EarHearing> {
  return hearEar(input, await renderAnyEar(input));
}

export async function scoreOf(n: number, call: LabelledCall): Promise<CallScore> {
  const heard = { caller: await hear(call.ears.caller.input), callee: await hear(call.ears.callee.input) };
  const up = { startMs: FROM_MS, endMs: FROM_MS + call.lastsMs };
  const withRecording = (ear: EarHearing) => ({ ...ear, recording: null });
  const verdict = compareEars(withRecording(heard.caller), withRecording(heard.callee), up);
  const truths = [call.ears.caller.truth, call.ears.callee.truth] as const;
  const isChoppy = truths.some(({ choppy }) => choppy);
  return {
    n,
    cell: call.cell,
    oneWay: { ...truthOf(truths, ([a, b]) => a !== b), heard: verdict.oneWay },
    deadAir: { ...truthOf(truths, ([a, b]) => a && b), heard: verdict.deadAir },
    // Loss is choppy by itself.
    choppy: {
      truth: call.cell.loss.share > 0 || isLate(call.cell) ? null : isChoppy,
      literal: isChoppy,
      heard: [heard.caller, heard.callee].some(soundsChoppy),
    },
    ears: [scoreEar(call.ears.caller.truth, heard.caller), scoreEar(call.ears.callee.truth, heard.callee)],
  };
}

const isLate = ({ condition, jitterMs, bufferMs }: Cell): boolean =>
  condition === 'late packets' || (bufferMs !== 200 && jitterMs > 50);

function soundsChoppy({ choppiness, outages }: EarHearing): boolean {
  const short = outages.filter(({ startMs, endMs }) => endMs - startMs < OUTAGE_MS).length;
  return (choppiness?.holesPerMinute ?? 0) + short >= 20;
}

/** Whether the two ears' states fulfil `is` for long enough; `truth` is null if that hangs on holes in the grey. */
function truthOf(
  ears: readonly [EarTruth, EarTruth],
  is: (down: [boolean, boolean]) => boolean,
): Pick<Answer, 'truth' | 'literal'> {
  const lastsAtLeast = (leastMs: number, skewMs: number): boolean => {
    const [a, b] = ears.map(({ missing }) => longRuns(missing, leastMs / PACKET_MS));
    let run = 0;
    for (let i = 0; i < a!.length; i++) {
      run = is([a![i] === 1, b![i] === 1]) ? run + 1 : 0;
      if (run * PACKET_MS >= leastMs + skewMs) return true;
    }
    return false;
  };
  // Both ears see one cut at different times; that both are down needs no allowance for it.
  const skewMs = is([true, true]) ? 0 : Math.max(...ears.map(({ delayMs }) => delayMs));
  const strict = lastsAtLeast(GREY_MS.most, skewMs);
  return {
    truth: strict === lastsAtLeast(GREY_MS.least, 0) ? strict : null,
    literal: lastsAtLeast(OUTAGE_MS, skewMs),
  };
}

/** Only the runs of ones that are at least so long. */
function longRuns(missing: Uint8Array, least: number): Uint8Array {
  const kept = new Uint8Array(missing.length);
  let from = 0;
  for (let i = 0; i <= missing.length; i++) {
    if (missing[i] === 1) continue;
    if (i - from >= least) kept.fill(1, from, i);
    from = i + 1;
  }
  return kept;
}

function scoreEar(truth: EarTruth, heard: EarHearing): EarScore {
  const { hole, beside } = truth;
  const isGrey = !hole && longRuns(truth.missing, GREY_MS.least / PACKET_MS).includes(1);
  const score = {
    truth: hole ? hole.class : isGrey ? null : beside ? `${beside} beside` : 'correct',
    besideStranger: hole?.class === 'other-stream' || hole?.class === 'echo',
    heard: hole ? classIn(heard, hole) : upLabel(heard),
    onsetMs: null,
    regainMs: null,
    delayErrorMs: heard.delayMs === null || isGrey ? null : heard.delayMs - truth.delayMs,
  };
  return hole ? { ...score, ...edgeErrors(truth, hole, heard) } : score;
}

function upLabel({ class: name, echo, outages }: EarHearing): Label {
  if (outages.some(({ startMs, endMs }) => endMs - startMs >= OUTAGE_MS)) return 'an outage';
  if (name === 'crosstalk') return 'crosstalk beside';
  return name === 'correct' && echo ? 'echo beside' : name;
}

/** The class of most of the hole, in the mouth's time as segments are. */
function classIn({ segments }: EarHearing, { from, to }: { from: number; to: number }): Label {
  const [fromMs, toMs] = [FROM_MS + from * PACKET_MS, FROM_MS + to * PACKET_MS];
  const times = new Map<Label, number>();
  for (const segment of segments) {
    const inside = Math.min(segment.toMs, toMs) - Math.max(segment.fromMs, fromMs);
    if (inside > 0) times.set(segment.class, (times.get(segment.class) ?? 0) + inside);
  }
  return [...times].sort((a, b) => b[1] - a[1])[0]?.[0] ?? 'nothing';
}

/**
 * How far the edges of the outage that overlaps the hole most are from where the voice stopped and came back. Voice
 * packets that were lost next to the hole belong to it.
 */
function edgeErrors({ missing }: EarTruth, hole: { from: number; to: number }, { outages }: EarHearing) {
  let [from, to] = [hole.from, hole.to];
  while (from > 0 && missing[from - 1] === 1) from--;
  while (to < missing.length && missing[to] === 1) to++;
  const [fromMs, toMs] = [FROM_MS + from * PACKET_MS, FROM_MS + to * PACKET_MS];
  const found = outages.find(({ startMs, endMs }) => startMs < toMs && endMs > fromMs);
  if (!found) return {};
  return {
    onsetMs: from > 0 ? found.startMs - fromMs : null,
    regainMs: to < missing.length ? found.endMs - toMs : null,
  };
}
