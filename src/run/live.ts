import { mkdir, writeFile } from 'node:fs/promises';
import { cpus, release } from 'node:os';
import { DeadairError, ExitCode, messageOf } from '../base/errors.js';
import { monotonicMs } from '../base/linux/clock.js';
import type { Masks } from '../base/masks.js';
import { Scope } from '../base/scope.js';
import { Callees } from '../calls/callees.js';
import { Legs } from '../calls/legs.js';
import { startMedia } from '../calls/media.js';
import { Registrations } from '../calls/registrations.js';
import { runTraffic } from '../calls/traffic.js';
import { startNetem } from '../emulator/netem.js';
import { startWire } from '../emulator/wire.js';
import { conduct } from '../faults/conductor.js';
import { LAB_END_LIMIT_MS, startLab, type StartedLab } from '../lab/lab.js';
import type { Runtime, StartedProgram } from '../lab/runtime.js';
import type { ProgramVersions } from '../lab/versions.js';
import type { Plan } from '../plan/types.js';
import type { ScenarioLine } from '../report/live.js';
import type { ScenarioState } from '../report/live-words.js';
import { JournalWriter } from '../runfolder/journal-writer.js';
import { scenarioFiles } from '../runfolder/layout.js';
import { maskFolder } from '../runfolder/mask-folder.js';
import { everySecond } from './every-second.js';
import type { Heartbeat } from './heartbeat.js';
import { upcoming } from './outlook.js';
import type { Ready } from './places.js';

/** Captures of a long run are gigabytes. */
const MASKING_LIMIT_MS = 10 * 60_000;

export interface LiveParts {
  line: ScenarioLine;
  heartbeat: Heartbeat;
  /** What the plan's nodes run in. */
  runtime: Runtime;
  programVersions: ProgramVersions;
  /** Called once all is there for calls to be placed; resolves when they may be. */
  ready: Ready;
  /** Hides the run's secrets in what is written. */
  masks: Masks;
  /** Aborting ends the lab in good order. */
  signal: AbortSignal;
}

/**
 * The live half of one scenario: starts its lab, runs faults and calls, and leaves the evidence in its folder. What
 * goes wrong with the harness or the lab is written to the journal, so that judging finds it; the error is returned.
 */
export async function runLive(plan: Plan, folder: string, parts: LiveParts): Promise<DeadairError | null> {
  try {
    return await runInFolder(plan, folder, parts);
  } catch (error) {
    // Its folder couldn't be written to. Other labs go on, and have their reports.
    return asDeadairError(error, parts.signal);
  }
}

async function runInFolder(plan: Plan, folder: string, parts: LiveParts): Promise<DeadairError | null> {
  const { signal, masks } = parts;
  const files = scenarioFiles(folder);
  await using written = new Scope();
  written.defer('secrets', () => maskFolder(folder, masks), MASKING_LIMIT_MS);
  for (const each of [files.captures, files.audio, files.logs, files.configs])
    await mkdir(each, { recursive: true });
  await writeFile(files.plan, JSON.stringify(plan, null, 1));
  await writeConfigs(plan, folder);
  const journal = new JournalWriter(files.journal);
  written.defer('journal', () => journal.close());
  try {
    await runStages(plan, folder, journal, parts);
    return null;
  } catch (error) {
    const failure = asDeadairError(error, signal);
    journal.write({ event: 'harness-failed', code: failure.code, message: failure.message });
    return failure;
  }
}

async function writeConfigs(plan: Plan, folder: string): Promise<void> {
  for (const node of plan.lab.nodes) {
    await mkdir(scenarioFiles(folder).config(node.name, '.'), { recursive: true });
    const bound = node.container.files.flatMap((file) => ('config' in file ? file.config : []));
    for (const { file, text } of [...node.programs.flatMap((program) => program.configs), ...bound])
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
  { line, heartbeat, runtime, programVersions, ready, signal }: LiveParts,
): Promise<void> {
  await using scope = new Scope();
  const broken = new AbortController();
  const stop = AbortSignal.any([signal, broken.signal]);
  const fail = (code: string, message: string) => {
    broken.abort(new Error(message));
    journal.write({ event: 'harness-failed', code, message });
  };

  await runtime.prepare?.(plan, (what) => line.phase(what));
  line.phase('starting the lab');
  const startedMs = monotonicMs();
  const emulator = scope.use('emulator', await EMULATORS[plan.emulator]({ seed: plan.seed }));
  emulator.onFailure((error) => fail('EMULATOR_FAILED', messageOf(error)));
  let isOver = false;
  const watch = (node: string, program: StartedProgram, owner: () => 'system' | 'harness' | 'scenario') => {
    program.ended
      .then((how) => {
        // What ends because the run was interrupted was ended by whoever did that.
        if (!isOver && !signal.aborted)
          journal.write({ event: 'program-ended', node, program: program.name, owner: owner(), ...how });
      })
      .catch((error: unknown) => broken.abort(error));
  };
  /** Nodes whose power is off: what ends in them was ended by the scenario. */
  const off = new Set<string>();
  const onProgram = (node: string, program: StartedProgram) =>
    watch(node, program, () => (off.has(node) ? 'scenario' : 'harness'));
  const callees = new Callees(plan, folder, onProgram);
  const registrations = new Registrations({ plan, scenarioFolder: folder, journal, callees, onProgram });
  const lab = scope.use(
    'lab',
    await startLab(plan, folder, {
      runtime,
      emulator,
      startEndpoint: async (node, started) => {
        await callees.start(node, started);
        await registrations.again(node, started);
      },
      signal: stop,
      onProgram: (life, program) =>
        watch(life.planned.name, program, () => (life.wasKilled(program) ? 'scenario' : 'system')),
      onReady: (node, tookMs) => journal.write({ event: 'node-ready', node, tookMs }),
    }),
    LAB_END_LIMIT_MS,
  );
  const versions = { ...runtime.versions, ...(await programVersions.of(plan, lab)) };
  journal.write({
    event: 'environment',
    kernel: release(),
    node: process.version,
    cores: cpus().length,
    versions,
  });

  for (const { node, program } of lab.captures) watch(node, program, () => 'harness');
  line.phase('phones register');
  scope.use('registrations', registrations);
  await registrations.startAll((name) => lab.node(name));
  journal.write({ event: 'lab-ready', tookMs: monotonicMs() - startedMs });
  const media = scope.use('media', await startMedia((message) => fail('MEDIA_FAILED', message)));
  line.phase('waiting for the others of its wave');
  await ready();
  const epochMonotonicMs = monotonicMs();
  journal.setEpoch(epochMonotonicMs);
  media.begin(epochMonotonicMs);
  journal.write({ event: 'traffic-started' });
  line.phase('calls and faults');
  let state = { placed: 0, callsUp: 0, faults: [] as readonly string[] };
  const show = (change: Partial<Omit<ScenarioState, 'deafEars' | 'upcoming'>>) => {
    state = { ...state, ...change };
    line.update({
      ...state,
      deafEars: media.deafEars(),
      upcoming: upcoming(plan, monotonicMs() - epochMonotonicMs),
    });
  };
  const legs = new Legs({
    plan,
    lab,
    media,
    journal,
    onChange: ({ placed, up }) => show({ placed, callsUp: up }),
  });
  using ticking = everySecond(() => show({}));
  await Promise.all([
    runTraffic(
      {
        plan,
        lab,
        scenarioFolder: folder,
        callees,
        legs,
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
        onNodeChange: (node, change) => {
          if (change === 'off') off.add(node);
          if (change === 'on') off.delete(node);
          legs.nodeChanged(node, change);
        },
      },
      stop,
    ),
  ]);
  isOver = true;
  ticking[Symbol.dispose]();
  journal.write({ event: 'traffic-ended' });
  for (const { lateMs, dueMs } of heartbeat.lateSince(epochMonotonicMs))
    journal.write({ event: 'host-late', lateMs, dueMs: dueMs - epochMonotonicMs });
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
