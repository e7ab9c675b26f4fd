import type { CallDetails } from '../../../measures/details/types.js';
import type { FaultResult, RunResult } from '../../../verdict/types.js';
import { printable } from '../../text.js';
import type { CallMarkup } from './markup.js';
import { packed, packPictures, packViews } from './pack.js';

/** What the reports keep of a scenario beside its result; null where there is none. */
export interface ScenarioExtras {
  details: CallDetails | null;
  /** WAV files by their links: gzipped, in base64. */
  audio: Readonly<Record<string, string>>;
}

/** Pictures fill a page without audio up to this; it should not be larger than 5 MB. */
const PAGE_BYTES = 4.4e6;

/** What a page carries of one scenario's calls; its script reads it when the first of them is asked for. */
interface CallStore {
  /** CallView[], packed. */
  views: string;
  /** For each call `[caller, callee]`, packed; null where there is none, or no room for it. */
  pictures: (string | null)[];
  audio: ScenarioExtras['audio'];
  /** CallMarkup, packed; null where the page has it as it is. */
  markup: string | null;
  faults: [fromMs: number, toMs: number, label: string][];
}

/**
 * The data of all call pages as JSON texts without a single `<`, a scenario each, in the order of the run.
 * @param extras in the same order
 * @param pageBytes of the page without them
 * @param markup of each scenario that the page has not as it is; empty if it has
 */
export function callStores(
  run: RunResult,
  extras: readonly ScenarioExtras[],
  pageBytes: number,
  markup: readonly CallMarkup[],
): string[] {
  const all = run.scenarios.map((result, index) => ({ result, ...(extras[index] ?? NO_EXTRAS) }));
  const views = all.map(({ result, details }) => packViews(result, details));
  const packedMarkup = markup.map(packed);
  const packedBytes = [...views, ...packedMarkup].reduce((sum, { length }) => sum + length, 0);
  const roomBytes = PAGE_BYTES - pageBytes - packedBytes;
  const pictures = packPictures(
    all.map(({ result: { calls }, details }) => ({ calls, details })),
    roomBytes,
  );
  return all.map(({ result, audio }, index) => {
    const store: CallStore = {
      views: views[index] ?? '',
      pictures: pictures[index] ?? [],
      audio,
      markup: packedMarkup[index] ?? null,
      faults: result.faults.flatMap(bandOf),
    };
    return JSON.stringify(store).replaceAll('<', '\\u003c');
  });
}

export const NO_EXTRAS: ScenarioExtras = { details: null, audio: {} };

/** One that never took hold, or was never taken back, has no such edge: it is shown from its plan, and to the end. */
const bandOf = ({ appliedAt, plannedAt, healedAt, title, target }: FaultResult): CallStore['faults'] => [
  [appliedAt ?? plannedAt, healedAt ?? Number.MAX_SAFE_INTEGER, printable(`${title} · ${target}`)],
];
