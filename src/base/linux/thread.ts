import { checked, declare } from './libc.js';

const libcPrctl = declare<(option: number, value: number, b: number, c: number, d: number) => number>(
  'int prctl(int, ulong, ulong, ulong, ulong)',
);
const libcSchedSetscheduler = declare<(thread: number, policy: number, priority: Uint8Array) => number>(
  'int sched_setscheduler(int, int, const void *)',
);

const PR_SET_TIMERSLACK = 29;
const SCHED_RR = 2;
const SCHED_RESET_ON_FORK = 0x40000000;
const CALLING_THREAD = 0;

/** Makes this thread's waits end on time: by default the kernel may add 50 µs to each, to save wake-ups. */
export function sharpenTimers(): void {
  checked(libcPrctl(PR_SET_TIMERSLACK, 1, 0, 0, 0), 'prctl');
}

/**
 * Lets this thread run ahead of all ordinary ones whenever it has something to do (SCHED_RR, lowest priority; threads
 * and processes it starts are ordinary again). For a thread that keeps time and sleeps mostly. False where that isn't
 * allowed (a container without CAP_SYS_NICE): then it is as late as the machine is busy.
 */
export function runAheadOfOthers(): boolean {
  const priority = Buffer.alloc(4);
  priority.writeInt32LE(1);
  return libcSchedSetscheduler(CALLING_THREAD, SCHED_RR | SCHED_RESET_ON_FORK, priority) === 0;
}
