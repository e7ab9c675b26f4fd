import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { z } from 'zod';
import type { CallDetails } from '../measures/details/types.js';
import { scenarioFiles } from '../runfolder/layout.js';
import type { ScenarioResult } from '../verdict/types.js';
import type { ScenarioExtras } from './page/calls/store.js';
import { evidenceLink } from './page/evidence-link.js';

/** Only what tells it from another JSON file: deadair wrote the rest itself. */
const envelope = z.looseObject({
  schemaVersion: z.literal(1),
  calls: z.array(z.looseObject({ id: z.string(), ladder: z.array(z.unknown()) })),
  cited: z.array(z.unknown()),
});

/**
 * What a scenario's folder has for its calls' pages. A run that an older deadair judged, or whose folder is not there, has none:
 * its report is written without.
 */
export async function readExtras(
  scenarioFolder: string,
  result: ScenarioResult,
  embedAudio: boolean,
): Promise<ScenarioExtras> {
  const text = await readFile(scenarioFiles(scenarioFolder).callDetails, 'utf8').catch(() => null);
  return {
    details: text === null ? null : parse(text),
    audio: embedAudio ? await recordings(scenarioFolder, result) : {},
  };
}

function parse(text: string): CallDetails | null {
  try {
    const json: unknown = JSON.parse(text);
    return envelope.safeParse(json).success ? (json as CallDetails) : null;
  } catch {
    return null;
  }
}

/** Those that are there. */
async function recordings(
  scenarioFolder: string,
  { id, calls }: ScenarioResult,
): Promise<ScenarioExtras['audio']> {
  const audio: Record<string, string> = {};
  const files = calls.flatMap(({ ears }) => ears?.caller.recording ?? ears?.callee.recording ?? []);
  for (const file of files) {
    const bytes = await readFile(join(scenarioFiles(scenarioFolder).audio, basename(file))).catch(() => null);
    if (bytes) audio[evidenceLink(id, { file }).href] = (await promisify(gzip)(bytes)).toString('base64');
  }
  return audio;
}
