import { readdir, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { signatureKey, type Direction } from '../audio/signature.js';
import { DeadairError, ExitCode } from '../base/errors.js';
import { axisFrom } from '../evidence/axis.js';
import { readJournal, readPlan } from '../evidence/run-files.js';
import type { FieldOptions } from '../measures/field/index.js';
import type { Signalling } from '../measures/field/signalling.js';
import type { Hop } from '../measures/field/types.js';
import type { Plan } from '../plan/types.js';
import { scenarioFiles } from '../runfolder/layout.js';

/** What a run's plan and journal tell of the signatures in captures of it. */
export interface RunKeys {
  /** Wall clock → lab axis, on which signatures are counted. */
  axis: (wallMs: number) => number;
  keysOf: NonNullable<FieldOptions['keysOf']>;
}

/**
 * Signatures of a run, from the folder of a scenario's run, its plan.json, or the folder of a run of one scenario.
 * @throws DeadairError (exit 64) RUN_AMBIGUOUS if a run folder has several scenarios, RUN_FOLDER_UNREADABLE
 */
export async function readRunKeys(path: string): Promise<RunKeys> {
  const folder = await scenarioFolderOf(resolve(path));
  const plan = await readPlan(folder);
  const clocks = (await readJournal(folder)).filter((entry) => entry.event === 'clock');
  if (clocks.length === 0)
    throw new DeadairError('RUN_WITHOUT_CLOCK', `the journal in ${folder} has no clock entry.`, {
      exitCode: ExitCode.badInput,
      fix: 'Name the folder of a run that got as far as placing calls.',
    });
  const idOf = new Map(plan.calls.map(({ id, sipCallId }) => [sipCallId, id]));
  const idsOf = (legs: readonly { callId: string }[]) => legs.flatMap(({ callId }) => idOf.get(callId) ?? []);
  const key = (id: string, voice: Direction) => signatureKey(plan.seed, id, voice);
  const nameOf = nameOfCallee(plan, idOf);
  return {
    axis: axisFrom(clocks),
    keysOf: (call, others) => {
      const [id] = idsOf(call.legs);
      if (id === undefined) return null;
      const otherKeys = others
        .filter((other) => other !== call && overlaps(other, call))
        .flatMap((other) => {
          const callee = nameOf(other);
          return [
            ...idsOf(other.legs).map((known) => ({ call: known, key: key(known, 'from-caller') })),
            ...(callee === null ? [] : [{ call: callee, key: key(callee, 'from-callee') }]),
          ];
        });
      const name = nameOf(call);
      const [fromCaller, fromCallee] = [key(id, 'from-caller'), key(name ?? id, 'from-callee')];
      return {
        caller: name === null ? null : { expectedKey: fromCallee, ownKey: fromCaller, otherKeys },
        callee: { expectedKey: fromCaller, ownKey: fromCallee, otherKeys },
      };
    },
  };
}

/**
 * In whose name the one speaks that answered a call: the call's, or, behind a PBX, that of its own leg (docs/decisions/0015).
 * Null if that can't be told: the PBX itself answered, or its leg isn't known to be of this call; or a softphone did, whose
 * voice isn't on the lab's clock.
 */
function nameOfCallee(plan: Plan, idOf: ReadonlyMap<string, string>): (call: Signalling) => string | null {
  const { nodes } = plan.lab;
  const hasPbx = nodes.some(({ role }) => role === 'pbx');
  const softphones = new Set(
    nodes
      .filter(({ softphone }) => softphone)
      .flatMap(({ interfaces }) => interfaces.map(({ address }) => address)),
  );
  return ({ legs }) => {
    const answers = ({ responses }: Hop) =>
      responses.some(({ status }) => status !== null && status >= 200 && status < 300);
    const leg = legs.findLast(({ hops }) => hops.some(answers)) ?? legs.at(-1);
    const by = leg?.hops.findLast(answers)?.to.address;
    if (!leg || (by !== undefined && softphones.has(by))) return null;
    const id = idOf.get(leg.callId);
    if (id === undefined) return leg.callId;
    return hasPbx ? null : id;
  };
}

type Lasting = { answeredAt: number | null; endedAt: number | null };

function overlaps(one: Lasting, other: Lasting): boolean {
  if (one.answeredAt === null || other.answeredAt === null) return false;
  return one.answeredAt < (other.endedAt ?? Infinity) && other.answeredAt < (one.endedAt ?? Infinity);
}

async function scenarioFolderOf(path: string): Promise<string> {
  const isFolder = await stat(path).then(
    (found) => found.isDirectory(),
    () => true,
  );
  if (!isFolder) return dirname(path);
  if (await exists(scenarioFiles(path).plan)) return path;
  const inside = await readdir(path).catch(() => [] as string[]);
  const scenarios = [];
  for (const name of inside.sort())
    if (await exists(scenarioFiles(join(path, name)).plan)) scenarios.push(name);
  if (scenarios.length <= 1) return join(path, scenarios[0] ?? '');
  throw new DeadairError('RUN_AMBIGUOUS', `${path} has ${scenarios.length} scenarios.`, {
    exitCode: ExitCode.badInput,
    fix: `Name the one that the captures are of, such as ${join(path, scenarios[0]!)}.`,
  });
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );
