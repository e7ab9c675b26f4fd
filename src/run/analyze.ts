import { giveBuffersBack, growSlowly } from '../base/linux/memory.js';
import { ExitCode } from '../base/errors.js';
import { analyzeField, type FieldShelves } from '../measures/field/index.js';
import type { BufferLength } from '../measures/hearing/scheduling.js';
import type { FieldAnalysis, FieldCall, Finding, LooseMedia } from '../measures/field/types.js';
import type { CaptureIndex } from '../evidence/field-index.js';
import { ListenerThreads } from './analyze-listeners.js';
import { loadCaptures } from './analyze-load.js';
import { readRunKeys } from './analyze-run-keys.js';
import { DiskShelves } from './analyze-shelf.js';
import { startRecording } from './analyze-wav.js';

export interface AnalyzeOptions {
  /** Folder or plan.json of the run that the captures are of: its signatures are then known. */
  run?: string;
  /** The jitter buffer that stands for a phone's; default: 50 ms. */
  buffer?: BufferLength;
  /** Folder for stereo recordings of what was heard. */
  wav?: string;
}

/** So many are worth starting threads for. */
const MANY_STREAMS = 24;

/** What captures show, and what could not be read of them. */
export interface CaptureAnalysis extends FieldAnalysis {
  calls: FieldCall[];
  loose: LooseMedia[];
  findings: Finding[];
  captures: CaptureIndex['captures'];
  /** Wall clock of time 0, ms since 1970; null if there is no frame. */
  epochMs: number | null;
  exitCode: number;
}

/** The same, its results in a file: read one by one, until it's disposed of. */
export type LargeAnalysis = Omit<CaptureAnalysis, keyof FieldShelves> &
  Pick<FieldAnalysis, keyof FieldShelves> &
  Disposable;

/**
 * Analyses any captures of SIP and RTP, of one network at one time.
 * @throws DeadairError (exit 64) if none of the files is a capture, or the run can't be read
 */
export async function analyzeCaptures(
  paths: readonly string[],
  options: AnalyzeOptions = {},
): Promise<CaptureAnalysis> {
  using large = await analyzeLarge(paths, options);
  const { calls, loose, findings, captures, clocks, otherSip, span, epochMs, exitCode } = large;
  return {
    calls: [...calls],
    loose: [...loose],
    findings: [...findings],
    captures,
    clocks,
    otherSip,
    span,
    epochMs,
    exitCode,
  };
}

/** Does so in memory that doesn't grow with the number of calls. */
export async function analyzeLarge(
  paths: readonly string[],
  options: AnalyzeOptions = {},
): Promise<LargeAnalysis> {
  const shelves = new DiskShelves();
  try {
    return await analyzeOnto(shelves, paths, options);
  } catch (error) {
    shelves[Symbol.dispose]();
    throw error;
  }
}

async function analyzeOnto(
  shelves: DiskShelves,
  paths: readonly string[],
  options: AnalyzeOptions,
): Promise<LargeAnalysis> {
  giveBuffersBack();
  growSlowly();
  const run = options.run === undefined ? null : await readRunKeys(options.run);
  using loaded = await loadCaptures(paths, run?.axis ?? null);
  const { source, captures, epochMs } = loaded;
  const isMuch = source.streams.length >= MANY_STREAMS;
  // Signatures are of runs, and runs are small.
  await using threads = isMuch && !run ? new ListenerThreads() : null;
  const rest = await analyzeField(source, shelves, {
    ...(threads && { listeners: threads }),
    ...(options.buffer !== undefined && { bufferMs: options.buffer }),
    ...(run && { keysOf: run.keysOf }),
    ...(options.wav !== undefined && { record: await startRecording(options.wav) }),
  });
  const { calls, loose, findings } = shelves;
  const analysis = { ...rest, calls, loose, findings };
  return {
    ...analysis,
    epochMs,
    captures,
    exitCode: exitCodeOf(analysis, captures),
    [Symbol.dispose]: () => shelves[Symbol.dispose](),
  };
}

/** What could not be read or judged outranks what was found in the rest, as in a run. */
function exitCodeOf(
  { calls, loose, findings }: FieldAnalysis,
  captures: CaptureAnalysis['captures'],
): number {
  const hasNothing = calls.length === 0 && loose.length === 0;
  if (hasNothing || captures.some(({ problems }) => problems.length > 0)) return ExitCode.invalid;
  for (const { severity } of findings) if (severity === 'fault') return ExitCode.failed;
  return ExitCode.asExpected;
}
