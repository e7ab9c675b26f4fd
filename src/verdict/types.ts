import type { EvidenceRef } from '../evidence/types.js';
import type { PowerCycle } from '../measures/power-cycles.js';
import type { Takeover } from '../measures/takeovers.js';
import type { LineMeasure } from '../measures/lines.js';
import type { RegistrationMeasure } from '../measures/registrations.js';
import type {
  CallMeasure,
  DecisionMeasure,
  FailoverMeasure,
  InstrumentMeasure,
  Phase,
} from '../measures/types.js';
import type { PlannedFault } from '../plan/planned-fault.js';
import type { EmulatorName, RuntimeName } from '../plan/types.js';
import type { FaultProof } from '../runfolder/journal.js';

export type Verdict = 'pass' | 'degraded' | 'fail' | 'invalid';

export interface ExpectationResult {
  id: string;
  verdict: Verdict;
  /** Null if it could not be measured: then the verdict is `invalid` or, where nothing arriving is itself the failure, `fail`. */
  measured: number | null;
  threshold: string;
  unit: 'ms' | 'calls' | 'share' | 'transitions' | 'MOS';
  /** One sentence in words. */
  summary: string;
  evidence: EvidenceRef[];
}

export interface Diagnosis {
  code: string;
  /** One sentence an operator understands. */
  summary: string;
  /** What to look at next. */
  advice: string;
  evidence: EvidenceRef[];
}

/** 0–100 each, null if it can't be scored. */
export interface Scorecard {
  ringback: number | null;
  audio: number | null;
  failback: number | null;
  overall: number | null;
}

export interface FaultResult {
  id: string;
  kind: PlannedFault['kind'];
  target: string;
  /** `cut blackhole`, in words. */
  title: string;
  plannedAt: number;
  appliedAt: number | null;
  healedAt: number | null;
  /** What the emulator did not quite as asked, a sentence each. */
  approximated: string[];
  /** What the emulator decided by its own log, a direction each; null without a log, or where others' packets are in it. */
  decided: DecisionMeasure[] | null;
  proof: { applied: FaultProof | null; healed: FaultProof | null };
}

/** An attempt to measure a scenario that came to `invalid`. */
export interface EarlierAttempt {
  /** Where its evidence is, below the run folder. */
  folder: string;
  problems: { code: string; summary: string }[];
}

/** One entry of `result.json`; times are ms on the lab axis. */
export interface ScenarioResult {
  id: string;
  title: string;
  story: string;
  /** The scenario's file, so that the report can say how to run it again. */
  file?: string;
  tags: string[];
  /** Name and promised diagnosis of the planted bug, null for a healthy run. */
  defect: { name: string; diagnosis: string } | null;
  verdict: Verdict;
  expected: 'pass' | 'fail';
  /** True if a healthy run passed, or a twin failed and its diagnosis ranks first. */
  asExpected: boolean;
  scorecard: Scorecard;
  expectations: ExpectationResult[];
  diagnoses: Diagnosis[];
  faults: FaultResult[];
  phases: Phase[];
  calls: CallMeasure[];
  /** Phones that register, with each try. */
  registrations: RegistrationMeasure[];
  failover: FailoverMeasure;
  /** Which line each call went by, and how the site moved; absent where there's no choice of lines. */
  lines?: LineMeasure;
  /** Of every node that lost its power and should have come back. */
  powerCycles: PowerCycle[];
  /** Of every node with a shared address that lost its power. */
  takeovers: Takeover[];
  instrument: InstrumentMeasure;
  environment: {
    kernel: string;
    runtime: RuntimeName;
    emulator: EmulatorName;
    /** Why it was this one, in words. */
    emulatorWhy: string;
    seed: number;
    node: string;
    cores: number;
    versions: Record<string, string>;
    /** From the start of the first node until all phones were registered, ms; null if that is not known. */
    readyMs?: number | null;
  };
  durationMs: number;
  /** Attempts before this one, all of them invalid, the first first; absent if there were none. */
  earlier?: EarlierAttempt[];
}

/** `result.json` of a run. */
export interface RunResult {
  schemaVersion: 1;
  startedAt: string;
  /** Null if the run was cut short, and its result made from its folder. */
  wallMs: number | null;
  exitCode: number;
  scenarios: ScenarioResult[];
}
