import { monotonicMs } from '../base/linux/clock.js';
import type { BootEnd } from '../lab/life.js';
import type { NodeFault } from '../plan/planned-fault.js';
import type { BootStage } from '../runfolder/journal.js';
import type { Stage } from './steps.js';

/** Lets a node or one program of it start again, and journals each part of that with its time since it began. */
export async function journalBoot(
  { journal }: Stage,
  { id, target }: NodeFault,
  program: string | null,
  boot: (onReady: (program: string) => void) => Promise<BootEnd>,
): Promise<void> {
  const startMs = monotonicMs();
  const write = (stage: BootStage, of: string | null, reason?: string) =>
    journal.write({
      event: 'boot',
      node: target,
      fault: id,
      stage,
      program: of,
      tookMs: monotonicMs() - startMs,
      ...(reason === undefined ? {} : { reason }),
    });
  if (program === null) write('interfaces', null);
  const end = await boot((ready) => write('program', ready));
  if (end.how === 'failed') write('failed', end.program, end.reason);
  else if (end.how === 'ready' && program !== null) write('program', program);
  else write(end.how, null);
}
