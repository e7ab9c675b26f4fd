import { writeFileSync } from 'node:fs';
import { startNetem } from '../../src/emulator/netem.js';
import type { ConformanceCase } from './cases.js';
import { netemBehaviours } from './netem-behaviours.js';
import { netemCases } from './netem-cases.js';
import { Measuring } from './netem-measure.js';
import type { NetemOutcome } from './netem-outcome.js';
import { Stand } from './netem-stand.js';

/** `node netem-run.js FILE`: runs everything on this machine's kernel and writes what came of it, as JSON. */
const [file] = process.argv.slice(2);
if (!file) throw new Error('say where to write');
const outcome: NetemOutcome = { records: {}, behaviours: {} };
/** A packet in 18 ms is nothing, even for User-Mode Linux with its one processor: such cases go together. */
const together = netemCases.filter(({ traffic }) => traffic.gapMs >= 10);
const apart = netemCases.filter((each) => !together.includes(each));
await using stand = await Stand.start(await startNetem({ seed: 3 }), together.length);
const measuring = new Measuring(stand);
for (const cases of [together, ...apart.map((each) => [each])]) {
  await measure(cases);
  // Of a thousand healthy checks one fails by chance; twice in a row none does.
  await measure(cases.filter((each) => !conforms(each)));
}
for (const [name, behaviour] of Object.entries(netemBehaviours))
  outcome.behaviours[name] = await stand
    .set({})
    .then(() => behaviour(stand))
    .then(
      (observed) => ({ observed }),
      (error: unknown) => ({ error: String(error) }),
    );
writeFileSync(file, JSON.stringify(outcome));

async function measure(cases: readonly ConformanceCase[]): Promise<void> {
  if (cases.length === 0) return;
  for (const [index, records] of (await measuring.records(cases)).entries())
    outcome.records[cases[index]!.title] = records;
}

function conforms({ title, checks, controls }: ConformanceCase): boolean {
  const records = outcome.records[title];
  return (
    !records ||
    (checks(records).every(({ holds }) => holds) && controls(records).every(({ holds }) => !holds))
  );
}
