import { CITED, cite } from '../evidence/cite.js';
import type { EvidenceRef, RtpStream } from '../evidence/types.js';
import type { PlannedFlow } from '../plan/planned-flow.js';
import type { Plan } from '../plan/types.js';
import { answeringNode, type CallEvidence } from './calls.js';
import { callPayloads, earStreams, timeUp } from './ears.js';
import type { ToldDigit } from './hearing/dtmf/digits.js';
import { eventDigits } from './hearing/dtmf/events.js';
import { inBandDigits } from './hearing/dtmf/in-band.js';
import { infoDigits } from './hearing/dtmf/info.js';
import { renderEar } from './hearing/jitter-buffer.js';
import { calledUser } from './joined-legs.js';
import { callStreams } from './streams.js';
import type { CallMeasure } from './types.js';

/** The channels that digits may come by. */
export type DigitChannel = 'rfc4733' | 'info' | 'inband';

/** What became of the digits that a caller dialled. */
export interface DigitsMeasure {
  sent: string;
  /** How the caller sent them. */
  by: DigitChannel;
  /**
   * What the far end read: the extension that an IVR went on to dial, or the digits that reached the party by the
   * channel that it reads. Null if that can't be known.
   */
  read: string | null;
  /** The channel that the far end reads; null for an IVR, which may know several. */
  reads: DigitChannel | null;
  /** Digits that came to the far end's own interface, by channel. */
  arrived: Record<DigitChannel, string>;
  evidence: EvidenceRef[];
}

const BUFFER_MS = 50;

/** Digits of one call, from the captures. Null for a call that dialled none, or never got through to dial any. */
export function measureDigits(call: CallMeasure, index: CallEvidence): DigitsMeasure | null {
  const { plan } = index;
  const flow = plan.flows.find(({ name }) => name === call.flow);
  if (!flow?.digits || !wasPickedUp(call, index)) return null;
  const { text: sent, mode: by } = flow.digits;
  return flow.asksForDigits
    ? { sent, by, reads: null, ...readByIvr(call, index) }
    : { sent, by, ...readByParty(call, flow, index) };
}

/** The PBX or the party answered, so that the caller began to dial. */
const wasPickedUp = ({ sipCallId }: CallMeasure, { sip, plan }: CallEvidence): boolean =>
  (sip.get(sipCallId) ?? []).some(
    ({ callId, method, status, seen }) =>
      callId === sipCallId &&
      method === 'INVITE' &&
      status !== null &&
      status >= 200 &&
      status < 300 &&
      seen.node === plan.calls.find((planned) => planned.sipCallId === sipCallId)?.caller,
  );

/** An IVR shows what it read by whom it dials. */
function readByIvr(
  call: CallMeasure,
  index: CallEvidence,
): Pick<DigitsMeasure, 'read' | 'arrived' | 'evidence'> {
  const pbx = index.plan.lab.nodes.find(({ role }) => role === 'pbx')?.name ?? '';
  const [first] = index.made.get(call.sipCallId) ?? [];
  const dialled = first ? (calledUser(first.invite) ?? '') : '';
  const told = digitsAt(pbx, call, index);
  const leg = first && { ...first.invite.seen, note: `${call.id}: the IVR dials ${dialled}` };
  return {
    read: dialled,
    arrived: arrivedOf(told),
    evidence: [
      ...citeTold(call, told, `reaches ${pbx}`),
      ...(leg ? [{ file: leg.file, frame: leg.frame, atMs: leg.atMs, note: leg.note }] : []),
    ],
  };
}

function readByParty(
  call: CallMeasure,
  flow: PlannedFlow,
  index: CallEvidence,
): Pick<DigitsMeasure, 'read' | 'reads' | 'arrived' | 'evidence'> {
  const node = answeringNode(index.plan, call);
  const reads = channelRead(index.plan, node, flow);
  if (node === null || call.party === null)
    return { read: null, reads, arrived: arrivedOf([]), evidence: [] };
  const told = digitsAt(node, call, index);
  const arrived = arrivedOf(told);
  return { read: arrived[reads], reads, arrived, evidence: citeTold(call, told, `reaches ${node}`) };
}

/** A carrier's far end reads what its trunk says; phones read events. */
const channelRead = ({ lab }: Plan, node: string | null, { answers }: PlannedFlow): DigitChannel =>
  (answers === 'carrier' ? lab.trunks.find(({ carrier }) => carrier === node)?.digits : undefined) ??
  'rfc4733';

type Told = ToldDigit & { by: DigitChannel };

/** Everything that came to one node of a call and stands for digits. */
function digitsAt(node: string, call: CallMeasure, index: CallEvidence): Told[] {
  const messages = index.sip.get(call.sipCallId) ?? [];
  const info = messages.flatMap(({ seen, dtmf: carried, callId, from, cseq }) =>
    carried && seen.node === node && !seen.sent
      ? [
          {
            ...carried,
            callId,
            cseq,
            fromTag: from.tag,
            atMs: seen.atMs,
            evidence: cite({ seen }),
          },
        ]
      : [],
  );
  const isParty = node === answeringNode(index.plan, call);
  const streams = isParty ? earStreams(call, 'callee', index) : streamsTo(node, call, index);
  const payloads = callPayloads(call, index);
  return [
    ...eventDigits(streams, payloads).map((digit) => ({ ...digit, by: 'rfc4733' as const })),
    ...infoDigits(info).map((digit) => ({ ...digit, by: 'info' as const })),
    ...inBand(streams, call, index, !isParty).map((digit) => ({ ...digit, by: 'inband' as const })),
  ].sort((a, b) => a.atMs - b.atMs);
}

/** RTP that came to a node at an address that it announced to the caller. */
function streamsTo(node: string, { sipCallId }: CallMeasure, { sip, streams }: CallEvidence): RtpStream[] {
  const own = (sip.get(sipCallId) ?? []).filter(({ callId }) => callId === sipCallId);
  return callStreams(streams, own, node, 'to');
}

function inBand(streams: RtpStream[], call: CallMeasure, index: CallEvidence, isIvr: boolean): ToldDigit[] {
  const first = Math.min(...streams.map(({ atMs }) => atMs[0] ?? Infinity));
  const last = Math.max(...streams.map(({ atMs }) => atMs.at(-1) ?? -Infinity));
  // An IVR listens before the party answers.
  const up = isIvr ? null : timeUp(call);
  const [fromMs, toMs] = [up?.startMs ?? first, up?.endMs ?? last];
  if (!(toMs > fromMs) || streams.length === 0) return [];
  const payloads = callPayloads(call, index);
  return inBandDigits(renderEar({ streams, fromMs, toMs, bufferMs: BUFFER_MS, payloads }).audio, fromMs);
}

const arrivedOf = (told: readonly Told[]): DigitsMeasure['arrived'] => {
  const by = (channel: DigitChannel) =>
    told
      .filter((digit) => digit.by === channel)
      .map(({ digit }) => digit)
      .join('');
  return { rfc4733: by('rfc4733'), info: by('info'), inband: by('inband') };
};

const citeTold = ({ id }: CallMeasure, told: readonly Told[], what: string): EvidenceRef[] =>
  told
    .flatMap(({ evidence, digit, by }) =>
      evidence ? [{ ...evidence, note: `${id}: ${digit} by ${by} ${what}` }] : [],
    )
    .slice(0, CITED);
