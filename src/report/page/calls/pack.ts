import { gzipSync } from 'node:zlib';
import type { CallDetail, CallDetails, EarPicture } from '../../../measures/details/types.js';
import type { CallMeasure } from '../../../measures/types.js';
import type { ScenarioResult } from '../../../verdict/types.js';
import { hasFailed } from '../../figures.js';
import { citationsOf, type Citation } from '../../../verdict/citations.js';
import { citedCall } from './cited-call.js';
import { callView } from './view.js';

/** As a page's script unpacks it. */
export const packed = (value: unknown): string => gzipSync(JSON.stringify(value)).toString('base64');

/** Views of all calls of a scenario, in the order of its result. */
export function packViews(result: ScenarioResult, details: CallDetails | null): string {
  const byId = new Map(details?.calls.map((detail) => [detail.id, detail]));
  const callOf = citedCall(result.calls, details);
  const cited = result.calls.map((): Citation[] => []);
  for (const citation of citationsOf(result)) {
    const index = callOf(citation.ref);
    if (index !== null) cited[index]?.push(citation);
  }
  return packed(
    result.calls.map((call, index) => callView(result, call, byId.get(call.id) ?? null, cited[index] ?? [])),
  );
}

type Pictures = [caller: EarPicture | null, callee: EarPicture | null];

/**
 * The pictures of all calls of a run, as many as there is room for, for each scenario in the order of its calls. Where not all
 * fit, calls in which something went wrong go first, then those of every scenario in turn.
 * @param roomBytes for all of them together
 */
export function packPictures(
  scenarios: readonly { calls: readonly CallMeasure[]; details: CallDetails | null }[],
  roomBytes: number,
): (string | null)[][] {
  const packs = scenarios.map(({ calls }) => calls.map((): string | null => null));
  const order = scenarios
    .flatMap(({ calls, details }, scenario) => {
      const byId = new Map(details?.calls.map((detail) => [detail.id, detail]));
      return calls.map((call, index) => ({
        scenario,
        index,
        bad: wentWrong(call),
        detail: byId.get(call.id),
      }));
    })
    .sort((a, b) => Number(b.bad) - Number(a.bad) || a.index - b.index || a.scenario - b.scenario);
  let leftBytes = roomBytes;
  for (const { scenario, index, detail } of order) {
    const pack = packOne(detail);
    if (pack === null) continue;
    leftBytes -= pack.length;
    if (leftBytes < 0) break;
    packs[scenario]![index] = pack;
  }
  return packs;
}

function packOne(detail: CallDetail | undefined): string | null {
  if (!detail || (detail.caller === null && detail.callee === null)) return null;
  const pictures: Pictures = [detail.caller, detail.callee];
  return packed(pictures);
}

const wentWrong = (call: CallMeasure): boolean =>
  hasFailed(call) ||
  call.oneWay !== false ||
  call.deadAir !== false ||
  (call.ears !== null && [call.ears.caller, call.ears.callee].some(({ outages }) => outages.length > 0));
