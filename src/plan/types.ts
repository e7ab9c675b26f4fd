import type { PlannedExpectation } from './planned-expectation.js';
import type { PlannedFault } from './planned-fault.js';
import type { PlannedCall, PlannedFlow } from './planned-flow.js';
import type { PlannedLab } from './planned-lab.js';

/**
 * A plan is everything that a run needs, worked out beforehand from scenario + lab + defect + seed, and written to
 * `plan.json`. It is pure data. Times named `…Ms` are milliseconds on the lab axis, whose zero (the *epoch*) is
 * the moment at which traffic starts; durations are milliseconds too.
 */
export interface Plan {
  schemaVersion: 1;
  /** Folder of this run inside the run folder: `carrier-cut`, or `carrier-cut@sbc-without-probing` for a twin. */
  id: string;
  scenario: { id: string; title: string; story: string; tags: string[]; file: string };
  /** The planted bug, or null for the healthy run. */
  defect: { name: string; description: string; diagnosis: string } | null;
  /** A healthy run is expected to pass; a twin to fail with `defect.diagnosis`. */
  expected: 'pass' | 'fail';
  /** 32-bit unsigned. */
  seed: number;
  runtime: RuntimeName;
  emulator: EmulatorName;
  /** Why it is this one, in words. */
  emulatorWhy: string;
  lab: PlannedLab;
  flows: PlannedFlow[];
  /** In order of their planned start. */
  calls: PlannedCall[];
  /** In order of `atMs`; repeated faults are written out one by one. */
  faults: PlannedFault[];
  /** New calls are placed from 0 to here; calls up then are followed until they end. */
  trafficMs: number;
  expectations: PlannedExpectation[];
}

export type RuntimeName = 'netns' | 'docker';

export type EmulatorName = 'wire' | 'netem';
