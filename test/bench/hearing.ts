/**
 * npm run bench:hearing: how often the listener is right, on labelled calls made from seeds. Takes `--calls N`, `--seed N`,
 * `--clean N`, `--opus N` (needs ffmpeg), `--json FILE` and `--write FILE` (Markdown). Never a test.
 */
import { spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { CLEAN_CALLS } from './hearing-clean.js';
import type { CallScore } from './hearing-score.js';
import { accuracyPage } from './hearing-page.js';
import type { Share } from './hearing-worker.js';

/** Seeds below four million were for tuning, and for first looks that found faults; those scored begin here. */
const FIRST_SCORED_SEED = 4_000_000;
const THREADS = 2;
/** Each cell of Opus three times. */
const OPUS_CALLS = 1287;

const { values } = parseArgs({
  options: {
    calls: { type: 'string', default: '6435' },
    opus: { type: 'string', default: String(OPUS_CALLS) },
    clean: { type: 'string', default: String(CLEAN_CALLS) },
    seed: { type: 'string', default: String(FIRST_SCORED_SEED) },
    json: { type: 'string' },
    write: { type: 'string' },
  },
});
const [calls, cleanCalls, opusCalls] = [values.calls, values.clean, values.opus].map(Number) as [
  number,
  number,
  number,
];
const seed = Number(values.seed);

if (opusCalls > 0 && spawnSync('ffmpeg', ['-version']).status !== 0) {
  console.error(
    'bench:hearing: ffmpeg encodes the calls with Opus, and is not here. apt-get install ffmpeg, or --opus 0',
  );
  process.exit(3);
}

const scores: CallScore[] = [];
const opus: CallScore[] = [];
let falseAlarms = 0;
const startedAt = performance.now();
await Promise.all(
  Array.from({ length: THREADS }, (_, first) =>
    listenTo({ seed, first, step: THREADS, calls, cleanCalls, opusCalls }),
  ),
);
for (const list of [scores, opus]) list.sort((a, b) => a.n - b.n);
const page = accuracyPage({ scores, opus, seed, cleanCalls, falseAlarms });
console.error(`${calls} calls in ${((performance.now() - startedAt) / 1000).toFixed(0)} s`);
if (values.write) await writeFile(values.write, page);
else console.log(page);
if (values.json)
  await writeFile(values.json, JSON.stringify({ seed, calls, cleanCalls, falseAlarms, scores, opus }));

function listenTo(share: Share): Promise<void> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('hearing-worker.js', import.meta.url), { workerData: share });
    worker.on('message', (message: { score?: CallScore; opus?: CallScore; clean?: boolean }) => {
      if (message.score) scores.push(message.score);
      if (message.opus) opus.push(message.opus);
      if (message.clean) falseAlarms++;
    });
    worker.on('error', reject);
    worker.on('exit', () => resolve());
  });
}
