import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { packageFolder } from '../../src/base/package.js';
import { runFiles } from '../../src/runfolder/layout.js';
import { launchChromium } from '../browser/chromium.js';
import { CLI } from '../fixtures/cli.js';
import { CALLS_IN_ONE, repeatedRun, SCENARIOS } from './repeated-run.js';
import type { BenchRow } from './row.js';

const TIMES = 5;

/**
 * How fast reports are written and opened: of a run whose scenarios are those of a real one, repeated. The real one is the folder
 * that DEADAIR_BENCH_RUN names, or one that is run for it.
 */
export async function benchReport(): Promise<BenchRow[]> {
  const folder = await mkdtemp(join(tmpdir(), 'deadair-bench-report-'));
  try {
    const real = process.env['DEADAIR_BENCH_RUN'] ?? runSome(join(folder, 'real'));
    const run = join(folder, 'repeated');
    const calls = await repeatedRun(real, run);
    const what = `report of ${SCENARIOS} scenarios (real ones, repeated; ${calls} calls, ${CALLS_IN_ONE} in one)`;
    const writtenMs = median(Array.from({ length: 3 }, () => timed(['report', run])));
    const { size } = await stat(runFiles(run).html);
    const { openMs, callMs } = await inChromium(runFiles(run).html);
    return [
      {
        name: `${what}: written, with all others, by deadair report`,
        value: writtenMs,
        unit: 'ms',
        target: '<= 5000',
      },
      { name: 'report.html of it', value: size / 1e6, unit: 'MB', target: '<= 5' },
      {
        name: 'report.html of it: opened in Chromium, to the second frame',
        value: openMs,
        unit: 'ms',
        target: '<= 1500',
      },
      {
        name: 'report.html of it: a call’s page, from the click to its frame',
        value: callMs,
        unit: 'ms',
        target: '',
      },
      {
        name: 'deadair --help',
        value: median(Array.from({ length: TIMES }, () => timed(['--help']))),
        unit: 'ms',
        target: '<= 150',
      },
    ];
  } finally {
    await rm(folder, { recursive: true });
  }
}

function runSome(out: string): string {
  const names = ['steady', 'carrier-flaps'].map((name) =>
    join(packageFolder(), 'scenarios', 'trunk', `${name}.yaml`),
  );
  spawnSync(process.execPath, [CLI, 'run', ...names, '--out', out], { stdio: 'ignore' });
  return out;
}

function timed(args: string[]): number {
  const startMs = performance.now();
  const { status, stderr } = spawnSync(process.execPath, [CLI, ...args], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`deadair ${args.join(' ')} ended with ${status}: ${stderr}`);
  return performance.now() - startMs;
}

/** Medians. Interactive: the script has run, and a frame after that was painted. */
async function inChromium(file: string): Promise<{ openMs: number; callMs: number }> {
  const browser = await launchChromium();
  const openMs: number[] = [];
  const callMs: number[] = [];
  for (let time = 0; time < TIMES; time++) {
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    const startMs = performance.now();
    await page.goto(pathToFileURL(file).href, { waitUntil: 'load' });
    await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
    openMs.push(performance.now() - startMs);
    const clickMs = performance.now();
    await page.evaluate("location.hash = '#scenario-1.call-7'");
    await page.locator('#call h2').waitFor({ state: 'visible' });
    callMs.push(performance.now() - clickMs);
    await page.close();
  }
  await browser.close();
  return { openMs: median(openMs), callMs: median(callMs) };
}

const median = (values: number[]): number => values.sort((a, b) => a - b)[values.length >> 1] ?? NaN;
