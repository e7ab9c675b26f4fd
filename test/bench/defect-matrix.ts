import { wilson, type Interval } from '../../src/base/statistics.js';
import type { RunResult, ScenarioResult } from '../../src/verdict/types.js';

/** Two-sided 95 %. */
const Z = 1.96;

/** What became of one scenario, or of one of its twins, over all runs. */
export interface DefectRow {
  scenario: string;
  /** Null for the healthy one. */
  defect: string | null;
  /** What it must be named; null for the healthy one. */
  promised: string | null;
  runs: number;
  /** Runs that can't be judged: they count neither way. */
  invalid: number;
  /** Twins that failed, or healthy runs that passed. */
  right: number;
  /** Twins whose first diagnosis was the promised one, or healthy runs without any. */
  named: number;
  /** How often each diagnosis came first. */
  first: Record<string, number>;
}

/** Counts over runs, by scenario and twin, in the order of the first run. */
export function defectMatrix(runs: readonly RunResult[]): DefectRow[] {
  const rows = new Map<string, DefectRow>();
  for (const result of runs.flatMap(({ scenarios }) => scenarios)) {
    const scenario = result.id.split('@', 1)[0] ?? result.id;
    const defect = result.defect?.name ?? null;
    const key = JSON.stringify([scenario, defect]);
    const row = rows.get(key) ?? emptyRow(scenario, result);
    rows.set(key, add(row, result));
  }
  return [...rows.values()];
}

const emptyRow = (scenario: string, { defect }: ScenarioResult): DefectRow => ({
  scenario,
  defect: defect?.name ?? null,
  promised: defect?.diagnosis ?? null,
  runs: 0,
  invalid: 0,
  right: 0,
  named: 0,
  first: {},
});

function add(row: DefectRow, { verdict, diagnoses }: ScenarioResult): DefectRow {
  if (verdict === 'invalid') return { ...row, runs: row.runs + 1, invalid: row.invalid + 1 };
  const code = diagnoses[0]?.code ?? null;
  const isRight = verdict === (row.promised === null ? 'pass' : 'fail');
  return {
    ...row,
    runs: row.runs + 1,
    right: row.right + Number(isRight),
    named: row.named + Number(isRight && code === row.promised),
    first: code === null ? row.first : { ...row.first, [code]: (row.first[code] ?? 0) + 1 },
  };
}

export interface DefectTotals {
  twins: { judged: number; caught: number; named: number; caughtShare: Interval; namedShare: Interval };
  /** Healthy runs that did not pass, or that a diagnosis was given for. */
  healthy: { judged: number; alarms: number; alarmShare: Interval };
  invalid: number;
}

/** Sums with Wilson's 95 % intervals. */
export function totalsOf(rows: readonly DefectRow[]): DefectTotals {
  const sum = (some: readonly DefectRow[], of: (row: DefectRow) => number) =>
    some.reduce((total, row) => total + of(row), 0);
  const judged = ({ runs, invalid }: DefectRow) => runs - invalid;
  const [twins, healthy] = [rows.filter((row) => row.defect), rows.filter((row) => !row.defect)];
  const [twinRuns, healthyRuns] = [sum(twins, judged), sum(healthy, judged)];
  const [caught, named] = [sum(twins, ({ right }) => right), sum(twins, (row) => row.named)];
  const alarms = healthyRuns - sum(healthy, (row) => row.named);
  return {
    twins: {
      judged: twinRuns,
      caught,
      named,
      caughtShare: wilson(caught, twinRuns, Z),
      namedShare: wilson(named, twinRuns, Z),
    },
    healthy: { judged: healthyRuns, alarms, alarmShare: wilson(alarms, healthyRuns, Z) },
    invalid: sum(rows, (row) => row.invalid),
  };
}
