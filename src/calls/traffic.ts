import { setTimeout as delay } from 'node:timers/promises';
import { Scope } from '../base/scope.js';
import type { StartedLab } from '../lab/lab.js';
import type { Plan, PlannedFlow, PlannedNode } from '../plan/types.js';
import { addressOf, type Callees } from './callees.js';
import { followLog, parseCallLogLine } from './call-log.js';
import { callerSettings } from './caller-settings.js';
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
    flows.map(async (flow, index) => {
      await delay(flow.startMs, undefined, { signal });
      const callerAddress = addressOf(nodeOf(parts.plan, flow.from));
      const sipp = await startCaller(parts, flow, FIRST_CALLER_PORT + index);
      scope.use(
        'call log',
        await followLog(sipp.callLog, parseCallLogLine, (line) =>
          legs.caller(flow.from, callerAddress, line),
        ),
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
    throw new Error(`SIPp of flow ${flows[index]?.name} ended with ${exitCode}:\n${log}`);
  }
}

async function startCaller(parts: TrafficParts, flow: PlannedFlow, port: number): Promise<StartedSipp> {
  const { plan } = parts;
  const calls = plan.calls.filter((call) => call.flow === flow.name);
  // "office-out-1@seed.deadair" → "office-out-%u@seed.deadair": SIPp numbers calls from 1 as the plan does.
  const callIds = (calls[0]?.sipCallId ?? '').replace(/-1@/, '-%u@');
  return await startSipp(parts.lab.node(flow.from), parts.scenarioFolder, {
    name: flow.name,
    script: 'caller',
    settings: callerSettings(plan, flow, ANSWER_LIMIT_MS),
    calls: calls.map((call) => [call.callerMediaPort, call.dialled, call.callerNumber]),
    address: addressOf(nodeOf(plan, flow.from)),
    port,
    args: [
      ...[`${flow.proxy.address}:${flow.proxy.port}`, '-m', String(calls.length), '-cid_str', callIds],
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
