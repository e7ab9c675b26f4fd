import { DeadairError, ExitCode } from '../base/errors.js';
import type { Lab } from '../scenario/lab-schema.js';
import { carrierNumber } from '../scenario/schema.js';
import type { Flow } from '../scenario/schema.js';
import type { Topology } from './addresses.js';
import { nearestAttachment } from './routes.js';
import { fractionOf } from './seeds.js';
import type { PlannedCall, PlannedFlow } from './types.js';

const firstMediaPort = 20_000;
const lastMediaPort = 65_534;

const sipPort = 5060;

/** Flows start within this time, each at a seeded moment, so that flows of one rate don't march in step. */
const startSpreadMs = 400;

export function planFlow(flow: Flow, lab: Lab, topology: Topology, seed: number): PlannedFlow {
  const outbound = flow.to === carrierNumber;
  const from = flow.from === carrierNumber ? (lab.trunks[0]?.carrier ?? '') : flow.from;
  return {
    name: flow.name,
    direction: outbound ? 'outbound' : 'inbound',
    from,
    to: outbound ? 'any-carrier' : flow.to,
    dialled: lab.numbers[flow.to] ?? '',
    callerNumber: lab.numbers[outbound ? flow.from : carrierNumber] ?? '',
    proxy: { address: proxyAddress(from, lab, topology), port: sipPort },
    startMs: Math.floor(fractionOf(seed, 'start', flow.name) * startSpreadMs),
    ratePerS: flow.rate,
    holdMs: flow.hold,
  };
}

/** The SBC's (or, in a lab without, the PBX's) address that is nearest to the caller. */
function proxyAddress(caller: string, lab: Lab, topology: Topology): string {
  const proxy = lab.nodes.find(({ role }) => role === 'sbc') ?? lab.nodes.find(({ role }) => role === 'pbx');
  const address = proxy && nearestAttachment(topology, proxy.name, caller)?.addresses[0];
  if (address !== undefined) return address;
  throw new DeadairError(
    'PROXY_UNREACHABLE',
    `${caller} has no way to an SBC or PBX in the lab "${lab.name}".`,
    {
      exitCode: ExitCode.badInput,
    },
  );
}

/**
 * The calls of all flows by start. Call n of a flow, n from 1, starts n intervals after the flow: SIPp waits one before
 * its first call. Media ports are even and unique at each caller.
 */
export function planCalls(flows: readonly PlannedFlow[], trafficMs: number, seed: number): PlannedCall[] {
  const calls = flows.flatMap((flow) => callsOf(flow, trafficMs, seed)).sort((a, b) => a.atMs - b.atMs);
  const nextPort = new Map<string, number>();
  return calls.map((call) => {
    const callerMediaPort = nextPort.get(call.caller) ?? firstMediaPort;
    if (callerMediaPort > lastMediaPort)
      throw new DeadairError(
        'CALLS_TOO_MANY',
        `${call.caller} runs out of media ports with ${calls.length} calls.`,
        {
          exitCode: ExitCode.badInput,
          fix: 'Lower the rate or the duration, or spread the flows over more phones.',
        },
      );
    nextPort.set(call.caller, callerMediaPort + 2);
    return { ...call, callerMediaPort };
  });
}

function callsOf(flow: PlannedFlow, trafficMs: number, seed: number): Omit<PlannedCall, 'callerMediaPort'>[] {
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
