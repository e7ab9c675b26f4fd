import { join } from 'node:path';
import { compilePlans, type CompileOptions } from '../plan/compile.js';
import type { Plan } from '../plan/types.js';
import { silentView } from '../report/live.js';
import { describeScenario } from '../report/mocha.js';
import { defaultRunFolder, runPlans } from '../run.js';
import { findScenarios } from '../scenario/find.js';
import type { ScenarioResult } from '../verdict/types.js';

export interface MochaOptions {
  /** Seed of the run; the same seed gives the same plan. */
  seed?: number;
  /** Twins with a planted bug; by default they run too. */
  defects?: CompileOptions['defects'];
  /** Run folder; a folder a suite is made in it. Default: a new one under reports/. */
  out?: string;
  /** How often a suite whose result is invalid is run again, at most; by default never. */
  again?: number;
}

/**
 * Declares scenarios (files or folders) as mocha suites in the file that calls it: one for each healthy run and each
 * twin, an expectation an `it`. A suite runs its lab when mocha comes to it.
 * @throws InputErrors for files that aren't valid (exit 64), before any suite is declared
 * @example describeScenarios(['scenarios/trunk/carrier-cut.yaml'], { seed: 7 });
 */
export function describeScenarios(paths: readonly string[], options: MochaOptions = {}): void {
  const { seed = 1, defects = 'also', out = defaultRunFolder(seed), again = 0 } = options;
  const plans = findScenarios(paths).flatMap((loaded) =>
    compilePlans(loaded, { seed, defects, runtime: 'auto', emulator: 'wire', repeat: 1 }),
  );
  for (const plan of plans)
    describeScenario({ ...plan, title: plan.scenario.title }, () => runOne(plan, join(out, plan.id), again));
}

async function runOne(plan: Plan, out: string, again: number): Promise<ScenarioResult> {
  const { signal } = new AbortController();
  const run = await runPlans([plan], { out, jobs: 1, again, view: silentView(), signal });
  const [result] = run.scenarios;
  if (!result) throw new Error(`${plan.id} gave no result`);
  return result;
}
