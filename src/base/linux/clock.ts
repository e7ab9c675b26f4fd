import { checked, declare } from './libc.js';

const libcClockGettime = declare<(clock: number, time: Uint8Array) => number>(
  'int clock_gettime(int, void *)',
);

const libcNanosleep = declare<(time: Uint8Array, rest: null) => number>(
  'int nanosleep(const void *, void *)',
);

const CLOCK_REALTIME = 0;
const CLOCK_PAIRS = 16;

/** Milliseconds on CLOCK_MONOTONIC: the same axis on every thread and in every process of this machine. */
export function monotonicMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

/**
 * Wall clock (ms since 1970) less monotonic clock, in ms, exact to some microseconds: of several readings of the
 * wall clock between two of the monotonic one, the tightest counts.
 */
export function wallMinusMonotonicMs(): number {
  const time = new BigInt64Array(2);
  const timeBytes = new Uint8Array(time.buffer);
  let tightestNs = Infinity;
  let offsetNs = 0n;
  for (let pair = 0; pair < CLOCK_PAIRS; pair++) {
    const beforeNs = process.hrtime.bigint();
    checked(libcClockGettime(CLOCK_REALTIME, timeBytes), 'clock_gettime');
    const afterNs = process.hrtime.bigint();
    const gapNs = Number(afterNs - beforeNs);
    if (gapNs >= tightestNs) continue;
    tightestNs = gapNs;
    offsetNs = time[0]! * 1_000_000_000n + time[1]! - (beforeNs + afterNs) / 2n;
  }
  return Number(offsetNs) / 1e6;
}

/**
 * Stops this thread for `ms` (fractions count), or less if a signal comes. For worker threads that keep time: Node's
 * timers know whole milliseconds only.
 */
export function sleepMs(ms: number): void {
  const seconds = Math.floor(ms / 1000);
  const time = BigInt64Array.of(BigInt(seconds), BigInt(Math.floor((ms - seconds * 1000) * 1e6)));
  libcNanosleep(new Uint8Array(time.buffer), null);
}
