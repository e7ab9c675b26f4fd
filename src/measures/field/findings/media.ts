import { count } from '../../../base/count.js';
import { CITED } from '../../../evidence/cite.js';
import { difference, type Interval } from '../../intervals.js';
import type { FieldCall, FieldEar, Finding, Party, PlayedStream } from '../types.js';
import { showsMedia, type Case, type Subject } from './case.js';
import { citeEdges, citePacket, eachOnce, inSeconds, otherParty, PARTIES } from './words.js';

/** docs/measures.md §1: late media after 200 OK, and holes in a call that is up. */
const LATE_MS = { note: 500, fault: 2000 };
const TOLERABLE_HOLE_MS = 1000;
/** A call that was up for less can't be judged: media needs a moment to begin. */
const SHORTEST_MS = 1000;
/** Edges of what is played, the jitter buffer of 50 ms in it. */
const EDGE_MS = 120;
/** Media goes on for a round trip after a BYE. */
const AFTER_END_MS = 2000;

export function mediaFindings(one: Case, subject: Subject): Finding[] {
  const { call, streams } = one;
  const up = call.endedAt === null && streams.length === 0 ? null : upTime(call);
  if (!showsMedia(subject)) return [];
  if (!up || up.endMs - up.startMs < SHORTEST_MS) return afterEnd(one);
  const deaf = deafness(one, up, subject);
  const holes = PARTIES.flatMap((party) =>
    deaf.some(({ parties }) => parties.includes(party)) ? [] : holesOf(one, party, up),
  );
  return [...deaf.map(({ finding }) => finding), ...holes, ...afterEnd(one)];
}

/** Said once, of captures without any media. */
export function signallingOnly({ answered }: Subject): Finding[] {
  if (answered.length === 0) return [];
  const summary = `${count(answered.length, 'answered call')}, and the captures show no media: nothing can be said of audio.`;
  return [{ code: 'NO_MEDIA_CAPTURED', severity: 'note', calls: [...answered], summary, evidence: [] }];
}

/** From the answer, or from the first media of a call that began before the capture. */
function upTime(call: FieldCall): Interval | null {
  const { answeredAt, inviteAt, endedAt, streams } = call;
  const startMs =
    answeredAt ?? (inviteAt === null ? Math.min(...streams.map(({ firstAt }) => firstAt)) : null);
  if (startMs === null || !Number.isFinite(startMs)) return null;
  const lastMs = Math.max(...streams.map(({ lastAt }) => lastAt));
  return { startMs, endMs: endedAt ?? lastMs };
}

type Hearing = 'yes' | 'silence' | 'no';

function hearingOf(ear: FieldEar | null): Hearing {
  if (!ear) return 'no';
  if (ear.judgedBy === 'signature') return ear.heardShare === 0 ? 'no' : 'yes';
  if (ear.class === 'nothing') return 'no';
  return ear.class === 'silence' ? 'silence' : 'yes';
}

/** A party that heard nothing in all of the time that media was due to it. */
function deafness(one: Case, up: Interval, subject: Subject): { parties: Party[]; finding: Finding }[] {
  const { call } = one;
  const due = PARTIES.filter((party) => dueTime(call, party, up) >= SHORTEST_MS);
  const hearing = { caller: hearingOf(call.ears.caller), callee: hearingOf(call.ears.callee) };
  const deaf = due.filter((party) => hearing[party] !== 'yes');
  const upFor = inSeconds(up.endMs - up.startMs);
  const found = (code: string, severity: Finding['severity'], parties: Party[], summary: string) => [
    { parties, finding: { code, severity, calls: [call.number], summary, evidence: mediaEvidence(one) } },
  ];
  if (deaf.length === 2)
    return found(
      'DEAD_AIR',
      'fault',
      deaf,
      `The call was up for ${upFor}, and neither party heard the other: ${deaf.map((party) => whatCame(call.ears[party], party)).join('; ')}.`,
    );
  const [party] = deaf;
  if (!party) return [];
  const came = whatCame(call.ears[party], party);
  if (hearing[party] === 'silence')
    return found(
      'ONLY_SILENCE',
      'note',
      deaf,
      `Towards the ${party} ${came} for ${upFor}: a muted phone, or one-way audio.`,
    );
  const everywhere = noCallShows(subject, party)
    ? ` No call in the captures shows media towards the ${party}: perhaps they were not taken where it passes.`
    : '';
  return found(
    'ONE_WAY_AUDIO',
    'fault',
    deaf,
    `The ${otherParty(party)} could hear, the ${party} could not: ${came} in ${upFor}.${everywhere}`,
  );
}

function dueTime(call: FieldCall, party: Party, up: Interval): number {
  return difference([up], call.heldTimes[party]).reduce(
    (sum, { startMs, endMs }) => sum + endMs - startMs,
    0,
  );
}

const noCallShows = ({ callCount, mediaTowards }: Subject, party: Party): boolean =>
  callCount > 1 && !mediaTowards.has(party);

function whatCame(ear: FieldEar | null, party: Party): string {
  if (!ear) return `no RTP towards the ${party} was seen`;
  if (ear.class === 'silence') return 'only digital silence came';
  if (ear.class === 'nothing') return `nothing to play came towards the ${party}`;
  return `what came towards the ${party} was ${(ear.class ?? 'unknown').replace('-', ' ')}`;
}

function mediaEvidence({ call, streams }: Case): Finding['evidence'] {
  const { evidence, announcements } = call;
  const media = streams.map(({ stream, towards }) =>
    citePacket(stream, 0, `first RTP towards the ${towards}`),
  );
  return [...evidence, ...announcements.slice(0, CITED).map((one) => one.evidence), ...media];
}

/** Audio that began late, stopped early, or had holes, while it was due. */
function holesOf({ call, streams: all }: Case, party: Party, up: Interval): Finding[] {
  const ear = call.ears[party];
  if (!ear) return [];
  const streams = all.filter(({ towards, stream }) => towards === party && stream.file === ear.file);
  return difference([...ear.audioHoles, ...unheardGaps(ear, streams, up)], call.heldTimes[party]).flatMap(
    (hole): Finding[] => {
      const { startMs, endMs } = hole;
      const evidence = citeEdges(
        streams.map(({ stream }) => stream),
        startMs,
        endMs,
      );
      const long = inSeconds(endMs - startMs);
      const found = (code: string, severity: Finding['severity'], summary: string): Finding[] => [
        { code, severity, calls: [call.number], summary, evidence },
      ];
      if (endMs >= up.endMs - EDGE_MS) {
        if (endMs - startMs < TOLERABLE_HOLE_MS) return [];
        const end = call.endedAt === null ? 'the last that was seen of the call' : `the ${call.endedWith}`;
        return found('MEDIA_STOPPED', 'fault', `Media towards the ${party} stopped ${long} before ${end}.`);
      }
      if (startMs <= up.startMs + EDGE_MS) {
        const lateMs = endMs - startMs;
        if (lateMs < LATE_MS.note || call.answeredAt === null) return [];
        return found(
          'LATE_MEDIA',
          lateMs > LATE_MS.fault ? 'fault' : 'note',
          `The ${party} heard nothing for ${long} after the answer.`,
        );
      }
      if (endMs - startMs <= TOLERABLE_HOLE_MS) return [];
      if (streams.some(({ holes }) => holes.some((one) => one.kind === 'paused' && covers(one, hole))))
        return found(
          'SENDER_PAUSED',
          'note',
          `Nothing was sent towards the ${party} for ${long}: silence suppression, mute, or hold that wasn't signalled.`,
        );
      return found(
        'MEDIA_HOLE',
        'fault',
        `The ${party} heard nothing for ${long} in the middle of the call.`,
      );
    },
  );
}

/** Beyond what was listened to of a long call: when no packets came. */
function unheardGaps(ear: FieldEar, streams: readonly PlayedStream[], up: Interval): Interval[] {
  const covered = streams.flatMap(({ firstAt, lastAt, holes }) =>
    difference([{ startMs: firstAt, endMs: lastAt }], holes),
  );
  return difference([{ startMs: ear.heard.endMs, endMs: up.endMs }], covered).filter(
    ({ startMs, endMs }) => endMs - startMs >= TOLERABLE_HOLE_MS,
  );
}

/** Playing lags behind arriving by the jitter buffer. */
const covers = (one: Interval, other: Interval): boolean =>
  one.startMs <= other.startMs + EDGE_MS && one.endMs >= other.endMs - EDGE_MS;

function afterEnd({ call, streams }: Case): Finding[] {
  const { endedAt } = call;
  if (endedAt === null) return [];
  return eachOnce(streams).flatMap(({ stream, towards }): Finding[] => {
    const lastsMs = stream.atMs.at(-1)! - endedAt;
    if (lastsMs < AFTER_END_MS) return [];
    return [
      {
        code: 'MEDIA_AFTER_END',
        severity: 'note',
        calls: [call.number],
        summary: `RTP towards the ${towards} went on for ${inSeconds(lastsMs)} after the ${call.endedWith}.`,
        evidence: [citePacket(stream, -1, 'the last packet')],
      },
    ];
  });
}
