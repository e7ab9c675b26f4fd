import { Spool } from '../base/spool.js';
import { slimSip } from './slim-sip.js';
import type { SipMessage } from './types.js';

/** The messages of one Call-ID. */
export interface SipDialogs {
  callId: string;
  /** In order of time: read each time that they are asked for. */
  read(): SipMessage[];
}

/** SIP of captures, in order of time. It may be gone through as often as need be, and is read anew each time. */
export interface SipBook extends Iterable<SipMessage> {
  readonly length: number;
  /** Times of the first message and the last, null if there's none. */
  readonly span: { startMs: number; endMs: number } | null;
  /** In order of the first message of each Call-ID. */
  dialogs(): Iterable<SipDialogs>;
  /** The same on other clocks: `laterBy` tells by how many ms the times of a file are put later. */
  shifted(laterBy: (file: string) => number): SipBook;
}

/** Messages in a temporary file: what stays in memory of each is a few numbers, and of each Call-ID its text. */
export class SipSpool implements Disposable {
  /** None until there is something to keep. */
  private spool: Spool | null = null;
  /** Of each message, as they were added. */
  private readonly atMs: number[] = [];
  private readonly frames: number[] = [];
  private readonly captures: number[] = [];
  private readonly calls: number[] = [];
  private readonly files: string[] = [];
  private readonly callIds: string[] = [];
  private callOf = new Map<string, number>();

  get length(): number {
    return this.atMs.length;
  }

  /** What is added from now on is of this file. */
  begin(file: string): void {
    this.files.push(file);
  }

  /** Keeps a message, without most of its headers (see slimSip). */
  add(message: SipMessage): void {
    const { seen, callId } = message;
    this.spool ??= new Spool();
    const bytes = Buffer.from(JSON.stringify(slimSip(message)));
    this.spool.add(bytes);
    this.atMs.push(seen.atMs);
    this.frames.push(seen.frame);
    this.captures.push(this.files.length - 1);
    this.calls.push(this.numberOf(callId));
  }

  /** All that was added up to now. The spool has to be there for as long as the book is read. */
  book(laterBy: (file: string) => number = () => 0): SipBook {
    const { frames, captures, callIds, files, atMs, calls } = this;
    const laterMs = files.map(laterBy);
    const timeOf = (n: number) => atMs[n]! + laterMs[captures[n]!]!;
    // One capture after another, and each in order of frames: what is read of TCP may come late.
    const order = Uint32Array.from(atMs.keys()).sort(
      (a, b) => timeOf(a) - timeOf(b) || captures[a]! - captures[b]! || frames[a]! - frames[b]! || a - b,
    );
    const read = (n: number) => this.read(n, laterMs[captures[n]!]!);
    return {
      length: order.length,
      span:
        order.length === 0 ? null : { startMs: timeOf(order[0]!), endMs: timeOf(order[order.length - 1]!) },
      *[Symbol.iterator]() {
        for (const n of order) yield read(n);
      },
      *dialogs() {
        const { groups, ends } = groupedBy(calls, callIds.length, order);
        const readAll = (from: number, to: number) => Array.from(groups.subarray(from, to), read);
        for (let at = 0; at < order.length;) {
          const call = calls[groups[at]!]!;
          yield new SpooledDialogs(callIds[call]!, at, (at = ends[call]!), readAll);
        }
      },
      shifted: (more) => this.book((file) => laterBy(file) + more(file)),
    };
  }

  [Symbol.dispose](): void {
    this.spool?.[Symbol.dispose]();
  }

  private numberOf(callId: string): number {
    const known = this.callOf.get(callId);
    if (known !== undefined) return known;
    // By way of bytes, because nothing else is sure to copy: as parsed, it's a piece of the whole message.
    const text = Buffer.from(callId).toString();
    this.callOf.set(text, this.callIds.length);
    return this.callIds.push(text) - 1;
  }

  private read(n: number, laterMs: number): SipMessage {
    const message = JSON.parse(this.spool!.read(n).toString()) as SipMessage;
    message.seen.atMs += laterMs;
    return message;
  }
}

/** Small, as there is one a call. */
class SpooledDialogs implements SipDialogs {
  constructor(
    readonly callId: string,
    private readonly from: number,
    private readonly to: number,
    private readonly readAll: (from: number, to: number) => SipMessage[],
  ) {}

  read(): SipMessage[] {
    return this.readAll(this.from, this.to);
  }
}

/** Messages call by call, calls in order of their first and each in the order given; and where each call ends in that. */
function groupedBy(calls: readonly number[], count: number, order: Uint32Array) {
  const sizes = new Uint32Array(count);
  for (const n of order) sizes[calls[n]!]!++;
  const ends = new Uint32Array(count);
  const begun = new Uint8Array(count);
  const groups = new Uint32Array(order.length);
  let used = 0;
  for (const n of order) {
    const call = calls[n]!;
    if (!begun[call]) {
      begun[call] = 1;
      ends[call] = used;
      used += sizes[call]!;
    }
    groups[ends[call]!++] = n;
  }
  return { groups, ends };
}
