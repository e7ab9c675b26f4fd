import { DeadairError, ExitCode } from '../base/errors.js';
import { Scope } from '../base/scope.js';
import type { StartedLab } from '../lab/lab.js';
import type { StartedProgram } from '../lab/runtime.js';
import { waitUntil } from '../lab/readiness.js';
import type { PlannedNode, PlannedRegistration } from '../plan/planned-node.js';
import type { Plan } from '../plan/types.js';
import type { JournalWriter } from '../runfolder/journal-writer.js';
import { addressOf, calleeJob, SIP_PORT, type Callees } from './callees.js';
import { followLog, parseRegistrationLogLine, type RegistrationLogLine } from './call-log.js';
import { FAILURES, isChallenge } from './failures.js';
import { startSoftphone } from './softphone.js';
import { startSipp, type StartedSipp } from './sipp.js';

/** A phone's REGISTERs come from here, unless it has one port only; its contact is where it answers. */
const PORT = 5061;
/** After this long without an answer a phone gives an attempt up; some wait for all of Timer F, 32 s. */
const ANSWER_LIMIT_MS = 4000;
const LONGEST_RETRY = 8;
const FIRST_LIMIT_MS = 15_000;

/** The phones of a lab that keep registered until they are disposed of. */
export interface StartedRegistrations extends AsyncDisposable {
  programs: readonly { node: string; program: StartedProgram }[];
}

export interface RegistrationParts {
  plan: Plan;
  lab: StartedLab;
  scenarioFolder: string;
  journal: JournalWriter;
  /** Told of phones that answer at the port that they register from. */
  callees: Callees;
}

/**
 * Starts every phone that registers, and waits until all are registered.
 * @throws PHONE_NOT_REGISTERED (exit 3) if one is refused, or not registered in time
 */
export async function startRegistrations(parts: RegistrationParts): Promise<StartedRegistrations> {
  const scope = new Scope();
  try {
    const phones = parts.plan.lab.nodes.flatMap((node) =>
      node.registration ? [{ node, registration: node.registration }] : [],
    );
    const programs = await Promise.all(
      phones.map(async ({ node, registration }) => ({
        node: node.name,
        program:
          node.softphone === null
            ? (await startPhone(parts, node, registration, scope)).program
            : await startSoftphone(
                parts.plan,
                node,
                registration,
                parts.lab.node(node.name),
                parts.scenarioFolder,
              ),
      })),
    );
    return { programs, [Symbol.asyncDispose]: () => scope.close() };
  } catch (error) {
    await scope.close().catch(() => undefined);
    throw error;
  }
}

async function startPhone(
  { plan, lab, scenarioFolder, journal, callees }: RegistrationParts,
  node: PlannedNode,
  registration: PlannedRegistration,
  scope: Scope,
): Promise<StartedSipp> {
  const { extension, onePort, secret, registrar, expiresS, refreshS, retryS } = registration;
  const address = addressOf(node);
  const sipp = await startSipp(lab.node(node.name), scenarioFolder, {
    name: 'phone',
    script: 'phone',
    settings: {
      node: node.name,
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
      `register-%u@${node.name}.deadair`,
      // SIPp goes on retransmitting until there is an answer, and ends itself after ten: some 32 s of darkness.
      ...['-max_retrans', '100000', '-max_non_invite_retrans', '100000'],
    ],
  });
  let last: RegistrationLogLine | null = null;
  scope.use(
    'registration log',
    await followLog(sipp.callLog, parseRegistrationLogLine, (line) => {
      last = line;
      journal.write({ event: 'registration', node: node.name, state: line.state });
    }),
  );
  await waitUntil(`${node.name} is registered as ${extension}`, FIRST_LIMIT_MS, sipp.program, () => {
    if (last?.state === 'refused') throw refused(node.name, registration);
    return Promise.resolve(last?.state === 'registered');
  });
  if (onePort) await callees.add(node.name, { address, sipp });
  return sipp;
}

const refused = (node: string, { extension, registrar }: PlannedRegistration): DeadairError =>
  new DeadairError('PHONE_NOT_REGISTERED', `${registrar.node} refused ${node} as ${extension}.`, {
    exitCode: ExitCode.labFailed,
    fix: `Compare extension and secret in the configs of ${registrar.node}; its log is in the run folder under logs/.`,
  });
