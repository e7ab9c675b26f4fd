import { execa } from 'execa';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BenchRow } from './row.js';
import { generateCapture } from './generate-capture.js';

const CALLS = 1000;
const SECONDS = 30;
const INDEX = fileURLToPath(new URL('decode-process.js', import.meta.url));

/**
 * Decoding with RTP statistics, beside tshark's on the same file in the same run: by wall clock, and by processor time, which
 * a busy machine distorts less. Each is run once before, so that the file is in memory for both.
 */
export async function benchDecode(): Promise<BenchRow[]> {
  const folder = await mkdtemp(join(tmpdir(), 'deadair-'));
  try {
    const path = join(folder, 'calls.pcap');
    const { packets } = generateCapture(path, { calls: CALLS, seconds: SECONDS, seed: 1 });
    await own(path, 'index');
    const index = await own(path, 'index');
    const packetsToo = await own(path, 'packets');
    const tshark = await timed('tshark', ['-r', path, '-q', '-z', 'rtp,streams']);
    const name = `decode: ${CALLS} calls of ${SECONDS} s, ${packets} packets`;
    const row = (what: string, value: number, unit: string, target = ''): BenchRow => ({
      name: `${name}, ${what}`,
      value,
      unit,
      target,
    });
    return [
      row('SIP and RTP statistics', index.wallS, 's'),
      row('tshark -q -z rtp,streams', tshark.wallS, 's'),
      row('times as fast as tshark', tshark.wallS / index.wallS, '×', '>= 5'),
      row('less processor time than tshark', tshark.cpuS / index.cpuS, '×', '>= 5'),
      row('and all packets, call by call', packetsToo.wallS, 's'),
      row('resident, statistics only (peak)', index.peakMb, 'MB', '<= 300'),
      row('resident, packets call by call (peak)', packetsToo.peakMb, 'MB', '<= 300'),
    ];
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** A process of its own, so that its memory is its own. */
const own = (path: string, what: 'index' | 'packets') => timed(process.execPath, [INDEX, path, what]);

async function timed(command: string, parameters: string[]) {
  const script = 'TIMEFORMAT="%R %U %S"; time "$@"';
  const { stdout, stderr } = await execa('bash', ['-c', script, 'bash', command, ...parameters]);
  const [wall, user, system] = stderr.trimEnd().split('\n').at(-1)!.split(' ').map(Number);
  // What our own process prints, and nothing of the kind by tshark.
  const peakKib = Number(/^peak (\d+) KiB$/m.exec(stdout)?.[1] ?? NaN);
  return { wallS: wall!, cpuS: user! + system!, peakMb: (peakKib * 1024) / 1e6 };
}
