import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { captureCorpus } from '../fixtures/capture-corpus.js';
import { checkCapture } from './check-capture.js';
import { mutated, Random } from './mutate.js';

/** More processor time than any of these captures may take. */
const SLOW_MS = 1000;

/**
 * Mutates small captures and decodes each: `node captures.js [COUNT] [SEED] [FOLDER]`. Prints what it found, writes each
 * find into FOLDER (default: none is written), and exits with 1 if there was any.
 */
async function main(count: number, seed: number, keep: string | undefined): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'deadair-fuzz-'));
  const path = join(folder, 'input');
  const corpus = [...captureCorpus().values()];
  const random = new Random(seed);
  const outcomes = { read: 0, 'no capture': 0 };
  const finds = new Map<string, number>();
  let peakMb = 0;
  for (let n = 0; n < count; n++) {
    const input = mutated(random.of(corpus), random.of(corpus), random);
    writeFileSync(path, input);
    const before = process.cpuUsage();
    try {
      outcomes[await checkCapture(path, input.length)]++;
      const { user, system } = process.cpuUsage(before);
      if ((user + system) / 1000 > SLOW_MS) throw new Error('took too long');
    } catch (error) {
      const what = String(error instanceof Error ? error.stack : error)
        .split('\n')
        .slice(0, 3)
        .join(' ');
      if (!finds.has(what)) {
        console.log(`input ${n}: ${what}`);
        if (keep !== undefined) writeFileSync(join(keep, `fuzz-${seed}-${n}.cap`), input);
      }
      finds.set(what, (finds.get(what) ?? 0) + 1);
    }
    if (n % 1000 === 0) peakMb = Math.max(peakMb, process.memoryUsage().rss / 1e6);
  }
  rmSync(folder, { recursive: true });
  console.log(
    `${count} inputs of seed ${seed}:`,
    outcomes,
    `${finds.size} kinds of finds, ${Math.round(peakMb)} MB`,
  );
  process.exitCode = finds.size > 0 ? 1 : 0;
}

const [count = '10000', seed = '1', keep] = process.argv.slice(2);
await main(Number(count), Number(seed), keep);
