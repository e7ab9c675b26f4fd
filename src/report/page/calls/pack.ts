import { gzipSync } from 'node:zlib';
import type { CallDetail, CallDetails, EarPicture } from '../../../measures/details/types.js';
import type { CallMeasure } from '../../../measures/types.js';
import type { ScenarioResult } from '../../../verdict/types.js';
import { hasFailed } from '../../figures.js';
import { citationsOf, type Citation } from '../../../verdict/citations.js';
import { citedCall } from './cited-call.js';
import { callView } from './view.js';

const packed = (value: unknown): string => gzipSync(JSON.stringify(value), { level: 9 }).toString('base64');

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
  const packs = scenarios.map(({ calls, details }) => {
    const byId = new Map(details?.calls.map((detail) => [detail.id, detail]));
    return calls.map((call) => packOne(byId.get(call.id)));
  });
  const order = scenarios
    .flatMap(({ calls }, scenario) =>
      calls.map((call, index) => ({ scenario, index, rank: (wentWrong(call) ? 0 : 1e6) + index })),
    )
    .sort((a, b) => a.rank - b.rank || a.scenario - b.scenario);
  let left = roomBytes;
  for (const { scenario, index } of order) {
    const row = packs[scenario];
    const size = row?.[index]?.length ?? 0;
    if (row && size > left) row[index] = null;
    else left -= size;
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
