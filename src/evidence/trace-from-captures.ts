import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { DeadairError, ExitCode } from '../base/errors.js';
import { ETHERNET_BYTES } from '../base/headers.js';
import type { PacketTrace, Trace } from '../plan/traces/types.js';
import { readCapture } from './capture.js';
import type { CapturedFrame } from './captured-frame.js';

export interface CapturePair {
  /** Taken before the link, and after it: both paths of classic pcap files. */
  before: string;
  after: string;
  /** Source address of the packets; null: of all that are seen before the link first. */
  from: string | null;
  /** Clock of `after` less that of `before`, ms. */
  offsetMs: number;
  end: Trace['end'];
}

export interface ImportedTrace {
  trace: PacketTrace;
  matched: number;
  lost: number;
  /** Packets like one that was on its way already: matched in order, which may be wrong where some were lost. */
  alike: number;
}

interface Seen {
  key: string;
  source: string;
  atMs: number;
}

/**
 * What a link did to each packet, from captures on both sides of it. A packet is known again by its IPv4 identification,
 * protocol and the digest of what IP carries. Those of `before` that are missing in `after` are lost, if `after` was still
 * being taken when they were due. What was overtaken comes out in order: a trace keeps it.
 * @throws DeadairError CAPTURE_UNREADABLE, CAPTURES_UNRELATED, CLOCKS_DIFFER (exit 64)
 */
export async function traceFromCaptures(pair: CapturePair): Promise<ImportedTrace> {
  const before = await packetsOf(pair.before);
  const after = (await packetsOf(pair.after)).map((one) => ({ ...one, atMs: one.atMs - pair.offsetMs }));
  const arrivals = new Map<string, number[]>();
  for (const { key, atMs } of after) {
    const alike = arrivals.get(key);
    if (alike) alike.push(atMs);
    else arrivals.set(key, [atMs]);
  }
  const sources = pair.from === null ? sourcesBefore(before, arrivals) : new Set([pair.from]);
  const sent = before.filter(({ source }) => sources.has(source));
  const taken = { fromMs: after[0]?.atMs ?? Infinity, toMs: after.at(-1)?.atMs ?? -Infinity };
  let alike = 0;
  const fates = sent.map(({ key, atMs }) => {
    const candidates = arrivals.get(key) ?? [];
    const arrivedMs = candidates.shift();
    if (candidates.length > 0) alike++;
    return { atMs, delayMs: arrivedMs === undefined ? null : arrivedMs - atMs };
  });
  const met = fates.flatMap(({ delayMs }) => delayMs ?? []);
  const [leastMs, longestMs] = [
    met.reduce((a, b) => Math.min(a, b), Infinity),
    met.reduce((a, b) => Math.max(a, b), 0),
  ];
  const delaysMs = fates
    .filter(
      ({ atMs, delayMs }) =>
        delayMs !== null || (atMs + leastMs >= taken.fromMs && atMs + longestMs <= taken.toMs),
    )
    .map(({ delayMs }) => delayMs);
  if (met.length === 0) throw unrelated(pair);
  if (leastMs < 0) throw clocksDiffer(pair, leastMs);
  const source = `captures ${basename(pair.before)} and ${basename(pair.after)}, ${delaysMs.length} packets`;
  return {
    trace: {
      kind: 'packet',
      name: basename(pair.before),
      source,
      end: pair.end,
      delaysMs: delaysMs.map(roundToUs),
    },
    matched: met.length,
    lost: delaysMs.length - met.length,
    alike,
  };
}

/** Senders on the near side: those of whose packets most were seen before the link first. */
function sourcesBefore(before: readonly Seen[], arrivals: ReadonlyMap<string, number[]>): Set<string> {
  const votes = new Map<string, number>();
  const met = new Map<string, number>();
  for (const { key, source, atMs } of before) {
    const nth = met.get(key) ?? 0;
    met.set(key, nth + 1);
    const arrivedMs = arrivals.get(key)?.[nth];
    if (arrivedMs !== undefined) votes.set(source, (votes.get(source) ?? 0) + Math.sign(arrivedMs - atMs));
  }
  return new Set([...votes].filter(([, vote]) => vote > 0).map(([source]) => source));
}

async function packetsOf(path: string): Promise<Seen[]> {
  const packets: Seen[] = [];
  const { frames, problems } = await readCapture(path, (frame) => {
    const packet = identify(frame);
    if (packet) packets.push(packet);
  });
  if (frames === 0 && problems.length > 0)
    throw badInput('CAPTURE_UNREADABLE', `${path} ${problems.join(', ')}.`);
  return packets;
}

const IPV4 = 0x0800;

const LINKTYPE_ETHERNET = 1;

function identify({ bytes, start, end, wallMs, linkType }: CapturedFrame): Seen | null {
  if (linkType !== LINKTYPE_ETHERNET) return null;
  const ip = start + ETHERNET_BYTES;
  if (end - ip < 20 || bytes.readUInt16BE(ip - 2) !== IPV4) return null;
  const payload = ip + (bytes[ip]! & 15) * 4;
  const last = Math.min(end, ip + bytes.readUInt16BE(ip + 2));
  if (payload > last) return null;
  const digest = createHash('sha1').update(bytes.subarray(payload, last)).digest('base64');
  return {
    key: `${bytes.readUInt16BE(ip + 4)} ${bytes[ip + 9]} ${digest}`,
    source: bytes.subarray(ip + 12, ip + 16).join('.'),
    atMs: wallMs,
  };
}

const roundToUs = (ms: number | null): number | null => (ms === null ? null : Math.round(ms * 1000) / 1000);

const unrelated = ({ before, after, from }: CapturePair) =>
  badInput(
    'CAPTURES_UNRELATED',
    `no packet${from === null ? '' : ` from ${from}`} of ${before} is in ${after}.`,
    'Give the capture from the sender’s side first, or the sender’s address.',
  );

const clocksDiffer = ({ after }: CapturePair, leastMs: number) =>
  badInput(
    'CLOCKS_DIFFER',
    `packets arrive up to ${(-leastMs).toFixed(3)} ms before they are sent: the clock of ${after} is behind.`,
    'Say by how much the clocks differ.',
  );

function badInput(code: string, what: string, fix?: string): DeadairError {
  return new DeadairError(code, what, { exitCode: ExitCode.badInput, ...(fix === undefined ? {} : { fix }) });
}
