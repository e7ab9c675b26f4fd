import { withLimit } from '../base/limit.js';
import { scenarioFiles } from '../runfolder/layout.js';
import { waitUntil } from './readiness.js';
import type { StartedNode, StartedProgram } from './runtime.js';

export interface StartedCapture {
  node: string;
  interface: string;
  program: StartedProgram;
  /** Ends the capture once it has all that passed so far; `dropped` is null if tcpdump didn't tell. */
  stop(): Promise<{ captured: number; dropped: number | null }>;
}

const START_LIMIT_MS = 10_000;
const DRAIN_LIMIT_MS = 10_000;

/** Starts tcpdump on an interface of a node, into the scenario's folder, and waits until it listens. */
export async function startCapture(
  node: StartedNode,
  iface: string,
  scenarioFolder: string,
): Promise<StartedCapture> {
  const file = scenarioFiles(scenarioFolder).capture(node.name, iface);
  const program = await node.startInstrument(`tcpdump-${iface}`, [
    ...['tcpdump', '-i', iface, '-n', '-s', '0', '-B', '8192', '-Z', 'root'],
    ...['--time-stamp-precision=nano', '-w', file],
  ]);
  await waitUntil(`tcpdump listens on ${iface} of ${node.name}`, START_LIMIT_MS, program, async () =>
    (await program.lastLogLines()).includes('listening on'),
  );
  return { node: node.name, interface: iface, program, stop: () => stop(program) };
}

async function stop(program: StartedProgram): Promise<{ captured: number; dropped: number | null }> {
  await drain(program);
  program.signal('SIGINT');
  await withLimit(`${program.name} ends`, DRAIN_LIMIT_MS, program.ended);
  const log = await program.lastLogLines();
  const count = (words: string) => {
    const found = new RegExp(`^(\\d+) packets? ${words}`, 'm').exec(log);
    return found ? Number(found[1]) : null;
  };
  return { captured: count('captured') ?? 0, dropped: count('dropped by kernel') };
}

const COUNTS = /(\d+) packets? captured, (\d+) packets? received by filter, (\d+) packets? dropped/g;

/**
 * Waits until tcpdump has written all that the kernel had for it when asked first. The kernel hands packets over in
 * blocks, up to a second late, and an interrupted tcpdump would leave the last block where it is: the last words of calls.
 */
async function drain(program: StartedProgram): Promise<void> {
  let received: number | null = null;
  await waitUntil(`${program.name} has written what was captured`, DRAIN_LIMIT_MS, program, async () => {
    const counts = [...(await program.lastLogLines()).matchAll(COUNTS)].at(-1)?.slice(1).map(Number);
    if (counts) {
      const [captured = 0, receivedByNow = 0, dropped = 0] = counts;
      received ??= receivedByNow;
      if (captured + dropped >= received) return true;
    }
    // tcpdump answers with its counts so far.
    program.signal('SIGUSR1');
    return false;
  });
}
