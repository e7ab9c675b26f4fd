import { mkdir, writeFile } from 'node:fs/promises';
import { cpus, release } from 'node:os';
import { DeadairError, ExitCode, messageOf } from '../base/errors.js';
import { monotonicMs } from '../base/linux/clock.js';
import { Scope } from '../base/scope.js';
import { answersCalls, startCallees, type StartedCallee } from '../calls/callees.js';
import { startMedia } from '../calls/media.js';
import { startRegistrations } from '../calls/registrations.js';
import { runTraffic } from '../calls/traffic.js';
import { startNetem } from '../emulator/netem.js';
import { startWire } from '../emulator/wire.js';
import { conduct } from '../faults/conductor.js';
import { startLab, type StartedLab } from '../lab/lab.js';
import { netnsRuntime } from '../lab/netns.js';
import type { StartedProgram } from '../lab/runtime.js';
import { softwareVersions } from '../lab/versions.js';
import type { Plan } from '../plan/types.js';
import type { ScenarioLine } from '../report/live.js';
import { JournalWriter } from '../runfolder/journal-writer.js';
import { scenarioFiles } from '../runfolder/layout.js';
import type { Heartbeat } from './heartbeat.js';

export interface LiveParts {
  line: ScenarioLine;
  heartbeat: Heartbeat;
  /** Aborting ends the lab in good order. */
  signal: AbortSignal;
}

/**
 * The live half of one scenario: starts its lab, runs faults and calls, and leaves the evidence in its folder. What
 * goes wrong with the harness or the lab is written to the journal, so that judging finds it; the error is returned.
 */
export async function runLive(
  plan: Plan,
  folder: string,
  { line, heartbeat, signal }: LiveParts,
): Promise<DeadairError | null> {
  const files = scenarioFiles(folder);
  for (const each of [files.captures, files.audio, files.logs, files.configs])
    await mkdir(each, { recursive: true });
  await writeFile(files.plan, JSON.stringify(plan, null, 1));
  await writeConfigs(plan, folder);
  const journal = new JournalWriter(files.journal);
  try {
    await runStages(plan, folder, journal, { line, heartbeat, signal });
    return null;
  } catch (error) {
    const failure = asDeadairError(error, signal);
    journal.write({ event: 'harness-failed', code: failure.code, message: failure.message });
    return failure;
  } finally {
    journal.close();
  }
}

async function writeConfigs(plan: Plan, folder: string): Promise<void> {
  for (const node of plan.lab.nodes) {
    await mkdir(scenarioFiles(folder).config(node.name, '.'), { recursive: true });
    for (const { file, text } of node.programs.flatMap((program) => program.configs))
      await writeFile(scenarioFiles(folder).config(node.name, file), text);
  }
}

function asDeadairError(thrown: unknown, signal: AbortSignal): DeadairError {
  const error = unsuppressed(thrown);
  if (signal.aborted)
    return new DeadairError('INTERRUPTED', 'the run was interrupted', {
      exitCode: ExitCode.interrupted,
      cause: error,
    });
  if (error instanceof DeadairError) return error;
  return new DeadairError('HARNESS_FAILED', messageOf(error), { exitCode: ExitCode.labFailed, cause: error });
}

/** What went wrong first: an error of the teardown that followed comes wrapped around it. */
function unsuppressed(error: unknown): unknown {
  return error instanceof Error && 'suppressed' in error ? unsuppressed(error.suppressed) : error;
}

const EMULATORS = { wire: startWire, netem: startNetem };

async function runStages(
  plan: Plan,
  folder: string,
  journal: JournalWriter,
  { line, heartbeat, signal }: LiveParts,
): Promise<void> {
  await using scope = new Scope();
  const broken = new AbortController();
  const stop = AbortSignal.any([signal, broken.signal]);
  const fail = (code: string, message: string) => {
    journal.write({ event: 'harness-failed', code, message });
    broken.abort(new Error(message));
  };

  line.phase('starting the lab');
  const versions = softwareVersions(plan);
  const emulator = scope.use('emulator', await EMULATORS[plan.emulator]({ seed: plan.seed }));
  emulator.onFailure((error) => fail('EMULATOR_FAILED', messageOf(error)));
  const callees = new Map<string, StartedCallee[]>();
  const lab = scope.use(
    'lab',
    await startLab(plan, folder, {
      runtime: netnsRuntime,
      emulator,
      startEndpoint: async (node, started) => {
        if (answersCalls(node)) callees.set(node.name, await startCallees(plan, node, started, folder));
      },
      signal: stop,
      onReady: (node, tookMs) => journal.write({ event: 'node-ready', node, tookMs }),
    }),
  );
  journal.write({
    event: 'environment',
    kernel: release(),
    node: process.version,
    cores: cpus().length,
    versions: await versions,
  });

  let isOver = false;
  const watch = (node: string, program: StartedProgram, owner: 'system' | 'harness') => {
    void program.ended.then((how) => {
      if (!isOver) journal.write({ event: 'program-ended', node, program: program.name, owner, ...how });
    });
  };
  for (const { node, program } of lab.programs) watch(node, program, 'system');
  for (const { node, program } of lab.captures) watch(node, program, 'harness');
  for (const [node, answering] of callees)
    for (const { sipp } of answering) watch(node, sipp.program, 'harness');
  line.phase('phones register');
  const registrations = scope.use(
    'registrations',
    await startRegistrations({ plan, lab, scenarioFolder: folder, journal }),
  );
  for (const { node, program } of registrations.programs) watch(node, program, 'harness');
  const media = scope.use('media', await startMedia((message) => fail('MEDIA_FAILED', message)));
  const epochMonotonicMs = monotonicMs();
  journal.setEpoch(epochMonotonicMs);
  media.begin(epochMonotonicMs);
  journal.write({ event: 'traffic-started' });
  line.phase('calls and faults');
  const state = { placed: 0, callsUp: 0, faults: [] as string[] };
  const show = (change: Partial<typeof state>) => line.update(Object.assign(state, change));
  await Promise.all([
    runTraffic(
      {
        plan,
        lab,
        scenarioFolder: folder,
        callees,
        media,
        journal,
        onChange: ({ placed, up }) => show({ placed, callsUp: up }),
      },
      stop,
    ),
    conduct(
      {
        plan,
        lab,
        emulator,
        journal,
        epochMonotonicMs,
        onChange: (inForce) => show({ faults: inForce.map((fault) => `${fault.kind} ${fault.target}`) }),
      },
      stop,
    ),
  ]);
  isOver = true;
  journal.write({ event: 'traffic-ended' });
  for (const { lateMs } of heartbeat.lateSince(epochMonotonicMs))
    journal.write({ event: 'host-late', lateMs });
  line.phase('taking the lab down');
  journal.write({ event: 'media-pacing', ...(await media.finish()) });
  await stopCaptures(lab, journal);
  journal.writeClock();
}

async function stopCaptures(lab: StartedLab, journal: JournalWriter): Promise<void> {
  await Promise.all(
    lab.captures.map(async (capture) => {
      const counts = await capture.stop();
      journal.write({ event: 'capture-closed', node: capture.node, interface: capture.interface, ...counts });
    }),
  );
}
