import type { StartedNode } from '../lab/runtime.js';
import { isUdpPortBound, waitUntil } from '../lab/readiness.js';
import type { Plan, PlannedNode } from '../plan/types.js';
import { startSipp, type StartedSipp } from './sipp.js';

const SIP_PORT = 5060;
/** First local RTP port of answering legs; callers' ports come from the plan and are lower. */
const FIRST_MEDIA_PORT = 30_000;
/** Probes take a line of the injection file too, so the ports go round. */
const MEDIA_PORTS = 2000;
const RING_MS = 600;
const START_LIMIT_MS = 10_000;

/** True for nodes on which SIPp answers calls. */
export const answersCalls = ({ role, softphone }: PlannedNode) =>
  (role === 'phone' && softphone === null) || role === 'carrier';

/** What answers at one address of a node. */
export interface StartedCallee {
  address: string;
  sipp: StartedSipp;
}

/** Starts what answers calls and probes on a phone or carrier, at each of its addresses, and waits until it listens. */
export async function startCallees(
  plan: Plan,
  node: PlannedNode,
  started: StartedNode,
  scenarioFolder: string,
): Promise<StartedCallee[]> {
  const [first, ...others] = node.interfaces;
  const addresses = [addressOf(node), ...(first?.extraAddresses ?? []), ...others.flatMap(allAddresses)];
  return await Promise.all(
    addresses.map(async (address, index) => {
      const name = index === 0 ? 'callee' : `callee-${index + 1}`;
      return { address, sipp: await startCallee(plan, node, started, scenarioFolder, name, address) };
    }),
  );
}

async function startCallee(
  plan: Plan,
  node: PlannedNode,
  started: StartedNode,
  scenarioFolder: string,
  name: string,
  address: string,
): Promise<StartedSipp> {
  const trunk = plan.lab.trunks.find(({ carrier }) => carrier === node.name);
  const longestHoldMs = Math.max(...plan.flows.map((flow) => flow.holdMs));
  const sipp = await startSipp(started, scenarioFolder, {
    name,
    script: 'callee',
    settings: {
      earlyMedia: playsRingback(plan, node.name),
      events: speaksEvents(plan) && (trunk?.digits ?? 'rfc4733') === 'rfc4733',
      readsInfo: trunk?.digits === 'info',
      ringMs: RING_MS,
      // A call whose BYE was lost ends by itself.
      upLimitMs: longestHoldMs + 10_000,
    },
    calls: Array.from({ length: MEDIA_PORTS }, (_, n) => [FIRST_MEDIA_PORT + 2 * n]),
    address,
    port: SIP_PORT,
    args: [],
  });
  await waitUntil(`${name} on ${node.name} listens`, START_LIMIT_MS, sipp.program, () =>
    isUdpPortBound(started, address, SIP_PORT),
  );
  return sipp;
}

/** True if the lab's parties speak telephone events: where there is a PBX, which may read digits. */
export const speaksEvents = ({ lab }: Plan): boolean => lab.nodes.some(({ role }) => role === 'pbx');

/** True if the node is a carrier that plays ringback itself, in early media, instead of leaving it to the phone. */
export function playsRingback(plan: Plan, node: string): boolean {
  return plan.lab.trunks.some((trunk) => trunk.carrier === node && trunk.alerting === 'early-media');
}

/** The node's first address. */
export function addressOf(node: PlannedNode): string {
  const address = node.interfaces[0]?.address;
  if (!address) throw new Error(`the plan gives ${node.name} no address`);
  return address;
}

const allAddresses = ({ address, extraAddresses }: PlannedNode['interfaces'][number]): string[] =>
  address === null ? [] : [address, ...extraAddresses];
