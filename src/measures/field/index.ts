import type { Interval } from '../intervals.js';
import { announcementsOf } from './announcements.js';
import { assignStreams } from './assignment.js';
import { hearCall, type FoundCall } from './call.js';
import { alignClocks } from './clocks.js';
import type { EarKeys } from './ears.js';
import { callFindings, captureFindings, inOrder } from './findings/index.js';
import { groupedBy } from './grouping.js';
import { joinLegs } from './joining.js';
import { legsOf } from './legs.js';
import { hearLoose, pairsOf } from './loose.js';
import { capturePoints } from './points.js';
import { clustersOf } from './clusters.js';
import { callsOf, type Signalling } from './signalling.js';
import type { FieldSource, ReadGroup } from './source.js';
import type { BothAudio, FieldAnalysis, FieldCall, Finding, LooseMedia, Party } from './types.js';

export interface FieldOptions {
  /** Signatures of a call, if they are known: for the ear of each party. */
  keysOf?: (call: Signalling, others: readonly Signalling[]) => Record<Party, EarKeys> | null;
  /** Keeps a recording and gives the name it goes by. */
  record?: (name: string, audio: BothAudio) => Promise<string>;
}

/**
 * Finds the calls in what captures show, listens to them, and says what is wrong with them. Packets are read call by
 * call, and let go of.
 */
export async function analyzeField(raw: FieldSource, options: FieldOptions = {}): Promise<FieldAnalysis> {
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
  const points = capturePoints(source);
  const subject = { found, icmp: source.icmp, span: spanOf(source) };
  const calls: FieldCall[] = [];
  const findings: Finding[] = captureFindings(subject);
  const media: LooseMedia[] = [];

  const finishCall = async (one: FoundCall, read: ReadGroup['streams']) => {
    const heard = await hearCall(one, read, points, options.keysOf?.(one.signalling, signalled) ?? null);
    const { call, audio } = heard;
    if (audio) call.recording = (await options.record?.(`call-${call.number}`, audio)) ?? null;
    findings.push(...callFindings(heard, subject));
    calls.push(call);
  };
  // Calls that share a stream are read together.
  const clusters = clustersOf(found);
  const pairs = pairsOf(loose);
  const groups = [...clusters.map(({ keys }) => keys), ...pairs.map((pair) => pair.map(({ key }) => key))];
  for (const one of found) if (one.assigned.length === 0) await finishCall(one, new Map());
  for await (const { group, streams, leftOut } of source.read(groups)) {
    const cluster = clusters[group];
    for (const one of cluster?.calls ?? []) await finishCall(one, streams);
    if (leftOut > 0) findings.push(tooLong(cluster?.calls ?? [], leftOut));
    const pair = pairs[group - clusters.length];
    if (!pair) continue;
    const heard = await hearLoose(pair, streams, points);
    media.push(heard.media);
    heard.media.recording = (await options.record?.(`media-${media.length}`, heard.audio)) ?? null;
  }
  calls.sort((a, b) => a.number - b.number);
  return { calls, loose: media, otherSip, clocks, span: subject.span, findings: inOrder(findings) };
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
