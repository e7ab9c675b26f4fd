/** npm run bench: the figures that deadair promises, as a table and as JSON (`--json FILE`). Never a test. */
import { writeFile } from 'node:fs/promises';
import { benchDecode } from './decode.js';
import { benchFirstInvite } from './first-invite.js';
import { benchPacing } from './pacing.js';
import { benchReport } from './report.js';
import type { BenchRow } from './row.js';
import { benchTour } from './tour.js';
import { benchWire } from './wire.js';

const BENCHES: Readonly<Record<string, () => Promise<BenchRow[]>>> = {
  'first-invite': benchFirstInvite,
  pacing: benchPacing,
  wire: benchWire,
  decode: benchDecode,
  report: benchReport,
  tour: benchTour,
};

const args = process.argv.slice(2);
const jsonAt = args.indexOf('--json');
const jsonFile = jsonAt < 0 ? null : args.splice(jsonAt, 2)[1];
const chosen = args.length > 0 ? args : Object.keys(BENCHES);
const rows: BenchRow[] = [];
for (const name of chosen) {
  const bench = BENCHES[name];
  if (!bench) throw new Error(`there is no benchmark ${name}; there are ${Object.keys(BENCHES).join(', ')}`);
  console.error(`bench ${name} …`);
  rows.push(...(await bench()));
}
console.table(
  rows.map(({ name, value, unit, target }) => ({ name, value: Number(value.toPrecision(4)), unit, target })),
);
if (jsonFile) await writeFile(jsonFile, JSON.stringify(rows, null, 2));
else console.log(JSON.stringify(rows));
