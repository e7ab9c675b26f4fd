import { setTimeout as delay } from 'node:timers/promises';
import { monotonicMs } from '../base/linux/clock.js';
import type { DirectionState, LinkState } from '../emulator/contract.js';
import type { Impairment } from '../plan/impairment.js';
import type { PlannedLink } from '../plan/planned-lab.js';
import type { ProbeSeries } from '../runfolder/journal.js';
import { impairmentMet, plainShape, ruleMet, shapeFor, type ProbeShape } from './probe-match.js';
import type { ProbeSize } from './probe-size.js';
import { ProbeStream } from './probe-stream.js';
import type { Way } from './sides.js';
import { medianInterval, quantile } from '../base/statistics.js';

const POLL_MS = 2;
const TOO_LONG_COUNT = 10;
/** Probes stay below the MTU of the interfaces themselves. */
const INTERFACE_MTU = 1500;
/** A probe that was sent at once can be this late by the prober's own doing. */
const AT_ONCE_MS = 5;

/** A stream of probes and how many of them. */
export interface Volley {
  stream: ProbeStream;
  size: ProbeSize;
  link: string;
  state: DirectionState;
  tooLong: boolean;
}

/** Volleys for all that a link was told to do: plain packets, packets for each rule that probes can meet, and long ones. */
export function openVolleys(
  link: PlannedLink,
  state: LinkState,
  ways: readonly Way[],
  size: (state: DirectionState) => ProbeSize,
  netnsPath: (node: string) => string,
): Volley[] {
  return ways.flatMap((way) => {
    const direction = way.from === link.a.node ? state.aToB : state.bToA;
    const volleys: Volley[] = [];
    const open = (shape: ProbeShape, ipBytes = 0, change: Partial<ProbeSize> = {}) => {
      const stream = ProbeStream.open(way, shape, netnsPath, ipBytes);
      if (stream)
        volleys.push({
          stream,
          size: { ...size(direction), ...change },
          link: link.name,
          state: direction,
          tooLong: ipBytes > 0,
        });
      return stream;
    };
    const plain = open(plainShape);
    const met = plain ? ruleMet(direction, plain.header) : null;
    for (const [index, { match }] of direction.rules.entries()) {
      const shape = shapeFor(match, way);
      if (shape && index !== met) open(shape);
    }
    const mtu = impairmentMet(direction, met)?.mtuBytes ?? INTERFACE_MTU;
    if (mtu < INTERFACE_MTU) open(plainShape, mtu + 1, { count: TOO_LONG_COUNT });
    return volleys;
  });
}

/** Sends all volleys at once and waits for what arrives. They are not disposed of. */
export async function fire(volleys: readonly Volley[], signal: AbortSignal): Promise<void> {
  const startMs = monotonicMs();
  const endMs = (volley: Volley) => startMs + volley.size.count * volley.size.spacingMs + volley.size.graceMs;
  const busy = (volley: Volley, nowMs: number) =>
    volley.stream.sent < volley.size.count ||
    (volley.stream.received < volley.stream.sent && nowMs < endMs(volley));
  for (let nowMs = startMs; volleys.some((volley) => busy(volley, nowMs)); nowMs = monotonicMs()) {
    for (const { stream, size } of volleys) {
      while (stream.sent < size.count && nowMs >= startMs + stream.sent * size.spacingMs) stream.send();
      stream.collect();
    }
    await delay(POLL_MS, undefined, { signal });
  }
  // Copies come a little later than what they are copies of.
  for (const { stream } of volleys) stream.collect();
}

export function seriesOf({ stream, link, state, tooLong }: Volley): ProbeSeries {
  const rule = ruleMet(state, stream.header);
  const least = leastDelay(impairmentMet(state, rule));
  const delays = stream.arrivals.map(({ delayMs }) => delayMs);
  const held = (least === null ? delays : delays.filter((delayMs) => delayMs >= least)).sort((a, b) => a - b);
  return {
    link,
    from: stream.way.from,
    rule,
    tooLong,
    sent: stream.sent,
    received: stream.received,
    refusals: stream.refusals,
    duplicates: stream.arrivals.length - stream.received,
    atOnce: least === null ? null : delays.length - held.length,
    delayMs: quantile(held, 0.5),
    delayIntervalMs: medianInterval(held),
    delayP99Ms: quantile(held, 0.99),
  };
}

/** Below this a probe was sent at once; null where those and the delayed ones can't be told apart. */
function leastDelay(impairment: Impairment | null): number | null {
  if (!impairment?.reorder || !impairment.delay) return null;
  const { ms, jitterMs, distribution } = impairment.delay;
  const least = ms - jitterMs * (distribution === 'uniform' ? 1 : 4);
  return least > AT_ONCE_MS ? least - 0.5 : null;
}
