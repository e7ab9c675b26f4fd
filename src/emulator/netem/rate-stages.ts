import type { Rate } from '../../plan/impairment.js';
import { LONGEST_FRAME_BYTES } from '../../base/headers.js';
import { ENDLESS_BYTES, ENDLESS_PACKETS, type Qdisc } from './qdisc.js';
import { bitRate } from './words.js';

/** Later than this no timer is. */
const AHEAD_MS = 10;

/** The qdiscs of one device, root first. */
export type Stage = Qdisc[];

/**
 * What a rate needs behind the netem of its lane, a stage a device:
 * - without burst and bound in ms: netem's own rate, whose limit is the queue;
 * - without burst, bound in ms: HTB in front of that, with a byte queue to wait in. netem's rate, which is exact, does
 *   the pacing; HTB hands over to it a few ms ahead, so that a late timer costs no throughput, and its queue is shorter
 *   by as much;
 * - with a burst: TBF, whose queue is bound in bytes (ms × rate) or packets.
 */
export function rateStages(rate: Rate): Stage[] {
  if (rate.burstBytes > 0) return [bucket(rate)];
  if (rate.limitMs === null) return [line(rate)];
  return [pacer(rate, rate.limitMs), line(rate)];
}

function line({ bitsPerS, limitPackets }: Rate): Stage {
  const limit = limitPackets ?? ENDLESS_PACKETS;
  return [
    {
      object: 'qdisc',
      kind: 'netem',
      parent: 'root',
      handle: null,
      args: ['limit', String(limit), 'rate', bitRate(bitsPerS)],
      shown: { limit, 'rate.rate': Math.round(bitsPerS) / 8 },
    },
  ];
}

function pacer({ bitsPerS }: Rate, limitMs: number): Stage {
  const speed = bitRate(bitsPerS);
  const aheadMs = Math.min(AHEAD_MS, limitMs / 4);
  const ahead = String(Math.max(1, Math.floor((bitsPerS * aheadMs) / 8000)));
  const quantum = String(LONGEST_FRAME_BYTES);
  return [
    {
      object: 'qdisc',
      kind: 'htb',
      parent: 'root',
      handle: '2:',
      args: ['default', '1'],
      shown: {},
      fixed: true,
    },
    {
      object: 'class',
      kind: 'htb',
      parent: '2:',
      handle: '2:1',
      args: ['rate', speed, 'ceil', speed, 'burst', ahead, 'cburst', ahead, 'quantum', quantum],
      // tc shows classes as text only; the proof of the rate is its effect.
      shown: null,
    },
    byteQueue('2:1', bitsPerS, limitMs - aheadMs),
  ];
}

function bucket({ bitsPerS, burstBytes, limitPackets, limitMs }: Rate): Stage {
  const burst = bucketBytes(burstBytes);
  const root: Qdisc = {
    object: 'qdisc',
    kind: 'tbf',
    parent: 'root',
    handle: '1:',
    args: ['rate', bitRate(bitsPerS), 'burst', String(burst), 'limit', String(ENDLESS_BYTES)],
    // tc shows the burst by its time in whole µs.
    shown: { rate: Math.round(bitsPerS) / 8, burst: { about: burst, within: 1 + (2e-6 * bitsPerS) / 8 } },
  };
  // tbf writes its own limit into the queue below it, so that comes after.
  if (limitPackets === null) return [root, byteQueue('1:1', bitsPerS, limitMs)];
  const args = ['limit', String(limitPackets)];
  const shown = { limit: limitPackets };
  return [root, { object: 'qdisc', kind: 'pfifo', parent: '1:1', handle: '12:', args, shown }];
}

/** A bucket that can't hold a whole frame would never let it pass. */
function bucketBytes(burstBytes: number): number {
  return Math.max(LONGEST_FRAME_BYTES, Math.round(burstBytes));
}

function byteQueue(parent: '1:1' | '2:1', bitsPerS: number, limitMs: number | null): Qdisc {
  const limit = limitMs === null ? ENDLESS_BYTES : queueBytes(bitsPerS, limitMs);
  const args = ['limit', String(limit)];
  // A handle of its own under each: tc takes an old handle for an order to change what has it.
  const handle = parent === '1:1' ? '11:' : '21:';
  return { object: 'qdisc', kind: 'bfifo', parent, handle, args, shown: { limit } };
}

/** Bytes that the line sends in `limitMs`; a frame must find room in an empty queue. */
function queueBytes(bitsPerS: number, limitMs: number): number {
  return Math.min(ENDLESS_BYTES, Math.max(LONGEST_FRAME_BYTES, Math.round((bitsPerS * limitMs) / 8000)));
}
