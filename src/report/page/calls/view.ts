import type { CallDetail, LadderStep } from '../../../measures/details/types.js';
import type { CallMeasure, EarMeasure } from '../../../measures/types.js';
import type { EvidenceRef } from '../../../evidence/types.js';
import type { ScenarioResult } from '../../../verdict/types.js';
import { percent, printable, seconds } from '../../text.js';
import { evidenceLink } from '../evidence-link.js';

/** What the page of one call shows, as text: its script puts it in place and works nothing out. Times are ms on the lab axis. */
export interface CallView {
  id: string;
  lead: string;
  facts: [name: string, value: string][];
  times: [name: string, at: string, since: string][];
  /** When it was up, from its INVITE if it never was; null if it was never placed. */
  span: [fromMs: number, toMs: number] | null;
  ears: EarView[];
  /** Nodes, the caller's first. */
  lanes: string[];
  /** Null where no messages were kept of the run. */
  ladder: StepView[] | null;
  cited: CitationView[];
}

interface EarView {
  name: string;
  facts: [name: string, value: string][];
  segments: [fromMs: number, toMs: number, heardClass: string][];
  outages: [fromMs: number, toMs: number][];
  /** Link to the recording, null where there is none. */
  recording: string | null;
}

/** One arrow; packets are links, each with its file and frame. */
interface StepView {
  at: string;
  since: string;
  /** After how long it arrived, or that it was not seen to. */
  arrived: string;
  lost: boolean;
  from: number;
  to: number;
  text: string;
  sdp: boolean;
  again: boolean;
  packets: [href: string, text: string][];
}

interface CitationView {
  by: string;
  href: string;
  text: string;
}

/** A call of a scenario; `detail` is null where nothing was kept beside its measures. */
export function callView(
  result: ScenarioResult,
  call: CallMeasure,
  detail: CallDetail | null,
  citations: readonly { by: string; ref: EvidenceRef }[],
): CallView {
  const steps = detail?.ladder ?? [];
  const lanes = [...new Set(steps.flatMap(({ from, to }) => [from, to]))];
  const from = call.answeredAt ?? call.inviteAt;
  return {
    id: printable(call.id),
    lead: printable(leadOf(call)),
    facts: factsOf(call).map(([name, value]) => [name, printable(value)]),
    times: timesOf(call),
    span: from === null ? null : [whole(from), Math.max(whole(from) + 1, whole(call.endedAt ?? from))],
    ears: call.ears
      ? [
          earView(result.id, 'Caller’s ear', call.ears.caller),
          earView(result.id, 'Callee’s ear', call.ears.callee),
        ]
      : [],
    lanes: lanes.map(printable),
    ladder: detail && steps.map((step) => stepView(result.id, step, lanes, call.inviteAt)),
    cited: citations.map(({ by, ref }) => {
      const { href, file, frame, at, note } = evidenceLink(result.id, ref);
      return { by: printable(by), href, text: [file, frame, at, note].filter(Boolean).join(' ') };
    }),
  };
}

function leadOf({ trunk, direction, answeredAt, finalStatus, oneWay, deadAir }: CallMeasure): string {
  const way = trunk === null ? 'reached no trunk' : `by ${trunk}`;
  const end = answeredAt === null ? `not answered, final status ${finalStatus ?? 'none'}` : 'answered';
  const trouble = [oneWay ? 'one-way audio' : [], deadAir ? 'dead air' : []].flat();
  return [`${direction}, ${way}`, end, ...trouble].join(' · ');
}

function factsOf({ flow, sipCallId, attempts, party, digits }: CallMeasure): [string, string][] {
  const tries = attempts.map(
    ({ trunk, status, atMs }) => `${trunk} at ${seconds(atMs)}: ${status ?? 'no answer'}`,
  );
  return [
    ['Flow', flow],
    ['Call-ID', sipCallId],
    ...(tries.length > 0 ? [['Tries', tries.join(', then ')] as [string, string]] : []),
    ...(party ? [['Answered by', party.node] as [string, string]] : []),
    ...(digits ? [['Digits', digitsText(digits)] as [string, string]] : []),
  ];
}

const digitsText = ({ sent, by, read }: NonNullable<CallMeasure['digits']>): string =>
  `${sent} sent by ${by}, ${read ?? 'unknown'} read`;

function timesOf(call: CallMeasure): CallView['times'] {
  const { inviteAt, firstProvisionalAt, ringbackAt, audibleRingbackAt, answeredAt, endedAt } = call;
  const all: [string, number | null][] = [
    ['INVITE', inviteAt],
    ['First answer of the network', firstProvisionalAt],
    ['Ringback signalled', ringbackAt],
    ['Ringback audible', audibleRingbackAt],
    ['Answered', answeredAt],
    ['Ended', endedAt],
  ];
  return all.map(([name, at]) => [name, at === null ? 'never' : exact(at), sinceText(at, inviteAt)]);
}

/** To the millisecond: finer than a page can show. */
const whole = Math.round;

function earView(scenarioId: string, name: string, ear: EarMeasure): EarView {
  const { packets, outages, segments, recording } = ear;
  const longest = Math.max(0, ...outages.map(({ startMs, endMs }) => endMs - startMs));
  const facts: [string, string][] = [
    ['Class', ear.heardCall === null ? ear.class : `${ear.class} (${ear.heardCall})`],
    ['Heard', percent(ear.heardShare)],
    ['Outages', outages.length === 0 ? 'none' : `${outages.length}, longest ${seconds(longest)}`],
    ['Delay', ear.delayMs === null ? 'not measured' : `${ear.delayMs.toFixed(1)} ms`],
    ['MOS (estimate)', ear.mos === null ? 'not measured' : ear.mos.toFixed(2)],
    [
      'Packets',
      packets === null ? 'none' : `${packets.received} received, ${packets.lost} lost, ${packets.late} late`,
    ],
    ['Jitter', packets === null ? 'not measured' : `${packets.jitterMs.toFixed(1)} ms`],
  ];
  return {
    name,
    facts: facts.map(([fact, value]) => [fact, printable(value)]),
    segments: segments.map((segment) => [whole(segment.fromMs), whole(segment.toMs), segment.class]),
    outages: outages.map(({ startMs, endMs }) => [whole(startMs), whole(endMs)]),
    recording: recording === null ? null : evidenceLink(scenarioId, { file: recording }).href,
  };
}

function stepView(
  scenarioId: string,
  step: LadderStep,
  lanes: readonly string[],
  inviteAt: number | null,
): StepView {
  const { atMs, arrivedMs, from, to, sights } = step;
  return {
    at: exact(atMs),
    since: sinceText(atMs, inviteAt),
    arrived: arrivedText(step),
    lost: arrivedMs === null && step.watched,
    from: lanes.indexOf(from),
    to: lanes.indexOf(to),
    text: printable(step.text),
    sdp: step.sdp,
    again: step.again,
    packets: sights.map((ref) => {
      const { href, file } = evidenceLink(scenarioId, ref);
      return [href, `${file.replace(/^captures\/|\.pcap$/g, '')} #${ref.frame}`];
    }),
  };
}

function arrivedText({ atMs, arrivedMs, watched }: LadderStep): string {
  if (arrivedMs !== null) return `${Math.max(0, arrivedMs - atMs).toFixed(1)} ms`;
  return watched ? 'not seen arriving' : 'not captured there';
}

/** To the millisecond. */
const exact = (atMs: number): string => `${(atMs / 1000).toFixed(3)} s`;

const sinceText = (at: number | null, from: number | null): string =>
  at === null || from === null ? '' : `${at < from ? '−' : '+'}${(Math.abs(at - from) / 1000).toFixed(3)} s`;
