import { createReadStream } from 'node:fs';

/**
 * A decision log: what the wire emulator decided about each frame of a link. The file is the header, and then records of
 * DECISION_BYTES, little endian, in the order of the decisions of each direction:
 *
 * | at | type | what |
 * |---|---|---|
 * | 0 | f64 | atMs |
 * | 8 | f32 | delayMs, NaN for null |
 * | 12 | u32 | n |
 * | 16 | u16 | length |
 * | 18 | i16 | rule |
 * | 20 | u8 | direction: 0 a to b, 1 b to a |
 * | 21 | u8 | verdict: index into VERDICTS |
 * | 22 | u8 | 1 corrupted, 2 duplicated, 4 reordered |
 * | 23 | u8 | protocol |
 * | 24 | u16 ×3 | identification, sourcePort, destinationPort |
 * | 30 | u16 | 0 |
 */
export interface Decision {
  direction: 'a-to-b' | 'b-to-a';
  /** Counts the frames of the direction from 1; of `unrecorded`, how many decisions are missing here. */
  n: number;
  /** When it was taken, ms on the monotonic clock. */
  atMs: number;
  /** Bytes of the Ethernet frame. */
  length: number;
  verdict: Verdict;
  /** From then to when it is due at the far end, null if it never is. */
  delayMs: number | null;
  /** Index of the rule that decided, −1 for `otherwise` or a profile, −2 for a cut. */
  rule: number;
  corrupted: boolean;
  /** A copy of it was made, with a delay of its own. */
  duplicated: boolean;
  /** Sent past those that wait for their delay. */
  reordered: boolean;
  /** Of IPv4, each 0 for what has none: number of the protocol, Identification, and ports. With them a frame is found in a capture. */
  protocol: number;
  identification: number;
  sourcePort: number;
  destinationPort: number;
}

/**
 * `queue-full`: the queue in front of the rate. `no-room`: the emulator couldn't hold it. `unrecorded`: decisions that
 * are missing, because they came faster than they could be written.
 */
export const VERDICTS = [
  'delivered',
  'lost',
  'cut',
  'rejected',
  'queue-full',
  'too-long',
  'no-room',
  'unrecorded',
] as const;
export type Verdict = (typeof VERDICTS)[number];

export const DECISION_BYTES = 32;
export const DECISION_LOG_HEADER = Buffer.from('deadair-wire/1\n\0', 'latin1');
export const DecisionFlag = { corrupted: 1, duplicated: 2, reordered: 4 } as const;

/** Reads a log record by record. A last record that is cut off is left out. Throws if it isn't a decision log. */
export async function* readDecisionLog(path: string): AsyncGenerator<Decision> {
  let rest = Buffer.alloc(0);
  let isHeaderRead = false;
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    rest = Buffer.concat([rest, chunk]);
    let at = 0;
    if (!isHeaderRead) {
      if (rest.length < DECISION_LOG_HEADER.length) continue;
      assertHeader(path, rest);
      isHeaderRead = true;
      at = DECISION_LOG_HEADER.length;
    }
    for (; at + DECISION_BYTES <= rest.length; at += DECISION_BYTES)
      yield decode(rest.subarray(at, at + DECISION_BYTES));
    rest = rest.subarray(at);
  }
  if (!isHeaderRead) assertHeader(path, rest);
}

function assertHeader(path: string, bytes: Buffer): void {
  if (!bytes.subarray(0, DECISION_LOG_HEADER.length).equals(DECISION_LOG_HEADER))
    throw new Error(`${path} is not a decision log of version 1`);
}

function decode(record: Buffer): Decision {
  const delayMs = record.readFloatLE(8);
  const flags = record.readUInt8(22);
  return {
    direction: record.readUInt8(20) === 0 ? 'a-to-b' : 'b-to-a',
    n: record.readUInt32LE(12),
    atMs: record.readDoubleLE(0),
    length: record.readUInt16LE(16),
    verdict: VERDICTS[record.readUInt8(21)]!,
    delayMs: Number.isNaN(delayMs) ? null : delayMs,
    rule: record.readInt16LE(18),
    corrupted: (flags & DecisionFlag.corrupted) !== 0,
    duplicated: (flags & DecisionFlag.duplicated) !== 0,
    reordered: (flags & DecisionFlag.reordered) !== 0,
    protocol: record.readUInt8(23),
    identification: record.readUInt16LE(24),
    sourcePort: record.readUInt16LE(26),
    destinationPort: record.readUInt16LE(28),
  };
}
