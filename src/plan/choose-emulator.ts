import { DeadairError, ExitCode } from '../base/errors.js';
import { InputErrors } from '../scenario/input-errors.js';
import { approximatedByNetem } from './netem-approximations.js';
import { unsupportedByNetem } from './netem-limits.js';
import type { PlannedFault } from './planned-fault.js';
import type { EmulatorName } from './types.js';

/** What `--emulator` takes. */
export type EmulatorAsked = EmulatorName | 'auto';

/** Whether this machine's kernel has netem, as tried out; `why` it hasn't is a sentence. */
export type KernelNetem = { ok: true; seeds: boolean } | { ok: false; why: string };

export interface EmulatorChoice {
  emulator: EmulatorName;
  /** In words, for the one who started the run. */
  why: string;
}

const UNSEEDED = 'its draws follow from no seed: kernel and tc must be 6.6 or newer for that';

/**
 * The emulator of a plan. `auto` takes netem where the kernel has it and does exactly what the faults ask for, wire for
 * all else. `netem` does what was asked for or nothing.
 * @param kernel null if nobody asked it: then `auto` is wire
 * @throws InputErrors with NETEM_CANNOT (exit 64) at each entry of the timeline that netem was asked for and can't do
 */
export function chooseEmulator(
  asked: EmulatorAsked,
  faults: readonly PlannedFault[],
  file: string,
  kernel: KernelNetem | null,
): EmulatorChoice {
  if (asked === 'wire') return { emulator: 'wire', why: 'asked for' };
  const unseeded = kernel?.ok && !kernel.seeds ? `; ${UNSEEDED}` : '';
  if (asked === 'netem') {
    refuseUnsupported(faults, file);
    return { emulator: 'netem', why: `asked for${unseeded}` };
  }
  if (!kernel) return { emulator: 'wire', why: 'nobody asked the kernel for netem' };
  if (!kernel.ok) return { emulator: 'wire', why: withoutStop(kernel.why) };
  const beyond = faults.flatMap((fault) => [
    ...unsupportedByNetem(fault).map(({ what }) => `netem has no way of ${what} (${wordsFor(fault)})`),
    ...approximatedByNetem(fault).map((how) => `${withoutStop(how)} (netem, ${wordsFor(fault)})`),
  ]);
  return beyond[0] === undefined
    ? { emulator: 'netem', why: `the kernel has it, and nothing asked for needs more${unseeded}` }
    : { emulator: 'wire', why: beyond[0] };
}

function refuseUnsupported(faults: readonly PlannedFault[], file: string): void {
  const seen = new Set<number>();
  const errors = faults.flatMap((fault) => {
    const [cannot] = unsupportedByNetem(fault);
    if (!cannot || seen.has(fault.entry)) return [];
    seen.add(fault.entry);
    return [
      new DeadairError('NETEM_CANNOT', `netem can't do ${cannot.what} (${wordsFor(fault)}).`, {
        exitCode: ExitCode.badInput,
        fix: cannot.instead,
        place: { file, ...fault.place },
      }),
    ];
  });
  if (errors.length > 0) throw new InputErrors(errors);
}

const wordsFor = ({ kind, target }: PlannedFault): string => `${kind} of ${target}`;

const withoutStop = (sentence: string): string => sentence.replace(/\.$/, '');
