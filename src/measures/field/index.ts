import type { BufferLength } from '../hearing/scheduling.js';
import type { Interval } from '../intervals.js';
import { assignStreams } from './assignment.js';
import { closeCall, openCall, readCall, type FoundCall } from './call.js';
import { alignClocks } from './clocks.js';
import type { EarKeys } from './ears.js';
import { callFindings, captureFindings, placeOf } from './findings/index.js';
import { groupedBy } from './grouping.js';
import { THIS_THREAD, packetsOf, type Listened, type Listeners } from './listening.js';
import { closeLoose, openLoose, pairsOf } from './loose.js';
import { capturePoints } from './points.js';
import { clustersOf } from './clusters.js';
import { freeBuffers } from '../../base/free-buffers.js';
import { roundTripsOf } from './round-trips.js';
import type { Signalling } from './signalling.js';
import { joinedCalls, surveyOf } from './survey.js';
import { Unfinished } from './unfinished.js';
import type { FieldSource, FieldStream, ReadGroup } from './source.js';
import type { Shelf } from './listed.js';
import type { BothAudio, FieldAnalysis, FieldCall, Finding, LooseMedia, Party } from './types.js';

/** The fixed jitter buffer that stands for a phone's (docs/measures.md §3). */
const PHONE_BUFFER_MS = 50;

export interface FieldShelves {
  calls: Shelf<FieldCall>;
  loose: Shelf<LooseMedia>;
  /** Faults before notes, and each in order of calls. */
  findings: Shelf<Finding>;
}

export interface FieldOptions {
  /** Signatures of a call, if they are known: for the ear of each party, null for one of which they aren't. */
  keysOf?: (call: Signalling, others: readonly Signalling[]) => Record<Party, EarKeys | null> | null;
  /** The jitter buffer that stands for a phone's; default: 50 ms. */
  bufferMs?: BufferLength;
  /** Keeps a recording and gives the name it goes by. */
  record?: (name: string, audio: BothAudio) => Promise<string>;
  /** Default: this thread, one call after another. */
  listeners?: Listeners;
}

/**
 * Finds the calls in what captures show, listens to them, and says what is wrong with them. Packets are read call by
 * call, and let go of, and so are results: they go to the shelves as they are ready.
 */
export async function analyzeField(
  raw: FieldSource,
  shelves: FieldShelves,
  options: FieldOptions = {},
): Promise<Omit<FieldAnalysis, keyof FieldShelves>> {
  const { source, clocks } = alignClocks(raw);
  const { calls, otherSip } = joinedCalls(source.sip);
  const { places, answered, signalled } = surveyOf(calls, options.keysOf !== undefined);
  const { assigned, loose } = assignStreams(source.streams, places);
  const streamsOf = groupedBy(assigned, ({ call }) => call);
  const found = calls.map((call): FoundCall => ({ call, assigned: streamsOf.get(call.number) ?? [] }));
  const around = { points: capturePoints(source), roundTrips: roundTripsOf(source.rtcp) };
  const mediaTowards = new Set(assigned.map(({ towards }) => towards));
  const subject = {
    callCount: calls.length,
    answered,
    mediaTowards,
    icmp: source.icmp,
    span: spanOf(source),
  };
  const { listeners = THIS_THREAD, record, bufferMs = PHONE_BUFFER_MS } = options;
  const keepsAudio = record !== undefined;
  const tell = (findings: readonly Finding[]) => {
    for (const finding of findings) shelves.findings.add(finding, placeOf(finding));
  };

  const finishCall = async (at: FoundCall, read: ReadGroup['streams']) => {
    const one = readCall(at);
    const opened = openCall(
      one,
      read,
      around,
      options.keysOf?.(signalled[at.call.number - 1]!, signalled) ?? null,
    );
    // Without media there is nothing to be listened to elsewhere.
    const listener = opened.streams.length > 0 ? listeners : THIS_THREAD;
    const listened = await listener.listen({ ...opened, bufferMs, keepsAudio });
    const heard = closeCall(one, listened);
    const { audio } = listened;
    if (audio) heard.call.recording = (await record?.(`call-${heard.call.number}`, audio)) ?? null;
    shelves.calls.add(heard.call, heard.call.number);
    tell(callFindings(heard, subject));
    letGo(listened);
  };
  const finishLoose = async (pair: readonly FieldStream[], read: ReadGroup['streams'], number: number) => {
    const opened = openLoose(pair, read, around);
    const listened = await listeners.listen({ ...opened, bufferMs, keepsAudio });
    const media = closeLoose(listened);
    const { audio } = listened;
    if (audio) media.recording = (await record?.(`media-${number}`, audio)) ?? null;
    shelves.loose.add(media, number);
    letGo(listened);
  };

  // Calls that share a stream are read together.
  const clusters = clustersOf(found);
  const pairs = pairsOf(loose);
  const groups = [...clusters.map(({ keys }) => keys), ...pairs.map((pair) => pair.map(({ key }) => key))];
  tell(captureFindings(subject));
  for (const one of found) if (one.assigned.length === 0) await finishCall(one, new Map());
  const unfinished = new Unfinished();
  let looseCount = 0;
  for await (const { group, streams, leftOut } of source.read(groups)) {
    await listeners.room();
    const cluster = clusters[group];
    for (const one of cluster?.calls ?? []) unfinished.add(finishCall(one, streams));
    if (leftOut > 0) tell([tooLong(cluster?.calls ?? [], leftOut)]);
    const pair = pairs[group - clusters.length];
    if (pair) unfinished.add(finishLoose(pair, streams, ++looseCount));
  }
  await unfinished.all();
  return { otherSip, clocks, span: subject.span };
}

/** Packets are most of what memory is needed for, and nothing looks at these again. */
function letGo({ streams, audio }: Listened): void {
  const samples = [audio?.caller, audio?.callee].flatMap((one) => (one ? [one.buffer as ArrayBuffer] : []));
  freeBuffers([...packetsOf({ streams }), ...samples]);
}

function tooLong(calls: readonly FoundCall[], leftOut: number): Finding {
  return {
    code: 'PACKETS_LEFT_OUT',
    severity: 'note',
    calls: calls.map(({ call }) => call.number),
    summary: `The last ${leftOut} packets were not listened to: more than fits into memory at once.`,
    evidence: [],
  };
}

function spanOf({ sip, streams }: FieldSource): Interval | null {
  const { startMs, endMs } = sip.span ?? { startMs: Infinity, endMs: -Infinity };
  if (streams.length === 0) return sip.span;
  return {
    startMs: streams.reduce((first, { firstMs }) => Math.min(first, firstMs), startMs),
    endMs: streams.reduce((last, { lastMs }) => Math.max(last, lastMs), endMs),
  };
}
