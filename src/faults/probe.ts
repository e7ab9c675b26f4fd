import { setTimeout as delay } from 'node:timers/promises';
import { monotonicMs } from '../base/linux/clock.js';
import { medianInterval, quantile } from '../base/statistics.js';
import type { Impairment, Slot } from '../plan/impairment.js';
import { longestJitterMs } from '../plan/jitter.js';
import type { ProbeSeries, Releases } from '../runfolder/journal.js';
import { jitterSight } from './jitter.js';
import { neighboursOf } from './neighbours.js';
import { impairmentMet, ruleMet } from './probe-match.js';
import { dueMs, type ProbeSize } from './probe-size.js';
import type { ProbeStream } from './probe-stream.js';
import { releasesOf } from './releases.js';
import { jitterAlone } from './time-figures.js';
import type { Volley } from './volleys.js';

const POLL_MS = 2;
/** Probes may be sent this much after all of them should have been. */
const LATE_MS = 20;
/**
 * A prober that was held up sends no more than so many of a volley at once: where the kernel gets no time to deliver, its
 * backlog takes a thousand packets (net.core.netdev_max_backlog), and those of several volleys lie in it. A train has room.
 */
const MOST_AT_ONCE = 64;
/** A probe that was sent at once can be this late by the prober's own doing. */
const AT_ONCE_MS = 5;

/** Sends all volleys at once and waits for what arrives. They are not disposed of. */
export async function fire(volleys: readonly Volley[], signal: AbortSignal): Promise<void> {
  const startMs = monotonicMs();
  // A prober that was held up doesn't make up for it: probes sent late would meet what comes next.
  const lastMs = ({ size }: Volley) => startMs + size.count * size.spacingMs + LATE_MS;
  const sends = (volley: Volley, nowMs: number) =>
    volley.stream.sent < volley.size.count && nowMs < lastMs(volley);
  const busy = (volley: Volley, nowMs: number) =>
    sends(volley, nowMs) ||
    (volley.stream.received < volley.stream.sent && nowMs < lastMs(volley) + volley.size.graceMs);
  for (let nowMs = startMs; volleys.some((volley) => busy(volley, nowMs)); nowMs = monotonicMs()) {
    for (const volley of volleys) {
      const { stream, size } = volley;
      const most = stream.sent + MOST_AT_ONCE;
      while (stream.sent < most && sends(volley, nowMs) && nowMs >= startMs + dueMs(stream.sent, size))
        stream.send();
      stream.collect();
    }
    await delay(POLL_MS, undefined, { signal });
  }
  // Copies come a little later than what they are copies of.
  for (const { stream } of volleys) stream.collect();
}

/** What a stream tells of its probes. */
export type ProbesMet = Pick<
  ProbeStream,
  | 'way'
  | 'header'
  | 'sentAtMs'
  | 'received'
  | 'refusals'
  | 'arrivals'
  | 'damaged'
  | 'payloadShare'
  | 'hasArrived'
>;

/**
 * What a volley met.
 *
 * @param othersPerMs packets of others that met the same impairment meanwhile
 */
export function seriesOf(
  { stream, link, state, kind, size }: Omit<Volley, 'stream'> & { stream: ProbesMet },
  othersPerMs = 0,
): ProbeSeries {
  const rule = ruleMet(state, stream.header);
  const impairment = impairmentMet(state, rule);
  const least = leastDelay(impairment);
  const delays = stream.arrivals.map(({ delayMs }) => delayMs);
  const held = (least === null ? delays : delays.filter((delayMs) => delayMs >= least)).sort((a, b) => a - b);
  const atOnce = least === null ? null : delays.length - held.length;
  const { delay = null, slot = null } = impairment ?? {};
  const hasJitter = kind === 'plain' && delay !== null && delay.jitterMs > 0;
  return {
    link,
    from: stream.way.from,
    rule,
    kind,
    sent: stream.sentAtMs.length,
    received: stream.received,
    refusals: stream.refusals,
    duplicates: stream.arrivals.length - stream.received,
    damaged: kind === 'bare' ? { count: stream.damaged.size, bitsSeen: stream.payloadShare } : null,
    neighbours: size.train > 1 ? neighboursIn(stream, kind, least) : null,
    jitter:
      hasJitter && impairment && jitterAlone(impairment, atOnce)
        ? jitterSight(delay, {
            sentAtMs: stream.sentAtMs,
            delaysMs: firstDelays(stream, least),
            othersPerMs,
          })
        : null,
    releases: kind === 'plain' && slot ? releasesIn(stream, slot, size) : null,
    spacingMs: size.train * size.spacingMs,
    atOnce,
    delayMs: quantile(held, 0.5),
    delayIntervalMs: medianInterval(held),
    delayP99Ms: quantile(held, 0.99),
  };
}

/** Where a slot takes so many packets only, there is a pause between the trains that fill several. */
function releasesIn({ arrivals }: ProbesMet, slot: Slot, { train, spacingMs }: ProbeSize): Releases {
  const pauseMs = slot.packets === null || train === 1 ? Infinity : (train * spacingMs) / 2;
  return releasesOf(
    arrivals.map(({ atMs }) => atMs),
    slot,
    pauseMs,
  );
}

function neighboursIn(
  stream: ProbesMet,
  kind: ProbeSeries['kind'],
  least: number | null,
): ProbeSeries['neighbours'] {
  const { sentAtMs, arrivals, damaged } = stream;
  const times = new Map<number, number>();
  const early = new Set<number>();
  for (const { number, delayMs } of arrivals) {
    times.set(number, (times.get(number) ?? 0) + 1);
    if (least !== null && delayMs < least) early.add(number);
  }
  const ofArrived = (met: (number: number) => boolean) => (number: number) =>
    stream.hasArrived(number) ? met(number) : null;
  return {
    lost: neighboursOf(sentAtMs, (number) => !stream.hasArrived(number)),
    copied: neighboursOf(
      sentAtMs,
      ofArrived((number) => times.get(number)! > 1),
    ),
    atOnce:
      least === null
        ? null
        : neighboursOf(
            sentAtMs,
            ofArrived((number) => early.has(number)),
          ),
    damaged:
      kind === 'bare'
        ? neighboursOf(sentAtMs, (number) =>
            damaged.has(number) ? true : stream.hasArrived(number) ? false : null,
          )
        : null,
  };
}

/** By number, of the first of each to arrive; null for what didn't, or was sent at once. */
function firstDelays({ sentAtMs, arrivals }: ProbesMet, least: number | null): (number | null)[] {
  const delays = sentAtMs.map((): number | null => null);
  for (const { number, delayMs } of arrivals)
    if (number < delays.length && (least === null || delayMs >= least)) delays[number] ??= delayMs;
  return delays;
}

/** Below this a probe was sent at once; null where those and the delayed ones can't be told apart. */
function leastDelay(impairment: Impairment | null): number | null {
  if (!impairment?.reorder || !impairment.delay) return null;
  const least = impairment.delay.ms - longestJitterMs(impairment.delay);
  return least > AT_ONCE_MS ? least - 0.5 : null;
}
