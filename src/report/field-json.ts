import type { Evidence } from '../evidence/types.js';
import type { FieldAnalysis, FieldCall, LadderMessage } from '../measures/field/types.js';

const SCHEMA_VERSION = 1;

/** A field analysis with what the command adds to it. */
export interface FieldReport extends FieldAnalysis {
  captures: Evidence['captures'];
  /** Wall clock of time 0, ms since 1970. */
  epochMs: number | null;
  exitCode: number;
}

/** The analysis as JSON: everything but the packets themselves. In pieces, as there may be very many calls. */
export function* fieldJson(report: FieldReport): Iterable<string> {
  const { calls, loose, otherSip, clocks, findings, span, captures, epochMs, exitCode } = report;
  const head = JSON.stringify({
    schemaVersion: SCHEMA_VERSION,
    kind: 'field-analysis',
    units: {
      time: 'ms after startedAt (…At, …Ms)',
      share: '0–1',
      mos: '1–4.5, E-model, narrowband scale',
      frame: 'number in the capture, from 1',
    },
    startedAt: epochMs === null ? null : new Date(epochMs).toISOString(),
    exitCode,
    span,
    captures: captures.map(({ file, frames, problems }) => ({ file, frames, problems })),
    clocks,
  });
  yield `${head.slice(0, -1)},"calls":`;
  yield* listJson(calls, callJson);
  yield ',"looseMedia":';
  yield* listJson(loose, (one) => one);
  yield `,"otherSip":${JSON.stringify(otherSip)},"findings":`;
  yield* listJson(findings, (one) => one);
  yield '}';
}

function* listJson<T>(items: Iterable<T>, jsonOf: (item: T) => unknown): Iterable<string> {
  let before = '[';
  for (const item of items) {
    yield `${before}${JSON.stringify(jsonOf(item))}`;
    before = ',';
  }
  yield before === '[' ? '[]' : ']';
}

function callJson({ legs, announcements, ...call }: FieldCall) {
  return {
    ...call,
    legs: legs.map(({ callId, fromUser, toUser, messages, hops }) => ({
      callId,
      fromUser,
      toUser,
      hops: hops.map(({ from, to }) => ({ from, to })),
      ladder: messages.map(messageJson),
    })),
    announcements: announcements.map(({ atMs, side, hop, sdp, evidence }) => ({
      atMs,
      side,
      hop,
      sdp,
      evidence,
    })),
  };
}

function messageJson({
  atMs,
  src,
  dst,
  request,
  status,
  reason,
  cseq,
  method,
  sdp,
  retransmission,
  sights,
}: LadderMessage) {
  return { atMs, src, dst, request, status, reason, cseq, method, sdp, retransmission, sights };
}
