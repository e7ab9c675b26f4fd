import { DeadairError, ExitCode } from '../../base/errors.js';
import type { Impairment } from '../impairment.js';
import { dropAll, impairmentOf } from '../impairments.js';
import type { TimeTrace, Trace } from './types.js';

/** A mahimahi trace counts opportunities to deliver this much (mm-link(1): "an MTU-sized packet (1500 bytes)"). */
const OPPORTUNITY_BITS = 1500 * 8;

export interface MahimahiOptions {
  /** Opportunities are counted over so many ms for each step. */
  stepMs: number;
  /** Longest wait in front of the rate; null for no bound. */
  queueMs: number | null;
  end: Trace['end'];
}

/**
 * A mahimahi packet-delivery trace, one whole millisecond a line, as steps of rate. The trace lasts to its last line, as
 * mm-link repeats it from there. A step without an opportunity loses all that comes in it; what waits in front of the
 * rate by then isn't held back until the next, as mm-link would, but goes as the step begins.
 * @throws DeadairError TRACE_INVALID (exit 64) with the line.
 */
export function importMahimahi(text: string, file: string, options: MahimahiOptions): TimeTrace {
  const times = timesOf(text, file);
  const last = times.at(-1) ?? 0;
  const count = Math.max(1, Math.ceil(last / options.stepMs));
  const opportunities = new Array<number>(count).fill(0);
  // An opportunity at 100 is the last of the step 0–100.
  for (const time of times) {
    const step = Math.min(count - 1, Math.max(0, Math.ceil(time / options.stepMs) - 1));
    opportunities[step] = (opportunities[step] ?? 0) + 1;
  }
  const steps = opportunities.map((n, index) => {
    const lengthMs = Math.min(options.stepMs, last - index * options.stepMs);
    return {
      atMs: index * options.stepMs,
      impairment: rateOf((n * OPPORTUNITY_BITS * 1000) / lengthMs, options),
    };
  });
  return {
    kind: 'time',
    name: file,
    source: `mahimahi trace ${file}, rate over steps of ${options.stepMs} ms`,
    end: options.end,
    lengthMs: last,
    steps,
  };
}

const rateOf = (bitsPerS: number, { queueMs }: MahimahiOptions): Impairment =>
  bitsPerS > 0
    ? {
        ...impairmentOf({}),
        rate: { bitsPerS, burstBytes: 0, limitPackets: null, limitMs: queueMs },
      }
    : dropAll;

function timesOf(text: string, file: string): number[] {
  const times: number[] = [];
  const refuse = (line: number, what: string): never => {
    const place = { file, line, column: 1 };
    throw new DeadairError('TRACE_INVALID', what, { exitCode: ExitCode.badInput, place });
  };
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.trim();
    if (line === '') continue;
    const time = Number(line);
    if (!/^\d+$/.test(line)) refuse(index + 1, `expected a whole number of milliseconds, not "${line}".`);
    if (time < (times.at(-1) ?? 0)) refuse(index + 1, `times ascend: ${time} comes after ${times.at(-1)}.`);
    times.push(time);
  }
  if ((times.at(-1) ?? 0) === 0) refuse(1, 'the trace has no time after 0.');
  return times;
}
