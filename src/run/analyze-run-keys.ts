import { readdir, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { signatureKey } from '../audio/signature.js';
import { DeadairError, ExitCode } from '../base/errors.js';
import { axisFrom } from '../evidence/axis.js';
import { readJournal, readPlan } from '../evidence/run-files.js';
import type { FieldOptions } from '../measures/field/index.js';
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
  const key = (id: string, voice: 'from-caller' | 'from-callee') => signatureKey(plan.seed, id, voice);
  return {
    axis: axisFrom(clocks),
    keysOf: (call, others) => {
      const [id] = idsOf(call.legs);
      if (id === undefined) return null;
      const otherKeys = others
        .filter((other) => other !== call && overlaps(other, call))
        .flatMap(({ legs }) => idsOf(legs))
        .flatMap((other) => [
          { call: other, key: key(other, 'from-caller') },
          { call: other, key: key(other, 'from-callee') },
        ]);
      const [fromCaller, fromCallee] = [key(id, 'from-caller'), key(id, 'from-callee')];
      return {
        caller: { expectedKey: fromCallee, ownKey: fromCaller, otherKeys },
        callee: { expectedKey: fromCaller, ownKey: fromCallee, otherKeys },
      };
    },
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
