import { execa } from 'execa';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BenchRow } from './row.js';
import { generateCapture } from './generate-capture.js';

const CALLS = 1000;
const MORE_CALLS = 4000;
const SECONDS = 30;
const INDEX = fileURLToPath(new URL('decode-process.js', import.meta.url));

/**
 * Decoding with RTP statistics, and `deadair analyze` with both ears of every call, beside tshark's RTP statistics (which hears
 * nothing) on the same file in the same run: by wall clock, and by processor time, which a busy machine distorts less. The
 * file is read once before, so that it is in memory for all.
 */
export async function benchDecode(): Promise<BenchRow[]> {
  const folder = await mkdtemp(join(tmpdir(), 'deadair-'));
  try {
    const path = join(folder, 'calls.pcap');
    const { packets } = generateCapture(path, { calls: CALLS, seconds: SECONDS, seed: 1 });
    await own(path, 'index');
    const index = await own(path, 'index');
    const statistics = await own(path, 'statistics');
    const hearing = await own(path, 'hearing');
    const tshark = await timed('tshark', ['-r', path, '-q', '-z', 'rtp,streams']);
    generateCapture(path, { calls: MORE_CALLS, seconds: SECONDS, seed: 1 });
    const more = await own(path, 'hearing');
    const name = `decode: ${CALLS} calls of ${SECONDS} s, ${packets} packets`;
    const row = (what: string, value: number, unit: string, target = ''): BenchRow => ({
      name: `${name}, ${what}`,
      value,
      unit,
      target,
    });
    const speeds = (what: string, one: { wallS: number; cpuS: number }) => [
      row(what, one.wallS, 's'),
      row(`${what}: times as fast as tshark`, tshark.wallS / one.wallS, '×', '>= 5'),
      row(`${what}: less processor time than tshark`, tshark.cpuS / one.cpuS, '×'),
    ];
    return [
      row('tshark -q -z rtp,streams', tshark.wallS, 's'),
      row('tshark, processor time', tshark.cpuS, 's'),
      row('SIP, and where which streams are', index.wallS, 's'),
      ...speeds('SIP and RTP statistics, call by call', statistics),
      ...speeds('analyze, hearing included', hearing),
      row('resident, index only (peak)', index.peakMb, 'MB', '<= 300'),
      row('resident, statistics call by call (peak)', statistics.peakMb, 'MB', '<= 300'),
      row('resident, hearing included (peak)', hearing.peakMb, 'MB', '<= 300'),
      {
        name: `decode: ${MORE_CALLS} calls, resident (peak)`,
        value: more.peakMb,
        unit: 'MB',
        target: '<= 300',
      },
    ];
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** A process of its own, so that its memory is its own. */
const own = (path: string, what: 'index' | 'statistics' | 'hearing') =>
  timed(process.execPath, [INDEX, path, what]);

async function timed(command: string, parameters: string[]) {
  const script = 'TIMEFORMAT="%R %U %S"; time "$@"';
  const { stdout, stderr } = await execa('bash', ['-c', script, 'bash', command, ...parameters]);
  const [wall, user, system] = stderr.trimEnd().split('\n').at(-1)!.split(' ').map(Number);
  // What our own process prints, and nothing of the kind by tshark.
  const peakKib = Number(/^peak (\d+) KiB$/m.exec(stdout)?.[1] ?? NaN);
  return { wallS: wall!, cpuS: user! + system!, peakMb: (peakKib * 1024) / 1e6 };
}
