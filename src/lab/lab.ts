import { Scope } from '../base/scope.js';
import type { Emulator } from '../emulator/contract.js';
import type { PlannedNode } from '../plan/planned-node.js';
import type { Plan } from '../plan/types.js';
import { configureNode, layCables, startedNode } from './cables.js';
import { handKeys, issueCertificates } from './certificates.js';
import { startCapture, type StartedCapture } from './capture.js';
import { NodeLife } from './life.js';
import type { Runtime, StartedNode, StartedProgram } from './runtime.js';

/** A lab that runs: all nodes ready, all links laid, captures running. Disposing takes everything down. */
export interface StartedLab extends AsyncDisposable {
  node(name: string): StartedNode;
  /** A node's programs, its power, and what became of them. */
  life(name: string): NodeLife;
  captures: readonly StartedCapture[];
}

export interface LabParts {
  runtime: Runtime;
  emulator: Emulator;
  /** Starts what answers calls on phones and carriers, before the SBC that probes them, and after each power cycle. */
  startEndpoint: (node: PlannedNode, started: StartedNode) => Promise<void>;
  /** Aborting takes down at once what has started. */
  signal: AbortSignal;
  /** Told of every node that became ready. */
  onReady?: (node: string, tookMs: number) => void;
  /** Told of every program of a node that should run on, also after a power cycle or a crash. */
  onProgram?: (life: NodeLife, program: StartedProgram) => void;
}

/** How long a lab may take until it is down: containers on a busy machine. */
export const LAB_END_LIMIT_MS = 60_000;

/** Infrastructure that the others ask while they start. */
const FIRST_ROLES: readonly PlannedNode['role'][] = ['switch', 'router', 'nameserver', 'database'];

/**
 * Starts a plan's lab. If anything fails, what was started is taken down before the error is thrown.
 * @throws DeadairError CERTIFICATE_NOT_MADE, NODE_NOT_STARTED, NODE_NOT_READY, LINK_NOT_LAID (exit 3)
 */
export async function startLab(plan: Plan, scenarioFolder: string, parts: LabParts): Promise<StartedLab> {
  parts.signal.throwIfAborted();
  const scope = new Scope();
  const stop = () => void scope.close().catch(() => undefined);
  parts.signal.addEventListener('abort', stop, { once: true });
  try {
    const issued = await issueCertificates(plan, scenarioFolder);
    const nodes = new Map<string, StartedNode>();
    // A busy engine takes its time for each container, and some for all.
    const running = scope.use('nodes', new Scope('at-once'), LAB_END_LIMIT_MS);
    await all(plan.lab.nodes, async (node) => {
      nodes.set(
        node.name,
        running.use(
          `node ${node.name}`,
          await parts.runtime.startNode(node, scenarioFolder),
          LAB_END_LIMIT_MS,
        ),
      );
    });
    await layCables(plan, nodes, parts.emulator, scenarioFolder);
    const lives = new Map(
      plan.lab.nodes.map((planned): [string, NodeLife] => {
        const node = startedNode(nodes, planned.name);
        const life: NodeLife = new NodeLife(planned, node, {
          configure: () => configureNode(plan, planned, node),
          handKeys: () => handKeys(planned, node, issued),
          startEndpoint: () => parts.startEndpoint(planned, node),
          onProgram: (program) => parts.onProgram?.(life, program),
        });
        return [planned.name, life];
      }),
    );
    const lifeOf = (name: string) => {
      const life = lives.get(name);
      if (!life) throw new Error(`the plan names node ${name}, which was not started`);
      return life;
    };
    const captures: StartedCapture[] = [];
    const points = plan.lab.nodes.flatMap((node) =>
      node.interfaces.filter((iface) => iface.captured).map((iface) => ({ node, iface })),
    );
    const startPrograms = async ({ name }: PlannedNode) => {
      const started = performance.now();
      await lifeOf(name).start();
      parts.onReady?.(name, performance.now() - started);
    };
    const isFirst = (node: PlannedNode) => FIRST_ROLES.includes(node.role);
    await Promise.all([
      all(points, async ({ node, iface }) => {
        captures.push(await startCapture(startedNode(nodes, node.name), iface.name, scenarioFolder));
      }),
      all(plan.lab.nodes.filter(isFirst), startPrograms),
      all(plan.lab.nodes, (node) => parts.startEndpoint(node, startedNode(nodes, node.name))),
    ]);
    await all(
      plan.lab.nodes.filter((node) => !isFirst(node)),
      startPrograms,
    );
    return {
      node: (name) => startedNode(nodes, name),
      life: lifeOf,
      captures,
      [Symbol.asyncDispose]: () => scope.close(),
    };
  } catch (error) {
    await scope.close().catch(() => undefined);
    throw error;
  } finally {
    parts.signal.removeEventListener('abort', stop);
  }
}

/** Runs for all at once; waits for every one before it throws the first error, so that none starts behind a teardown. */
async function all<T>(items: readonly T[], run: (item: T) => Promise<void>): Promise<void> {
  const results = await Promise.allSettled(items.map(run));
  const failed = results.find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
}
