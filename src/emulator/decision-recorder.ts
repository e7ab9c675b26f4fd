import { DECISION_BYTES, VERDICTS, type Verdict } from '../runfolder/decision-log.js';
import type { PacketView } from './packet/packet-view.js';

const BATCH_BYTES = 2048 * DECISION_BYTES;
/** Batches that may be on their way to the file at once: 2 MB. Beyond, decisions are counted and not recorded. */
const MOST_BATCHES = 32;
/** How long a decision may wait for its batch to fill. */
const PATIENCE_MS = 200;
const UNRECORDED = VERDICTS.indexOf('unrecorded');

export const CUT_RULE = -2;

/**
 * Collects the decisions of a link into batches, for somebody else to write. Bounded: batches come from a fixed stock and
 * must be given back.
 */
export class DecisionRecorder {
  private readonly stock: Buffer<ArrayBuffer>[] = [];
  private made = 0;
  private batch: Buffer<ArrayBuffer> | null = null;
  private used = 0;
  private beganMs = 0;
  private unrecorded = 0;

  /** @param send takes a full batch, and its memory; @param clockOffsetMs monotonic clock less the loop's */
  constructor(
    private readonly send: (batch: Uint8Array<ArrayBuffer>) => void,
    private readonly clockOffsetMs: number,
  ) {}

  /** @param delayMs NaN for what never arrives; @param flags DecisionFlag */
  record(
    direction: number,
    n: number,
    nowMs: number,
    length: number,
    verdict: Verdict,
    delayMs: number,
    rule: number,
    flags: number,
    packet: PacketView,
  ): void {
    const batch = this.batch ?? this.begin(nowMs);
    if (batch === null) {
      this.unrecorded++;
      return;
    }
    const at = this.take();
    batch.writeDoubleLE(nowMs + this.clockOffsetMs, at);
    batch.writeFloatLE(delayMs, at + 8);
    batch.writeUInt32LE(n >>> 0, at + 12);
    batch.writeUInt16LE(length, at + 16);
    batch.writeInt16LE(rule, at + 18);
    batch.writeUInt8(direction, at + 20);
    batch.writeUInt8(VERDICTS.indexOf(verdict), at + 21);
    batch.writeUInt8(flags, at + 22);
    batch.writeUInt8(Math.max(0, packet.protocol), at + 23);
    batch.writeUInt16LE(Math.max(0, packet.identification), at + 24);
    batch.writeUInt16LE(Math.max(0, packet.sourcePort), at + 26);
    batch.writeUInt16LE(Math.max(0, packet.destinationPort), at + 28);
    batch.writeUInt16LE(0, at + 30);
    if (this.used === BATCH_BYTES) this.flush();
  }

  /** When the batch at hand has to go; Infinity if there's none. */
  get flushDueMs(): number {
    return this.batch === null ? Infinity : this.beganMs + PATIENCE_MS;
  }

  /** Sends what there is. */
  flush(): void {
    if (this.batch === null) return;
    const { batch, used } = this;
    this.batch = null;
    this.send(batch.subarray(0, used));
  }

  /** Takes the memory of a batch back. */
  giveBack(memory: ArrayBuffer): void {
    this.stock.push(Buffer.from(memory));
  }

  private begin(nowMs: number): Buffer<ArrayBuffer> | null {
    const batch = this.stock.pop() ?? this.make();
    if (batch === null) return null;
    this.batch = batch;
    this.used = 0;
    this.beganMs = nowMs;
    if (this.unrecorded > 0) {
      const at = this.take();
      batch.fill(0, at, at + DECISION_BYTES);
      batch.writeDoubleLE(nowMs + this.clockOffsetMs, at);
      batch.writeFloatLE(NaN, at + 8);
      batch.writeUInt32LE(this.unrecorded, at + 12);
      batch.writeInt16LE(CUT_RULE, at + 18);
      batch.writeUInt8(UNRECORDED, at + 21);
      this.unrecorded = 0;
    }
    return batch;
  }

  private make(): Buffer<ArrayBuffer> | null {
    return this.made++ < MOST_BATCHES ? Buffer.from(new ArrayBuffer(BATCH_BYTES)) : null;
  }

  private take(): number {
    const at = this.used;
    this.used += DECISION_BYTES;
    return at;
  }
}
