import { PAYLOAD_TYPE, type Law } from '../audio/g711.js';
import { SIP_PORT } from '../base/ports.js';
import type { StartedNode, StartedProgram } from '../lab/runtime.js';
import { isUdpPortBound, waitUntil } from '../lab/readiness.js';
import type { PlannedNode } from '../plan/planned-node.js';
import type { Plan } from '../plan/types.js';
import { answersOf } from './answers.js';
import { startSipp, type SippJob, type StartedSipp } from './sipp.js';

/** First local RTP port of answering legs; callers' ports come from the plan and are lower. */
const FIRST_MEDIA_PORT = 30_000;
/** Probes take a line of the injection file too, so the ports go round. */
const MEDIA_PORTS = 2000;
const RING_MS = 600;
const START_LIMIT_MS = 10_000;

/** True for nodes on which SIPp answers calls. */
const answersCalls = ({ role, softphone }: PlannedNode) =>
  (role === 'phone' && softphone === null) || role === 'carrier';

/** What answers at one address of a node. */
export interface StartedCallee {
  address: string;
  sipp: StartedSipp;
}

/** Told of what answers at a node, also of what does so after its power was off. */
type CalleeListener = (node: string, callee: StartedCallee) => Promise<void>;

/** What answers calls on phones and carriers. */
export class Callees {
  private readonly started: { node: string; callee: StartedCallee }[] = [];
  private readonly boots = new Map<string, number>();
  private listener: CalleeListener = () => Promise.resolve();

  constructor(
    private readonly plan: Plan,
    private readonly scenarioFolder: string,
    /** Told of every program that should run on for as long as its node has power. */
    private readonly onProgram: (node: string, program: StartedProgram) => void,
  ) {}

  /** Starts what answers calls and probes on a node, at each of its addresses, and waits until it listens. */
  async start(node: PlannedNode, started: StartedNode): Promise<void> {
    if (!answersCalls(node)) return;
    // What registers from the same port answers there as well, see registrations.ts.
    if (node.registration?.onePort) return;
    const boot = (this.boots.get(node.name) ?? 0) + 1;
    this.boots.set(node.name, boot);
    const [first, ...others] = node.interfaces;
    const addresses = [addressOf(node), ...(first?.extraAddresses ?? []), ...others.flatMap(allAddresses)];
    const callees = await Promise.all(
      addresses.map(async (address, index): Promise<StartedCallee> => {
        // After a power cycle it has files of its own: those before are evidence.
        const name = [
          'callee',
          ...(index === 0 ? [] : [index + 1]),
          ...(boot === 1 ? [] : ['boot', boot]),
        ].join('-');
        return {
          address,
          sipp: await startCallee(this.plan, node, started, this.scenarioFolder, name, address),
        };
      }),
    );
    for (const callee of callees) {
      this.onProgram(node.name, callee.sipp.program);
      await this.add(node.name, callee);
    }
  }

  /** Takes in what somebody else started that answers calls. */
  async add(node: string, callee: StartedCallee): Promise<void> {
    this.started.push({ node, callee });
    await this.listener(node, callee);
  }

  /** Tells of all that there are, and of each to come. */
  async follow(listener: CalleeListener): Promise<void> {
    this.listener = listener;
    for (const { node, callee } of this.started) await listener(node, callee);
  }
}

async function startCallee(
  plan: Plan,
  node: PlannedNode,
  started: StartedNode,
  scenarioFolder: string,
  name: string,
  address: string,
): Promise<StartedSipp> {
  const sipp = await startSipp(started, scenarioFolder, {
    name,
    ...calleeJob(plan, node, false),
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

/** How a phone or a carrier answers. `countsPorts`: its media ports are counted, and not given line by line. */
export function calleeJob(
  plan: Plan,
  node: PlannedNode,
  countsPorts: boolean,
): Pick<SippJob, 'script' | 'settings'> {
  const trunk = plan.lab.trunks.find(({ carrier }) => carrier === node.name);
  const longestHoldMs = Math.max(...plan.flows.map((flow) => flow.holdMs));
  return {
    script: 'callee',
    settings: {
      earlyMedia: playsRingback(plan, node.name),
      noise: speaksNoise(plan),
      events: speaksEvents(plan) && (trunk?.digits ?? 'rfc4733') === 'rfc4733',
      readsInfo: trunk?.digits === 'info',
      codec: sdpCodec(codecOf(plan, node.name)),
      answers: answersOf(plan, node.name),
      ringMs: RING_MS,
      // A call whose BYE was lost ends by itself.
      upLimitMs: longestHoldMs + 10_000,
      countsPorts,
      firstPort: FIRST_MEDIA_PORT,
    },
  };
}

/** True if the lab's parties speak telephone events: where there is a PBX, which may read digits. */
export const speaksEvents = ({ lab }: Plan): boolean => lab.nodes.some(({ role }) => role === 'pbx');

/** True if the lab's parties may tell comfort noise (RFC 3389): where any of them pauses. */
export const speaksNoise = ({ flows }: Plan): boolean =>
  flows.some(({ pauses }) => pauses !== undefined && pauses.length > 0);

/** True if the node is a carrier that plays ringback itself, in early media, instead of leaving it to the phone. */
export function playsRingback(plan: Plan, node: string): boolean {
  return plan.lab.trunks.some((trunk) => trunk.carrier === node && trunk.alerting === 'early-media');
}

/** The one codec that a node speaks: a carrier as its trunk has it, a phone PCMU. */
export const codecOf = ({ lab }: Plan, node: string): Law =>
  lab.trunks.find(({ carrier }) => carrier === node)?.codec ?? 'PCMU';

/** The node's first address. */
export function addressOf(node: PlannedNode): string {
  const address = node.interfaces[0]?.address;
  if (!address) throw new Error(`the plan gives ${node.name} no address`);
  return address;
}

const allAddresses = ({ address, extraAddresses }: PlannedNode['interfaces'][number]): string[] =>
  address === null ? [] : [address, ...extraAddresses];

/** A codec as lab/sipp/*.hbs need it; `isOnly`: offers without it are refused, which nobody does with PCMU here. */
export const sdpCodec = (law: Law) => ({ name: law, type: PAYLOAD_TYPE[law], isOnly: law !== 'PCMU' });
