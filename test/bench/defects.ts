/**
 * npm run bench:defects: how often each planted bug is caught and rightly named, and how often a healthy lab raises an
 * alarm. Runs every scenario with its twins `--runs N` times, each time with another seed, and prints the matrix. Takes
 * scenario paths, `--tag TAG`, `--runs N`, `--seed N`, `--jobs N`, `--again N` (how often a run that is invalid is repeated; 1), `--out DIR` (run folders are kept there), `--json FILE`
 * and `--write FILE` (Markdown). Never a test.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { RunResult } from '../../src/verdict/types.js';
import { CLI } from '../fixtures/cli.js';
import { defectMatrix } from './defect-matrix.js';
import { matrixPage } from './defect-page.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    tag: { type: 'string', multiple: true, default: [] },
    runs: { type: 'string', default: '5' },
    seed: { type: 'string', default: '1' },
    jobs: { type: 'string' },
    again: { type: 'string', default: '1' },
    out: { type: 'string' },
    json: { type: 'string' },
    write: { type: 'string' },
  },
});
const folder = values.out ?? (await mkdtemp(join(tmpdir(), 'deadair-')));
const runs: RunResult[] = [];
for (let index = 0; index < Number(values.runs); index++) runs.push(await runAll(index));
if (values.out === undefined) await rm(folder, { recursive: true });
const rows = defectMatrix(runs);
const page = matrixPage(rows, runs);
if (values.write) await writeFile(values.write, page);
else console.log(page);
if (values.json) await writeFile(values.json, JSON.stringify(rows, null, 2));

/** Everything once, by the command that users have; what it exits with is in its result. */
async function runAll(index: number): Promise<RunResult> {
  const out = join(folder, `run-${index + 1}`);
  const argv = [CLI, 'run', ...positionals, '--defects', 'also', '--again', values.again, '--out', out];
  argv.push('--seed', String(Number(values.seed) + index), ...values.tag.flatMap((tag) => ['--tag', tag]));
  if (values.jobs) argv.push('--jobs', values.jobs);
  const child = spawn(process.execPath, argv, { stdio: ['ignore', 'ignore', 'inherit'] });
  await once(child, 'exit');
  const result = JSON.parse(await readFile(join(out, 'result.json'), 'utf8')) as RunResult;
  const asExpected = result.scenarios.filter((scenario) => scenario.asExpected).length;
  const wallS = ((result.wallMs ?? NaN) / 1000).toFixed(0);
  console.error(
    `run ${index + 1} of ${values.runs}: ${asExpected} of ${result.scenarios.length} as expected in ${wallS} s`,
  );
  return result;
}
