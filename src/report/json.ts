import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { DeadairError, ExitCode } from '../base/errors.js';
import { runFiles } from '../runfolder/layout.js';
import type { RunResult, Verdict } from '../verdict/types.js';
import { writeAtomically } from './atomic.js';

const SCHEMA_VERSION: RunResult['schemaVersion'] = 1;

const VERDICTS = ['pass', 'degraded', 'fail', 'invalid'] as const satisfies readonly Verdict[];

/** Only what tells a result from another JSON file: deadair wrote the rest itself. */
const envelope = z.looseObject({
  schemaVersion: z.int().positive(),
  startedAt: z.string(),
  scenarios: z.array(z.looseObject({ id: z.string(), verdict: z.enum(VERDICTS) })),
});

/** Writes `result.json` into the run folder, atomically. */
export async function writeResult(runFolder: string, run: RunResult): Promise<void> {
  await writeAtomically(runFiles(runFolder).result, `${JSON.stringify(run, null, 2)}\n`);
}

/**
 * Reads `result.json` of a run folder.
 * @throws DeadairError (exit 64) RESULT_MISSING, RESULT_UNREADABLE (not JSON, or not a result), RESULT_TOO_NEW.
 */
export async function readResult(runFolder: string): Promise<RunResult> {
  const path = runFiles(runFolder).result;
  const json = parse(await read(path), path);
  const version = z.looseObject({ schemaVersion: z.int() }).safeParse(json);
  if (version.success && version.data.schemaVersion > SCHEMA_VERSION)
    throw badResult(
      'RESULT_TOO_NEW',
      `${path} has schema version ${version.data.schemaVersion}, this deadair reads up to ${SCHEMA_VERSION}.`,
      'Use the deadair that wrote it, or a newer one.',
    );
  const checked = envelope.safeParse(json);
  if (!checked.success)
    throw badResult(
      'RESULT_UNREADABLE',
      `${path} is not a deadair result: ${checked.error.issues.map(({ path: key, message }) => `${key.join('.') || 'it'}: ${message}`).join('; ')}.`,
      'Point at the folder of a run; "deadair analyze RUN" writes its result anew.',
    );
  return json as RunResult;
}

async function read(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw badResult(
      'RESULT_MISSING',
      `there is no result at ${path}.`,
      'Point at the folder of a finished run; "deadair analyze RUN" judges one that was cut short.',
      cause,
    );
  }
}

function parse(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw badResult(
      'RESULT_UNREADABLE',
      `${path} is not JSON.`,
      '"deadair analyze RUN" writes it anew.',
      cause,
    );
  }
}

const badResult = (code: string, what: string, fix: string, cause?: unknown) =>
  new DeadairError(code, what, { exitCode: ExitCode.badInput, fix, cause });
