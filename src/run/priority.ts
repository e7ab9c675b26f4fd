import { getPriority, setPriority } from 'node:os';
import { raiseSession } from './session-priority.js';

/** Nice values: the labs go before whatever else the machine does, and judging waits for the labs that still run. */
const LAB_NICE = -10;
const JUDGING_NICE = 5;

/**
 * Runs something ahead of the machine's other work; programs and threads that it starts inherit that. A lab that waits
 * for the processor measures the machine. Without the right to do so it runs as everything else does.
 */
export async function aheadOfOthers<T>(run: () => Promise<T>): Promise<T> {
  const before = getPriority();
  const session = raiseSession(LAB_NICE);
  setNice(LAB_NICE);
  try {
    return await run();
  } finally {
    setNice(before);
    await session[Symbol.asyncDispose]();
  }
}

/** Lets a process that was just started wait for the labs: threads inherit it. */
export const behindLabs = (pid: number): void => setNice(JUDGING_NICE, pid);

/** On Linux a nice value belongs to a thread: the calling one, or a process' first. */
function setNice(nice: number, pid = 0): void {
  try {
    setPriority(pid, nice);
  } catch {
    // Needs root or CAP_SYS_NICE: a help, not a need.
  }
}
