import { LONGEST_FRAME_BYTES } from '../base/headers.js';
import type { Impairment } from './impairment.js';
import type { FaultAction } from './planned-fault.js';
import type { Trace } from './traces/types.js';

/** What netem does of a fault in a way that isn't quite what was asked for, a sentence each, for the result. */
export function approximatedByNetem(fault: FaultAction): string[] {
  switch (fault.kind) {
    case 'impair':
      return approximatedImpairment(fault.impairment);
    case 'replay':
      return [...new Set(fault.directions.flatMap(({ trace }) => approximatedTrace(trace)))];
    default:
      return [];
  }
}

function approximatedTrace(trace: Trace): string[] {
  if (trace.kind === 'packet') return [];
  return [
    `${trace.name} is applied to netem step by step, each some milliseconds late; what waits keeps the delay it had.`,
    ...trace.steps.flatMap(({ impairment }) => approximatedImpairment(impairment)),
  ];
}

function approximatedImpairment({ delay, corrupt, rate }: Impairment): string[] {
  return [
    ...(corrupt && corrupt.share > 0
      ? ['netem may flip a bit of the Ethernet header too, 14 bytes of each frame.']
      : []),
    ...(delay && delay.jitterMs > 0 && delay.correlation > 0
      ? ["netem takes a delay's correlated draws modulo its table: neighbouring delays hardly correlate."]
      : []),
    ...(rate && rate.limitMs !== null
      ? ['the queue is bound in bytes (ms × rate), which count the packet that asks for a place.']
      : []),
    ...(rate && rate.burstBytes > 0 && rate.burstBytes < LONGEST_FRAME_BYTES
      ? [`the bucket holds ${LONGEST_FRAME_BYTES} bytes: with less, tc lets no whole frame pass.`]
      : []),
  ];
}
