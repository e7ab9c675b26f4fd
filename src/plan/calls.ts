import { DeadairError, ExitCode } from '../base/errors.js';
import type { PlannedCall, PlannedFlow } from './planned-flow.js';

const firstMediaPort = 20_000;
/** Callees have those from 30000 on, and a node may be both. After it ports go round. */
const lastMediaPort = 29_998;
const mediaPorts = (lastMediaPort - firstMediaPort) / 2 + 1;
/** No call is up for longer than its hold and this: until it is answered, and until its end is answered. */
const longestSetUpMs = 60_000;

/**
 * The calls of all flows by start. Call n of a flow, n from 1, starts n intervals after the flow: SIPp waits one before
 * its first call. Media ports are even and no two calls of a caller that may be up at the same time share one, of an alternate caller too.
 * Calls from and to the carriers take their subscribers in turn.
 * @throws CALLS_TOO_MANY (exit 64) where a caller has no port left
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
  /** Of each caller: when the port of each of its calls is free again, by the number of the call. */
  const taken = new Map<string, number[]>();
  return calls.map(({ flow, call }, index) => {
    const callers = [call.caller, ...(flow.alternate ? [flow.alternate.from] : [])].map((node) => ({
      node,
      freeAtMs: taken.get(node) ?? [],
    }));
    const position = Math.max(...callers.map(({ freeAtMs }) => freeAtMs.length));
    const callerMediaPort = firstMediaPort + 2 * (position % mediaPorts);
    for (const { node, freeAtMs } of callers) {
      if ((freeAtMs[position - mediaPorts] ?? 0) > call.atMs)
        throw new DeadairError(
          'CALLS_TOO_MANY',
          `${node} runs out of media ports with ${calls.length} calls.`,
          {
            exitCode: ExitCode.badInput,
            fix: 'Lower the rate or the hold, or spread the flows over more phones.',
          },
        );
      freeAtMs[position] = call.atMs + call.holdMs + longestSetUpMs;
      taken.set(node, freeAtMs);
    }
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
