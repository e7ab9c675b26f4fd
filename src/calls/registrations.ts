import { DeadairError, ExitCode } from '../base/errors.js';
import { SIP_PORT } from '../base/ports.js';
import { Scope } from '../base/scope.js';
import type { StartedNode, StartedProgram } from '../lab/runtime.js';
import { isUdpPortBound, waitUntil } from '../lab/readiness.js';
import { LONGEST_RETRY } from '../plan/phones.js';
import type { PlannedNode, PlannedRegistration } from '../plan/planned-node.js';
import type { Plan } from '../plan/types.js';
import type { JournalWriter } from '../runfolder/journal-writer.js';
import { addressOf, calleeJob, type Callees } from './callees.js';
import { followLog, parseRegistrationLogLine, type RegistrationLogLine } from './call-log.js';
import { FAILURES, isChallenge } from './failures.js';
import { startSoftphone } from './softphone.js';
import { startSipp, type SippJob } from './sipp.js';

/** A phone's REGISTERs come from here, unless it has one port only; its contact is where it answers. */
const PORT = 5061;
/** After this long without an answer a phone gives an attempt up; some wait for all of Timer F, 32 s. */
const ANSWER_LIMIT_MS = 4000;
const FIRST_LIMIT_MS = 15_000;

export interface RegistrationParts {
  plan: Plan;
  scenarioFolder: string;
  journal: JournalWriter;
  /** Told of phones that answer at the port that they register from. */
  callees: Callees;
  /** Told of every program that should run on for as long as its node has power. */
  onProgram: (node: string, program: StartedProgram) => void;
}

/** A phone that registers, and how often it has booted. */
interface Phone {
  node: PlannedNode;
  registration: PlannedRegistration;
  started: StartedNode;
  boot: number;
}

/** The phones of a lab that keep registered until this is disposed of. */
export class Registrations implements AsyncDisposable {
  private readonly scope = new Scope();
  private readonly boots = new Map<string, number>();

  constructor(private readonly parts: RegistrationParts) {}

  /**
   * Starts every phone that registers, and waits until all are registered.
   * @throws PHONE_NOT_REGISTERED (exit 3) if one is refused, or not registered in time
   */
  async startAll(nodeOf: (name: string) => StartedNode): Promise<void> {
    await Promise.all(
      this.parts.plan.lab.nodes.map(async (node) => {
        const { registration } = node;
        if (!registration) return;
        this.boots.set(node.name, 1);
        const isRegistered = await this.start({ node, registration, started: nodeOf(node.name), boot: 1 });
        await isRegistered();
      }),
    );
  }

  /** Lets a phone register that boots after its power was off; when it is registered is for the measures to say. */
  async again(node: PlannedNode, started: StartedNode): Promise<void> {
    const { registration, name } = node;
    const before = this.boots.get(name);
    if (!registration || before === undefined) return;
    this.boots.set(name, before + 1);
    await this.start({ node, registration, started, boot: before + 1 });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.scope.close();
  }

  /** Starts a phone's program; what it gives waits until it is registered. */
  private async start(phone: Phone): Promise<() => Promise<void>> {
    const { node, registration, started } = phone;
    if (node.softphone === null) return await this.startPhone(phone);
    const { plan, scenarioFolder } = this.parts;
    const softphone = await startSoftphone(plan, node, registration, started, scenarioFolder);
    this.parts.onProgram(node.name, softphone.program);
    return softphone.isRegistered;
  }

  private async startPhone(phone: Phone): Promise<() => Promise<void>> {
    const { scenarioFolder, journal, callees } = this.parts;
    const { node, registration, started } = phone;
    const { extension, onePort } = registration;
    const address = addressOf(node);
    const sipp = await startSipp(started, scenarioFolder, phoneJob(this.parts.plan, phone, address));
    this.parts.onProgram(node.name, sipp.program);
    let last: RegistrationLogLine | null = null;
    this.scope.use(
      'registration log',
      await followLog(sipp.callLog, parseRegistrationLogLine, (line) => {
        last = line;
        journal.write({ event: 'registration', node: node.name, state: line.state });
      }),
    );
    if (onePort) {
      await waitUntil(`${node.name} listens`, FIRST_LIMIT_MS, sipp.program, () =>
        isUdpPortBound(started, address, SIP_PORT),
      );
      await callees.add(node.name, { address, sipp });
    }
    return () =>
      waitUntil(`${node.name} is registered as ${extension}`, FIRST_LIMIT_MS, sipp.program, () => {
        if (last?.state === 'refused') throw refused(node.name, registration);
        return Promise.resolve(last?.state === 'registered');
      });
  }
}

function phoneJob(plan: Plan, { node, registration, boot }: Phone, address: string): SippJob {
  const { extension, onePort, secret, registrar, expiresS, refreshS, retryS } = registration;
  // Files, branches and Call-IDs of its own after a power cycle: SIPp numbers them from the start again.
  const again = boot === 1 ? '' : `-boot-${boot}`;
  return {
    name: `phone${again}`,
    script: 'phone',
    settings: {
      node: `${node.name}${again}`,
      extension,
      secret,
      expiresS,
      refreshMs: refreshS * 1000,
      retryMs: retryS * 1000,
      retryLimitMs: retryS * LONGEST_RETRY * 1000,
      answerLimitMs: ANSWER_LIMIT_MS,
      contactPort: SIP_PORT,
      failures: FAILURES.filter((status) => !isChallenge(status)),
    },
    ...(onePort && { outOfCall: calleeJob(plan, node, true) }),
    calls: [[extension]],
    address,
    port: onePort ? SIP_PORT : PORT,
    args: [
      `${registrar.address}:${registrar.port}`,
      '-m',
      '1',
      '-cid_str',
      `register-%u${again}@${node.name}.deadair`,
      // SIPp goes on retransmitting until there is an answer, and ends itself after ten: some 32 s of darkness.
      ...['-max_retrans', '100000', '-max_non_invite_retrans', '100000'],
    ],
  };
}

const refused = (node: string, { extension, registrar }: PlannedRegistration): DeadairError =>
  new DeadairError('PHONE_NOT_REGISTERED', `${registrar.node} refused ${node} as ${extension}.`, {
    exitCode: ExitCode.labFailed,
    fix: `Compare extension and secret in the configs of ${registrar.node}; its log is in the run folder under logs/.`,
  });
