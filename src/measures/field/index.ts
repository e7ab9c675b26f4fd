import type { BufferLength } from '../hearing/scheduling.js';
import type { Interval } from '../intervals.js';
import { announcementsOf } from './announcements.js';
import { assignStreams } from './assignment.js';
import { closeCall, openCall, type FoundCall } from './call.js';
import { alignClocks } from './clocks.js';
import type { EarKeys } from './ears.js';
import { callFindings, captureFindings, placeOf } from './findings/index.js';
import { groupedBy } from './grouping.js';
import { joinLegs } from './joining.js';
import { legsOf } from './legs.js';
import { THIS_THREAD, packetsOf, type Listened, type Listeners } from './listening.js';
import { closeLoose, openLoose, pairsOf } from './loose.js';
import { capturePoints } from './points.js';
import { clustersOf } from './clusters.js';
import { freeBuffers } from '../../base/free-buffers.js';
import { roundTripsOf } from './round-trips.js';
import { callsOf, type Signalling } from './signalling.js';
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
  const { legs, otherSip } = legsOf(source.sip);
  const signalled = callsOf(legs, joinLegs(legs));
  const announced = signalled.map(announcementsOf);
  const inTime = announced.flat().sort((a, b) => a.atMs - b.atMs);
  const { assigned, loose } = assignStreams(source.streams, inTime);
  const streamsOf = groupedBy(assigned, ({ call }) => call);
  const found = signalled.map((signalling, i): FoundCall => ({
    signalling,
    announcements: announced[i]!,
    assigned: streamsOf.get(signalling.number) ?? [],
  }));
  const around = { points: capturePoints(source), roundTrips: roundTripsOf(source.rtcp) };
  const subject = { found, icmp: source.icmp, span: spanOf(source) };
  // All that is told of them is in the legs now.
  for (const { sip } of [raw, source]) sip.length = 0;
  const { listeners = THIS_THREAD, record, bufferMs = PHONE_BUFFER_MS } = options;
  const keepsAudio = record !== undefined;
  const tell = (findings: readonly Finding[]) => {
    for (const finding of findings) shelves.findings.add(finding, placeOf(finding));
  };

  const finishCall = async (one: FoundCall, read: ReadGroup['streams']) => {
    const opened = openCall(one, read, around, options.keysOf?.(one.signalling, signalled) ?? null);
    const listened = await listeners.listen({ ...opened, bufferMs, keepsAudio });
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
  const results = found
    .filter(({ assigned: media }) => media.length === 0)
    .map((one) => toldLater(finishCall(one, new Map())));
  let looseCount = 0;
  tell(captureFindings(subject));
  for await (const { group, streams, leftOut } of source.read(groups)) {
    await listeners.room();
    const cluster = clusters[group];
    for (const one of cluster?.calls ?? []) results.push(toldLater(finishCall(one, streams)));
    if (leftOut > 0) tell([tooLong(cluster?.calls ?? [], leftOut)]);
    const pair = pairs[group - clusters.length];
    if (pair) results.push(toldLater(finishLoose(pair, streams, ++looseCount)));
  }
  await Promise.all(results);
  return { otherSip, clocks, span: subject.span };
}

/** Packets are most of what memory is needed for, and nothing looks at these again. */
function letGo({ streams, audio }: Listened): void {
  const samples = [audio?.caller, audio?.callee].flatMap((one) => (one ? [one.buffer as ArrayBuffer] : []));
  freeBuffers([...packetsOf({ streams }), ...samples]);
}

/** Whoever awaits it in the end learns of its failure. */
function toldLater(result: Promise<void>): Promise<void> {
  result.catch(() => undefined);
  return result;
}

function tooLong(calls: readonly FoundCall[], leftOut: number): Finding {
  return {
    code: 'PACKETS_LEFT_OUT',
    severity: 'note',
    calls: calls.map(({ signalling }) => signalling.number),
    summary: `The last ${leftOut} packets were not listened to: more than fits into memory at once.`,
    evidence: [],
  };
}

function spanOf({ sip, streams }: FieldSource): Interval | null {
  const starts = [...sip.slice(0, 1).map(({ seen }) => seen.atMs), ...streams.map(({ firstMs }) => firstMs)];
  const ends = [...sip.slice(-1).map(({ seen }) => seen.atMs), ...streams.map(({ lastMs }) => lastMs)];
  if (starts.length === 0) return null;
  return { startMs: starts.reduce((a, b) => Math.min(a, b)), endMs: ends.reduce((a, b) => Math.max(a, b)) };
}
