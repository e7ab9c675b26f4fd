import { DeadairError, ExitCode } from '../base/errors.js';
import type { PlannedCall, PlannedFlow } from './planned-flow.js';

const firstMediaPort = 20_000;
const lastMediaPort = 65_534;

/**
 * The calls of all flows by start. Call n of a flow, n from 1, starts n intervals after the flow: SIPp waits one before
 * its first call. Media ports are even and unique at each caller, an alternate one too. Calls from and to the carriers take their subscribers
 * in turn.
 */
export function planCalls(
  flows: readonly PlannedFlow[],
  trafficMs: number,
  seed: number,
  subscribers = 1,
): PlannedCall[] {
  const calls = flows
    .flatMap((flow) => callsOf(flow, trafficMs, seed).map((call) => ({ flow, call })))
    .sort((a, b) => a.call.atMs - b.call.atMs);
  const nextPort = new Map<string, number>();
  return calls.map(({ flow, call }, index) => {
    const callers = [call.caller, ...(flow.alternate ? [flow.alternate.from] : [])];
    const callerMediaPort = Math.max(...callers.map((node) => nextPort.get(node) ?? firstMediaPort));
    if (callerMediaPort > lastMediaPort)
      throw new DeadairError(
        'CALLS_TOO_MANY',
        `${call.caller} runs out of media ports with ${calls.length} calls.`,
        {
          exitCode: ExitCode.badInput,
          fix: 'Lower the rate or the duration, or spread the flows over more phones.',
        },
      );
    for (const node of callers) nextPort.set(node, callerMediaPort + 2);
    const subscriber = (number: string) => countedUp(number, index % subscribers);
    return {
      ...call,
      dialled: flow.subscriber === 'callee' ? subscriber(flow.dialled) : flow.dialled,
      callerNumber: flow.subscriber === 'caller' ? subscriber(flow.callerNumber) : flow.callerNumber,
      callerMediaPort,
    };
  });
}

/** `+12025550140` counted up by 3 is `+12025550143`. */
function countedUp(number: string, by: number): string {
  if (by === 0) return number;
  const digits = number.replace(/^\+/, '');
  return (
    number.slice(0, number.length - digits.length) +
    String(BigInt(digits) + BigInt(by)).padStart(digits.length, '0')
  );
}

type Unnumbered = Omit<PlannedCall, 'callerMediaPort' | 'dialled' | 'callerNumber'>;

function callsOf(flow: PlannedFlow, trafficMs: number, seed: number): Unnumbered[] {
  const intervalMs = 1000 / flow.ratePerS;
  const count = Math.max(0, Math.floor((trafficMs - flow.startMs) / intervalMs));
  return Array.from({ length: count }, (_, index) => {
    const id = `${flow.name}-${index + 1}`;
    return {
      id,
      flow: flow.name,
      direction: flow.direction,
      sipCallId: `${id}@${seed.toString(16)}.deadair`,
      caller: flow.from,
      atMs: Math.floor(flow.startMs + (index + 1) * intervalMs),
      holdMs: flow.holdMs,
    };
  });
}
