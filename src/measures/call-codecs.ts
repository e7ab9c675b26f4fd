import { STATIC_PAYLOADS } from '../evidence/codecs.js';
import type { EvidenceRef } from '../evidence/types.js';
import { earNode, type CallEvidence } from './calls.js';
import { callPayloads, earStreams, type Ear } from './ears.js';
import type { CallMeasure } from './types.js';

/** What one party of a call said that it takes, and what it got. Codecs by their names in SDP. */
interface EarCodecs {
  announced: string[];
  received: string[];
  /** Packets of payload types that it never announced: nothing says that it can play them (RFC 3264 §5.1). */
  unannounced: number;
}

/** The codecs of an answered call, from its SDPs and its packets. */
export interface CodecsMeasure {
  caller: EarCodecs;
  callee: EarCodecs;
  /** First packets of what was never announced. */
  evidence: EvidenceRef[];
}

/** Null for a call that was not answered. */
export function measureCodecs(call: CallMeasure, index: CallEvidence): CodecsMeasure | null {
  if (call.answeredAt === null) return null;
  const [caller, callee] = [codecsAt(call, 'caller', index), codecsAt(call, 'callee', index)];
  return { caller: caller.codecs, callee: callee.codecs, evidence: [...caller.evidence, ...callee.evidence] };
}

function codecsAt(call: CallMeasure, ear: Ear, index: CallEvidence) {
  const node = earNode(index.plan, call, ear);
  const own = (index.sip.get(call.sipCallId) ?? []).flatMap(({ sdp, seen }) =>
    sdp && seen.sent && seen.node === node ? sdp.payloads : [],
  );
  const types = new Set(own.map(({ type }) => type));
  const payloads = callPayloads(call, index);
  const nameOf = (type: number) =>
    (payloads.get(type) ?? STATIC_PAYLOADS.get(type))?.codec.toUpperCase() ?? `type ${type}`;
  const received = new Set<number>();
  const evidence: EvidenceRef[] = [];
  let unannounced = 0;
  for (const { payloadType, file, frame, atMs } of earStreams(call, ear, index)) {
    for (const type of payloadType) received.add(type);
    const strange = payloadType.findIndex((type) => !types.has(type));
    if (strange === -1) continue;
    unannounced += payloadType.filter((type) => !types.has(type)).length;
    const note = `${call.id}: ${node ?? ear} gets ${nameOf(payloadType[strange] ?? 0)}, which it never announced`;
    evidence.push({ file, frame: frame[strange] ?? 1, atMs: atMs[strange] ?? 0, note });
  }
  const codecs: EarCodecs = {
    announced: [...new Set(own.map(({ codec }) => codec.toUpperCase()))],
    received: [...received].map(nameOf),
    unannounced,
  };
  return { codecs, evidence };
}

/** Not acceptable here, unsupported media type, not acceptable (RFC 3261 §21). */
export const isCodecRefusal = (status: number | null): boolean =>
  status === 488 || status === 415 || status === 606;

export const hasCodecMismatch = ({ codecs, finalStatus }: CallMeasure): boolean =>
  isCodecRefusal(finalStatus) ||
  (codecs !== null && codecs.caller.unannounced + codecs.callee.unannounced > 0);
