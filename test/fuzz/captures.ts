import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { captureCorpus } from '../fixtures/capture-corpus.js';
import { wavCorpus } from '../fixtures/wav-corpus.js';
import { checkAnalysis } from './check-analysis.js';
import { checkCapture } from './check-capture.js';
import { OpusCheck } from './check-opus.js';
import { checkWav } from './check-wav.js';
import { mutated, Random } from './mutate.js';

/** More processor time than any of these inputs may take, and more memory than any may need, to be read and analysed. */
const READ = { slowMs: 1000, largeMb: 100 };
/** Half an hour of each ear is listened to, whatever a capture claims: that takes some seconds. */
const ANALYSED = { slowMs: 15_000, largeMb: 400 };
/** One input in so many is a WAV, and one is a packet of Opus; of the captures one in so many is analysed too, hearing and report included. */
const OTHER_EVERY = 10;
const ANALYSIS_EVERY = 200;
/** One in so many isn't mutated but random, from no byte at all to this many. */
const RANDOM_EVERY = 50;
const RANDOM_BYTES = 4096;
/** Packets of each mode, and of several frames. */
const OPUS = [
  [0x08, 1, 2, 3, 4, 5, 6, 7, 8],
  [0x49, 1, 2, 3, 4, 5, 6, 7, 8],
  [0x78, 9, 8, 7, 6, 5, 4, 3, 2, 1],
  [0xba, 4, 1, 2, 3, 4, 5, 6, 7, 8],
  [0xfb, 0x83, 2, 2, 1, 2, 3, 4, 5, 6],
].map((bytes) => Buffer.from(bytes));

/** What a machine warms up for isn't counted. */
const WARM_UP = 200;

/**
 * Mutates small captures, WAVs and packets of Opus, and reads each: `node captures.js [COUNT] [SEED] [FOLDER]`. Prints what it found, writes
 * each find into FOLDER (default: none is written), and exits with 1 if there was any.
 */
async function main(count: number, seed: number, keep: string | undefined): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'deadair-fuzz-'));
  const path = join(folder, 'input');
  const corpora = { capture: [...captureCorpus().values()], wav: [...wavCorpus().values()], opus: OPUS };
  const opus = await OpusCheck.start();
  const random = new Random(seed);
  const outcomes = new Map<string, number>();
  const finds = new Map<string, number>();
  const startedAt = performance.now();
  for (let n = 0; n < count; n++) {
    const kind = n % OTHER_EVERY === 0 ? 'wav' : n % OTHER_EVERY === 5 ? 'opus' : 'capture';
    const corpus = corpora[kind];
    const input =
      n % RANDOM_EVERY === 1
        ? random.bytes(random.below(RANDOM_BYTES))
        : mutated(random.of(corpus), random.of(corpus), random);
    writeFileSync(path, input);
    const before = { cpu: process.cpuUsage(), peakKb: process.resourceUsage().maxRSS };
    try {
      const outcome =
        kind === 'opus'
          ? opus.check(input)
          : await (kind === 'wav' ? checkWav(path, input.length) : checkCapture(path, input.length));
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
      const isAnalysed = outcome === 'capture read' && n % ANALYSIS_EVERY === 2;
      if (isAnalysed) await checkAnalysis(path);
      const { slowMs, largeMb } = isAnalysed ? ANALYSED : READ;
      const { user, system } = process.cpuUsage(before.cpu);
      if ((user + system) / 1000 > slowMs) throw new Error('took too long');
      const grownMb = (process.resourceUsage().maxRSS - before.peakKb) / 1024;
      if (n > WARM_UP && grownMb > largeMb) throw new Error(`took ${largeMb} MB and more`);
    } catch (error) {
      const what = String(error instanceof Error ? error.stack : error)
        .split('\n')
        .slice(0, 3)
        .join(' ');
      if (!finds.has(what)) {
        console.log(`input ${n}: ${what}`);
        if (keep !== undefined) writeFileSync(join(keep, `fuzz-${seed}-${n}.${kind}`), input);
      }
      finds.set(what, (finds.get(what) ?? 0) + 1);
    }
  }
  rmSync(folder, { recursive: true });
  const peakMb = Math.round(process.resourceUsage().maxRSS / 1024);
  console.log(
    `${count} inputs of seed ${seed} in ${Math.round((performance.now() - startedAt) / 1000)} s:`,
    Object.fromEntries(outcomes),
    `${finds.size} kinds of finds, ${peakMb} MB`,
  );
  process.exitCode = finds.size > 0 ? 1 : 0;
}

const [count = '10000', seed = '1', keep] = process.argv.slice(2);
await main(Number(count), Number(seed), keep);
