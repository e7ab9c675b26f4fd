import type { Interval } from '../../src/base/statistics.js';
import type { RunResult } from '../../src/verdict/types.js';
import { totalsOf, type DefectRow } from './defect-matrix.js';

/** The matrix as Markdown: a row a scenario or twin, what came first how often, then the sums. */
export function matrixPage(rows: readonly DefectRow[], runs: readonly RunResult[]): string {
  const { twins, healthy, invalid } = totalsOf(rows);
  const labsS = runs
    .flatMap(({ scenarios }) => scenarios)
    .reduce((sum, one) => sum + one.durationMs / 1000, 0);
  const again = runs.flatMap(({ scenarios }) => scenarios).filter(({ earlier }) => earlier).length;
  const wallS = runs.reduce((sum, { wallMs }) => sum + (wallMs ?? NaN) / 1000, 0);
  return [
    '| scenario | planted | must be named | runs | invalid | right | named | came first |',
    '|---|---|---|--:|--:|--:|--:|---|',
    ...rows.map(line),
    '',
    `- Twins: ${twins.caught} of ${twins.judged} caught (${inPercent(twins.caughtShare)}), ${twins.named} rightly named (${inPercent(twins.namedShare)}).`,
    `- Healthy runs: ${healthy.alarms} false alarms in ${healthy.judged} (${inPercent(healthy.alarmShare)}).`,
    `- ${invalid} runs could not be judged; ${again} were measured again because an attempt could not be trusted.`,
    `- ${runs.length} runs of all: ${labsS.toFixed(0)} s of labs in ${wallS.toFixed(0)} s wall clock (${(labsS / wallS).toFixed(1)} at once), ${(wallS / runs.length).toFixed(0)} s a run.`,
    '',
  ].join('\n');
}

function line({ scenario, defect, promised, runs, invalid, right, named, first }: DefectRow): string {
  const came = Object.entries(first)
    .sort(([, a], [, b]) => b - a)
    .map(([code, times]) => `${code} ${times}`);
  const cells = [
    scenario,
    defect ?? '(healthy)',
    promised ?? '(none)',
    runs,
    invalid,
    right,
    named,
    came.join(', '),
  ];
  return `| ${cells.join(' | ')} |`;
}

/** 95 % interval. */
const inPercent = ([low, high]: Interval): string => `${(low * 100).toFixed(1)}–${(high * 100).toFixed(1)} %`;
