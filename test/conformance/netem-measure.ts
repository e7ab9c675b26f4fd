import type { ConformanceCase } from './cases.js';
import type { PacketRecord } from './checks.js';
import { longestMs, undisturbed } from './netem-stalls.js';
import type { Stand } from './netem-stand.js';

const MOST_ATTEMPTS = 5;
/** From when on nothing is done again, so that a busy machine isn't kept for ever. */
const PATIENCE_MS = 150_000;
/** Of the packets that a case sends, so many must not have met a stall, be it in several attempts. */
const ENOUGH = 0.95;
/** A queue is of one piece, and its case can't do without any of its packets. */
const LONGEST_STALL_MS = 4;

/** How a case is spoilt by a machine that stands still. */
type Kind = 'never' | 'packet by packet' | 'as a whole';

function kindOf({ impairment: { delay, slot, rate, reorder }, traffic }: ConformanceCase): Kind {
  if (rate) return 'as a whole';
  return (slot ?? (delay && !reorder && traffic.settleMs < 1000)) ? 'packet by packet' : 'never';
}

/**
 * What a kernel does with the traffic of cases, one after the other; those that send little go together. A machine that
 * stands still makes packets late that netem didn't delay. Where times matter, packets that met a stall are left out, or
 * all is done again; stalls are known from a bare cable, never from the packets in question.
 */
export class Measuring {
  private readonly sinceMs = Date.now();

  constructor(private readonly stand: Stand) {}

  /** The records of each case; null for one for which the machine had no time. */
  async records(cases: readonly ConformanceCase[]): Promise<(PacketRecord[] | null)[]> {
    const collected = cases.map((): PacketRecord[] => []);
    for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
      if (attempt > 0 && Date.now() - this.sinceMs > PATIENCE_MS) break;
      const { records, stalls } = await this.stand.measure(cases);
      for (const [index, each] of cases.entries()) {
        const met = records[index]!;
        const kind = kindOf(each);
        const left =
          kind === 'never'
            ? met
            : kind === 'packet by packet'
              ? undisturbed(met, stalls)
              : longestMs(stalls, met) <= LONGEST_STALL_MS
                ? met
                : [];
        append(collected[index]!, left, attempt * each.traffic.count);
      }
      if (cases.every((each, index) => isEnough(each, collected[index]!))) break;
    }
    return cases.map((each, index) => (isEnough(each, collected[index]!) ? collected[index]! : null));
  }
}

const isEnough = ({ traffic }: ConformanceCase, records: readonly PacketRecord[]) =>
  records.length >= ENOUGH * traffic.count;

/** Numbers go on where those of the attempt before end. */
function append(all: PacketRecord[], more: readonly PacketRecord[], from: number): void {
  for (const record of more) all.push({ ...record, seq: record.seq + from });
}
