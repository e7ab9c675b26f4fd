import { setTimeout as delay } from 'node:timers/promises';
import { Scope } from '../base/scope.js';
import type { StartedLab } from '../lab/lab.js';
import type { PlannedFlow } from '../plan/planned-flow.js';
import type { PlannedNode } from '../plan/planned-node.js';
import type { Plan } from '../plan/types.js';
import { addressOf, type Callees } from './callees.js';
import { followLog, parseCallLogLine } from './call-log.js';
import { callerSettings, type Turn } from './caller-settings.js';
import { tellToPlace } from './hand-over.js';
import type { Legs } from './legs.js';
import { startSipp, type StartedSipp } from './sipp.js';

/** Ports of the callers of a node: one each flow. */
const FIRST_CALLER_PORT = 5070;
/** The caller waits this long for an answer: longer than any SBC's own timers. */
const ANSWER_LIMIT_MS = 40_000;
export interface TrafficParts {
  plan: Plan;
  lab: StartedLab;
  scenarioFolder: string;
  callees: Callees;
  legs: Legs;
}

/** Places every call of the plan and gives it its media; done when the last call has ended. */
export async function runTraffic(parts: TrafficParts, signal: AbortSignal): Promise<void> {
  await using scope = new Scope();
  const { legs } = parts;
  await parts.callees.follow(async (node, { address, sipp }) => {
    scope.use(
      'call log',
      await followLog(sipp.callLog, parseCallLogLine, (line) => legs.callee(node, address, line)),
    );
  });
  const { trafficMs, calls } = parts.plan;
  const flows = parts.plan.flows.filter(({ name }) => calls.some((call) => call.flow === name));
  const callers = await Promise.all(
    placesOf(flows).map(async (place, index) => {
      const { flow, from, turn } = place;
      // What only waits for its turn must be there first.
      await delay(turn === 'second' ? 0 : flow.startMs, undefined, { signal });
      const callerAddress = addressOf(nodeOf(parts.plan, from));
      const sipp = await startCaller(parts, place, FIRST_CALLER_PORT + index);
      scope.use(
        'call log',
        await followLog(sipp.callLog, parseCallLogLine, (line) => {
          legs.caller(from, callerAddress, line);
          if (line.state === 'undelivered') handOver(parts, flow, flows, line.sipCallId);
        }),
      );
      return sipp;
    }),
  );
  const limitMs = trafficMs + Math.max(...flows.map((flow) => flow.holdMs)) + ANSWER_LIMIT_MS + 5000;
  const timer = delay(limitMs, 'late' as const, { signal, ref: false });
  const outcome = await Promise.race([Promise.all(callers.map(({ program }) => program.ended)), timer]);
  if (outcome === 'late') throw new Error(`calls had not ended ${limitMs} ms after traffic started`);
  for (const [index, { exitCode }] of outcome.entries()) {
    // 0: all calls succeeded, 1: some did not; anything else is SIPp itself.
    if (exitCode === 0 || exitCode === 1) continue;
    const log = await callers[index]?.program.lastLogLines();
    throw new Error(`SIPp of flow ${placesOf(flows)[index]?.flow.name} ended with ${exitCode}:\n${log}`);
  }
}

/** Where calls of a flow are placed. */
interface Place {
  flow: PlannedFlow;
  from: string;
  proxy: PlannedFlow['proxy'];
  turn: Turn;
}

/** The first carriers of all flows, as the flows are; then the second ones. */
const placesOf = (flows: readonly PlannedFlow[]): Place[] => [
  ...flows.map((flow): Place => ({ ...flow, flow, turn: flow.alternate ? 'first' : 'only' })),
  ...flows.flatMap((flow): Place[] => (flow.alternate ? [{ ...flow.alternate, flow, turn: 'second' }] : [])),
];

/** Lets the second carrier of a flow place a call that the first could not deliver. */
function handOver(
  { plan, lab }: TrafficParts,
  flow: PlannedFlow,
  flows: readonly PlannedFlow[],
  sipCallId: string,
): void {
  const index = placesOf(flows).findIndex((place) => place.flow === flow && place.turn === 'second');
  const from = flow.alternate?.from ?? '';
  tellToPlace(lab.node(from), addressOf(nodeOf(plan, from)), FIRST_CALLER_PORT + index, sipCallId);
}

async function startCaller(parts: TrafficParts, place: Place, port: number): Promise<StartedSipp> {
  const { plan } = parts;
  const { flow, from, proxy, turn } = place;
  const calls = plan.calls.filter((call) => call.flow === flow.name);
  // "office-out-1@seed.deadair" → "office-out-%u@seed.deadair": SIPp numbers calls from 1 as the plan does.
  const callIds = (calls[0]?.sipCallId ?? '').replace(/-1@/, '-%u@');
  return await startSipp(parts.lab.node(from), parts.scenarioFolder, {
    name: turn === 'second' ? `${flow.name}-else` : flow.name,
    script: 'caller',
    settings: callerSettings(plan, flow, ANSWER_LIMIT_MS, turn),
    calls: calls.map((call) => [call.callerMediaPort, call.dialled, call.callerNumber]),
    address: addressOf(nodeOf(plan, from)),
    port,
    args: [
      ...[`${proxy.address}:${proxy.port}`, '-m', String(calls.length), '-cid_str', callIds],
      // A whole number of calls per period keeps SIPp's spacing even at fractional rates.
      ...['-r', '1', '-rp', String(Math.round(1000 / flow.ratePerS)), '-l', String(calls.length)],
    ],
  });
}

function nodeOf(plan: Plan, name: string): PlannedNode {
  const node = plan.lab.nodes.find((candidate) => candidate.name === name);
  if (!node) throw new Error(`the plan has no node ${name}`);
  return node;
}
