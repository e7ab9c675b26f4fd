import { raiseSession } from '../src/run/session-priority.js';

/** As a run does: labs that wait for the processor measure the machine. */
const NICE = -10;
let session: AsyncDisposable | null = null;

export function mochaGlobalSetup(): void {
  session = raiseSession(NICE);
}

export async function mochaGlobalTeardown(): Promise<void> {
  await session?.[Symbol.asyncDispose]();
}
