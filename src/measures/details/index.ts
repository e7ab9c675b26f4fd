import { join } from 'node:path';
import type { Evidence, EvidenceRef } from '../../evidence/types.js';
import { readWav } from '../../evidence/wav.js';
import type { Plan } from '../../plan/types.js';
import { indexCalls } from '../calls.js';
import { timeUp } from '../ears.js';
import type { CallMeasure, EarMeasure } from '../types.js';
import { citedPackets } from './cited.js';
import { ladderOf } from './ladder.js';
import { pictureOf } from './picture.js';
import type { CallDetails, EarPicture } from './types.js';

/**
 * What the page of each call shows: its messages, and pictures of what its recordings hold.
 * @param calls as they were measured, their recordings in the scenario's folder
 * @param refs everything that is cited of the scenario
 * @throws WAV_UNREADABLE
 */
export async function describeCalls(
  scenarioFolder: string,
  plan: Plan,
  evidence: Evidence,
  calls: readonly CallMeasure[],
  refs: readonly EvidenceRef[],
): Promise<CallDetails> {
  const index = indexCalls(plan, evidence);
  const described: CallDetails['calls'] = [];
  for (const call of calls) {
    const picture = (ear: EarMeasure | undefined) => earPicture(scenarioFolder, call, ear);
    described.push({
      id: call.id,
      ladder: ladderOf(plan, index.sip.get(call.sipCallId) ?? []),
      caller: await picture(call.ears?.caller),
      callee: await picture(call.ears?.callee),
    });
  }
  return { schemaVersion: 1, calls: described, cited: citedPackets(refs, calls, index) };
}

/** A recording begins when the call was up. */
async function earPicture(
  scenarioFolder: string,
  call: CallMeasure,
  ear: EarMeasure | undefined,
): Promise<EarPicture | null> {
  const up = timeUp(call);
  if (!ear || ear.recording === null || !up) return null;
  const { samples, sampleRate } = await readWav(join(scenarioFolder, ear.recording));
  return pictureOf(samples, sampleRate, up.startMs);
}
