import { setTimeout as delay } from 'node:timers/promises';
import { signatureKey } from '../audio/signature.js';
import { Scope } from '../base/scope.js';
import type { StartedLab } from '../lab/lab.js';
import type { Plan, PlannedCall, PlannedFlow, PlannedNode } from '../plan/types.js';
import type { JournalWriter } from '../runfolder/journal-writer.js';
import { addressOf, playsRingback } from './callees.js';
import { followCallLog, type CallLogLine } from './call-log.js';
import type { StartedMedia } from './media.js';
import { startSipp, type StartedSipp } from './sipp.js';

/** Ports of the callers of a node: one each flow. */
const FIRST_CALLER_PORT = 5070;
/** The caller waits this long for an answer: longer than any SBC's own timers. */
const ANSWER_LIMIT_MS = 40_000;
/** Final responses that end an attempt; SIPp needs each by number. */
const FAILURES = [
  400, 401, 403, 404, 405, 407, 408, 410, 415, 480, 481, 483, 484, 486, 487, 488, 500, 502, 503, 504, 600,
  603, 604, 606,
];

export interface TrafficParts {
  plan: Plan;
  lab: StartedLab;
  scenarioFolder: string;
  /** What answers, by node; see startCallee. */
  callees: ReadonlyMap<string, StartedSipp>;
  media: StartedMedia;
  journal: JournalWriter;
  onChange?: (traffic: { placed: number; up: number }) => void;
}

/** Places every call of the plan and gives it its media; done when the last call has ended. */
export async function runTraffic(parts: TrafficParts, signal: AbortSignal): Promise<void> {
  await using scope = new Scope();
  const legs = new Legs(parts);
  for (const [node, callee] of parts.callees)
    scope.use('call log', await followCallLog(callee.callLog, (line) => legs.callee(node, line)));
  const { trafficMs, calls } = parts.plan;
  const flows = parts.plan.flows.filter(({ name }) => calls.some((call) => call.flow === name));
  const callers = await Promise.all(
    flows.map(async (flow, index) => {
      await delay(flow.startMs, undefined, { signal });
      const sipp = await startCaller(parts, flow, FIRST_CALLER_PORT + index);
      scope.use('call log', await followCallLog(sipp.callLog, (line) => legs.caller(flow.from, line)));
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
    settings: { failures: FAILURES, answerLimitMs: ANSWER_LIMIT_MS, holdMs: flow.holdMs },
    calls: calls.map((call) => [call.callerMediaPort, flow.dialled, flow.callerNumber]),
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

/** Turns what SIPp tells of its calls into media: a leg a party. */
class Legs {
  private readonly calls: ReadonlyMap<string, PlannedCall>;
  private readonly up = new Set<string>();
  private placed = 0;

  constructor(private readonly parts: TrafficParts) {
    this.calls = new Map(parts.plan.calls.map((call) => [call.sipCallId, call]));
  }

  caller(node: string, line: CallLogLine): void {
    const call = this.calls.get(line.sipCallId);
    if (!call) return;
    if (line.state === 'placed') this.placed++;
    this.follow(node, line, call, 'from-caller');
    if (line.state === 'answered') this.up.add(call.id);
    if (line.state === 'ended') this.up.delete(call.id);
    this.parts.onChange?.({ placed: this.placed, up: this.up.size });
  }

  callee(node: string, line: CallLogLine): void {
    const call = this.calls.get(line.sipCallId);
    if (call) this.follow(node, line, call, 'from-callee');
  }

  private follow(
    node: string,
    line: CallLogLine,
    call: PlannedCall,
    direction: 'from-caller' | 'from-callee',
  ): void {
    const { media, lab, plan, journal } = this.parts;
    const leg = `${call.id} ${direction} ${node}`;
    if (line.state === 'placed' || line.state === 'alerted')
      media.open(leg, lab.node(node).netnsPath, addressOf(nodeOf(plan, node)), line.localPort);
    if (line.state === 'alerted' && line.remote && playsRingback(plan, node))
      media.play(leg, line.remote.address, line.remote.port, { tone: 'ringback-us' });
    if (line.state === 'answered' && line.remote)
      media.play(leg, line.remote.address, line.remote.port, {
        signature: signatureKey(plan.seed, call.id, direction).toString('hex'),
      });
    if (line.state === 'ended') media.close(leg);
    journal.write({ event: 'media', call: call.id, node, state: STATES[line.state] });
  }
}

const STATES = { placed: 'early', alerted: 'early', answered: 'answered', ended: 'ended' } as const;
