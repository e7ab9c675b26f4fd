import { count } from '../../base/count.js';
import type { EvidenceRef } from '../../evidence/types.js';
import { callPayloads, earStreams, type Ear } from '../../measures/ears.js';
import { adaptiveBufferMs, schedule } from '../../measures/hearing/scheduling.js';
import { declaredBufferMs } from '../../measures/phone-buffer.js';
import type { CallMeasure } from '../../measures/types.js';
import { figure } from '../words.js';
import { CITED } from '../../evidence/cite.js';
import type { Case, RankedDiagnosis } from './case.js';

/** A loss of more is bad (docs/measures.md §1), and what comes late is lost. */
const LATE_SHARE = 0.03;
/** Own: fewer calls may be bad luck. */
const LEAST_CALLS = 3;
/** Own: so many times packets came late, one after the other; once or twice is somebody who stalled. */
const LEAST_TIMES = 10;

interface LateEar {
  call: CallMeasure;
  ear: Ear;
  late: number;
  received: number;
}

/**
 * JITTER_BEYOND_BUFFER: RTP arrived, but too late to be played. Only where the lab says how long its phones' buffers are: then
 * they are under test, and must cope with what the line does. Elsewhere the buffer is but the judge's own.
 */
export function diagnoseJitter(subject: Case): RankedDiagnosis[] {
  const { plan, measures } = subject;
  const bufferMs = declaredBufferMs(plan);
  if (bufferMs === null) return [];
  const bad = measures.calls
    .flatMap((call) => lateEars(call))
    .filter((one) => timesLate(one, subject, bufferMs) >= LEAST_TIMES);
  const calls = new Set(bad.map(({ call }) => call.id)).size;
  const [worst] = bad.sort((a, b) => b.late / b.received - a.late / a.received);
  if (!worst || calls < LEAST_CALLS) return [];
  const { late, received, call, ear } = worst;
  const neededMs = adaptiveBufferMs(earStreams(call, ear, subject.index), callPayloads(call, subject.index));
  const lost = call.ears?.[ear].packets?.lost ?? 0;
  return [
    {
      code: 'JITTER_BEYOND_BUFFER',
      rank: 45,
      summary: `In ${count(calls, 'call')} packets arrived but too late for a jitter buffer of ${bufferMs} ms: ${late} of ${received} at the ${ear} of ${call.id} (${figure(late / received, 'share')}), where ${lost} were lost on the way; a buffer of ${Math.ceil(neededMs)} ms would have played nearly all of them.`,
      advice:
        'Give the phones a longer or an adaptive jitter buffer, or find out where on the way packets wait.',
      evidence: bad.slice(0, CITED).flatMap((one) => latest(one, subject, bufferMs)),
    },
  ];
}

const lateEars = (call: CallMeasure): LateEar[] =>
  call.ears === null
    ? []
    : (['caller', 'callee'] as const).flatMap((ear) => {
        const packets = call.ears?.[ear].packets;
        return packets && packets.late >= LATE_SHARE * packets.received
          ? [{ call, ear, late: packets.late, received: packets.received }]
          : [];
      });

/** How often packets began to come late. */
function timesLate({ call, ear }: LateEar, { index }: Case, bufferMs: number): number {
  const payloads = callPayloads(call, index);
  return earStreams(call, ear, index).reduce((times, stream) => {
    const packets = schedule(stream, bufferMs, payloads);
    return times + packets.filter(({ late }, i) => late && packets[i - 1]?.late !== true).length;
  }, 0);
}

/** The packet that came latest, in the capture at its ear. */
function latest({ call, ear }: LateEar, { index }: Case, bufferMs: number): EvidenceRef[] {
  const payloads = callPayloads(call, index);
  const late = earStreams(call, ear, index).flatMap((stream) =>
    schedule(stream, bufferMs, payloads)
      .filter((packet) => packet.late)
      .map((packet) => ({ stream, ...packet, byMs: (stream.atMs[packet.index] ?? 0) - packet.playMs })),
  );
  const [worst] = late.sort((a, b) => b.byMs - a.byMs);
  if (!worst) return [];
  const { stream, index: at, byMs } = worst;
  return [
    {
      file: stream.file,
      frame: stream.frame[at] ?? 1,
      atMs: stream.atMs[at] ?? 0,
      note: `${call.id}: reached the ${ear} ${Math.round(byMs)} ms after its turn`,
    },
  ];
}
