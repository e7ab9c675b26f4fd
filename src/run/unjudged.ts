import { NO_FAILOVER } from '../measures/failover.js';
import type { Plan } from '../plan/types.js';
import type { DeadairError } from '../base/errors.js';
import type { ScenarioResult } from '../verdict/types.js';

/** The result of a scenario that could not be judged, or never ran: invalid, with the reason, and nothing measured. */
export function unjudged(plan: Plan, why: DeadairError): ScenarioResult {
  const { scenario, defect, expected, seed, runtime, emulator, emulatorWhy } = plan;
  return {
    id: plan.id,
    file: scenario.file,
    title: scenario.title,
    story: scenario.story,
    tags: scenario.tags,
    defect: defect && { name: defect.name, diagnosis: defect.diagnosis },
    verdict: 'invalid',
    expected,
    asExpected: false,
    scorecard: { ringback: null, audio: null, failback: null, overall: null },
    expectations: [],
    diagnoses: [],
    faults: [],
    phases: [],
    calls: [],
    registrations: [],
    failover: NO_FAILOVER,
    powerCycles: [],
    takeovers: [],
    instrument: {
      pacingP99Ms: null,
      problems: [{ code: why.code, summary: why.message, evidence: [] }],
    },
    environment: {
      kernel: 'unknown',
      runtime,
      emulator,
      emulatorWhy,
      seed,
      node: process.version,
      cores: 0,
      versions: {},
    },
    durationMs: 0,
  };
}
