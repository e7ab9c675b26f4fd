import { writeFileSync } from 'node:fs';
import { startNetem } from '../../src/emulator/netem.js';
import type { ConformanceCase } from './cases.js';
import type { PacketRecord } from './checks.js';
import { netemBehaviours } from './netem-behaviours.js';
import { netemCases } from './netem-cases.js';
import type { NetemOutcome } from './netem-outcome.js';
import { longestMs, undisturbed } from './netem-stalls.js';
import { Stand } from './netem-stand.js';

const MOST_ATTEMPTS = 4;
/** For all cases together, so that a busy machine isn't kept for ever. */
const MOST_REPEATS = 20;
/** Of the packets, at least so many must be left when those are left out during which the machine stood still. */
const LEAST_LEFT = 0.75;
/** A flood is of one piece, and can't do without any of its packets. */
const LONGEST_STALL_MS = 3;

/** `node netem-run.js FILE`: runs everything on this machine's kernel and writes what came of it, as JSON. */
const [file] = process.argv.slice(2);
if (!file) throw new Error('say where to write');
let repeats = 0;
const outcome: NetemOutcome = { records: {}, behaviours: {} };
await using stand = await Stand.start(await startNetem({ seed: 3 }));
// One after the other: User-Mode Linux has one processor, and a tick of 10 ms.
for (const each of netemCases) outcome.records[each.title] = await recordsOf(each);
for (const [name, behaviour] of Object.entries(netemBehaviours))
  outcome.behaviours[name] = await stand
    .set({})
    .then(() => behaviour(stand))
    .then(
      (observed) => ({ observed }),
      (error: unknown) => ({ error: String(error) }),
    );
writeFileSync(file, JSON.stringify(outcome));

/**
 * A machine that stands still makes packets late that netem didn't delay. Where times matter, packets that met a stall are
 * left out, or all is done again; stalls are known from a bare cable, never from the packets in question. Null if the
 * machine had no time for us.
 */
async function recordsOf({ impairment, traffic }: ConformanceCase): Promise<PacketRecord[] | null> {
  const { delay, slot, rate } = impairment;
  for (let attempt = 1; attempt <= MOST_ATTEMPTS; attempt++) {
    const { records, stalls } = await stand.measure(impairment, traffic);
    if (!delay && !slot && !rate) return records;
    const left = rate ? records : undisturbed(records, stalls);
    if (rate ? longestMs(stalls) <= LONGEST_STALL_MS : left.length >= LEAST_LEFT * records.length)
      return left;
    if (repeats++ === MOST_REPEATS) break;
  }
  return null;
}
