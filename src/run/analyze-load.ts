import { stat } from 'node:fs/promises';
import { DeadairError, ExitCode } from '../base/errors.js';
import { indexCaptures, type CaptureIndex } from '../evidence/field-index.js';
import { shiftedSource, sourceOf, type FieldSource } from '../measures/field/source.js';

/** What captures show, and when they begin. */
export interface LoadedCaptures extends Disposable {
  source: FieldSource;
  captures: CaptureIndex['captures'];
  /** Wall clock of time 0, ms since 1970; null if there is no frame. */
  epochMs: number | null;
}

/**
 * Reads captures that nobody planned. Time 0 is the earliest frame, unless `axis` says where the wall clock is on the
 * lab axis. The source can be read until it's disposed of.
 * @throws DeadairError (exit 64) CAPTURE_MISSING, CAPTURE_UNREADABLE for what isn't a capture
 */
export async function loadCaptures(
  paths: readonly string[],
  axis: ((wallMs: number) => number) | null,
): Promise<LoadedCaptures> {
  for (const path of paths) await checkFile(path);
  const index = await indexCaptures(paths);
  const { captures, startWallMs } = index;
  const source = sourceOf(index);
  const laterMs = axis ? axis(startWallMs) : 0;
  return {
    source: axis ? shiftedSource(source, () => laterMs) : source,
    captures,
    [Symbol.dispose]: () => index[Symbol.dispose](),
    epochMs: captures.some(({ frames }) => frames > 0) ? startWallMs - laterMs : null,
  };
}

async function checkFile(path: string): Promise<void> {
  const isFile = await stat(path).then(
    (found) => !found.isDirectory(),
    () => null,
  );
  if (isFile === true) return;
  throw new DeadairError('CAPTURE_MISSING', `${path} ${isFile === null ? "isn't there" : 'is a folder'}.`, {
    exitCode: ExitCode.badInput,
    fix: 'Name capture files (pcap, pcapng), or the folder of one run alone.',
  });
}
