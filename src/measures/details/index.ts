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
import type { CallDetails } from './types.js';

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
    described.push({
      id: call.id,
      ladder: ladderOf(plan, index.sip.get(call.sipCallId) ?? []),
      ...(await earPictures(scenarioFolder, call)),
    });
  }
  return { schemaVersion: 1, calls: described, cited: citedPackets(refs, calls, index) };
}

/** A recording begins when the call was up: left what the caller heard, right the callee. */
async function earPictures(
  scenarioFolder: string,
  call: CallMeasure,
): Promise<Pick<CallDetails['calls'][number], 'caller' | 'callee'>> {
  const up = timeUp(call);
  const { caller, callee } = call.ears ?? {};
  const recording = caller?.recording ?? callee?.recording ?? null;
  if (recording === null || !up) return { caller: null, callee: null };
  const { channels, sampleRate } = await readWav(join(scenarioFolder, recording));
  const picture = (ear: EarMeasure | undefined, channel: number) =>
    ear && ear.recording !== null ? pictureOf(channels[channel]!, sampleRate, up.startMs) : null;
  return { caller: picture(caller, 0), callee: picture(callee, 1) };
}
