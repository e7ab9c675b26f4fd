import type { CallDetails } from '../../../measures/details/types.js';
import type { FaultResult, RunResult } from '../../../verdict/types.js';
import { printable } from '../../text.js';
import { packPictures, packViews } from './pack.js';

/** What the reports keep of a scenario beside its result; null where there is none. */
export interface ScenarioExtras {
  details: CallDetails | null;
  /** WAV files by their links: gzipped, in base64. */
  audio: Readonly<Record<string, string>>;
}

/** A page without audio should not be larger than this. */
const PAGE_BYTES = 4.9e6;

/** What a page carries of one scenario's calls; its script reads it when the first of them is asked for. */
interface CallStore {
  /** CallView[], packed. */
  views: string;
  /** For each call `[caller, callee]`, packed; null where there is none, or no room for it. */
  pictures: (string | null)[];
  audio: ScenarioExtras['audio'];
  faults: [fromMs: number, toMs: number, label: string][];
}

/**
 * The data of all call pages as JSON texts without a single `<`, a scenario each, in the order of the run.
 * @param extras in the same order
 * @param pageBytes of the page without them
 */
export function callStores(run: RunResult, extras: readonly ScenarioExtras[], pageBytes: number): string[] {
  const all = run.scenarios.map((result, index) => ({ result, ...(extras[index] ?? NO_EXTRAS) }));
  const views = all.map(({ result, details }) => packViews(result, details));
  const roomBytes = PAGE_BYTES - pageBytes - views.reduce((sum, { length }) => sum + length, 0);
  const pictures = packPictures(
    all.map(({ result: { calls }, details }) => ({ calls, details })),
    roomBytes,
  );
  return all.map(({ result, audio }, index) => {
    const store: CallStore = {
      views: views[index] ?? '',
      pictures: pictures[index] ?? [],
      audio,
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
