import { styleText } from 'node:util';
import type { EvidenceRef } from '../evidence/types.js';
import type { Listed } from '../measures/field/listed.js';
import type { FieldCall, Finding, LooseMedia } from '../measures/field/types.js';
import { callText, looseText } from './field-call.js';
import type { FieldReport } from './field-json.js';
import { WIDTH, wrapped } from './field-lines.js';
import { heardWord } from './field-media.js';
import { printable, seconds } from './text.js';

/** With more calls than this, only those asked for are told in full. */
const MOST_IN_FULL = 5;
const MOST_LOOSE = 10;
const MOST_CITED = 4;
/** Findings of one kind that are told one by one. */
const MOST_ALIKE = 5;

export interface FieldTextOptions {
  colour: boolean;
  /** Numbers of the calls to tell in full; by default all, if they are few. */
  calls: readonly number[];
}

/** A field analysis for a terminal, no line over 100 columns. */
export function fieldText(report: FieldReport, options: FieldTextOptions): string {
  const { calls, loose } = report;
  const areFew = calls.length <= MOST_IN_FULL;
  const isFull = ({ number }: FieldCall) =>
    options.calls.length > 0 ? options.calls.includes(number) : areFew;
  const table = [cells(COLUMNS.map(([title]) => title))];
  const full: string[] = [];
  for (const call of calls) {
    table.push(cells(rowOf(call)));
    if (isFull(call)) full.push(...callText(call));
  }
  return [
    ...captureLines(report),
    '',
    ...(calls.length > 0 ? [...table, ''] : ['No calls were found in it.', '']),
    ...full,
    ...(options.calls.length === 0 && !areFew ? ['--call N tells one of them in full.', ''] : []),
    ...looseLines(loose),
    ...(loose.length > MOST_LOOSE
      ? [`… and ${loose.length - MOST_LOOSE} more pairs of addresses with media of no call.`, '']
      : []),
    ...findingLines(report.findings, options.colour),
    `exit ${report.exitCode}: ${exitText(report)}`,
    '',
  ]
    .map((line) => line.trimEnd())
    .join('\n');
}

function captureLines({ captures, epochMs, span, clocks, otherSip }: FieldReport): string[] {
  const began =
    epochMs === null
      ? ''
      : `, times are from ${new Date(epochMs).toISOString().replace('T', ' ').replace('Z', ' UTC')}`;
  const lasts = span
    ? `${seconds(span.endMs - span.startMs)} of calls and media${began}`
    : 'no calls, no media';
  const other = Object.entries(otherSip).map(([method, n]) => `${n} × ${printable(method)}`);
  return [
    ...captures.flatMap(({ file, frames, problems }) => [
      `${printable(file)}: ${frames} frames`,
      ...problems.flatMap((problem) => wrapped(`! ${printable(problem)}`, 2)),
    ]),
    lasts,
    ...clocks.map(
      ({ file, aheadMs, messages }) =>
        `the clock of ${printable(file)} was ${seconds(aheadMs)} ahead (by ${messages} messages); corrected`,
    ),
    ...(other.length > 0 ? [`SIP outside of calls: ${other.join(', ')}`] : []),
  ];
}

const COLUMNS: [title: string, width: number, right: boolean][] = [
  ['call', 5, true],
  ['from', 14, false],
  ['to', 14, false],
  ['status', 6, true],
  ['ring', 7, true],
  ['answer', 7, true],
  ['up', 7, true],
  ['ended by', 8, false],
  ['caller', 10, false],
  ['callee hears', 12, false],
];

function looseLines(loose: Iterable<LooseMedia>): string[] {
  const lines: string[] = [];
  let number = 0;
  for (const one of loose) {
    number++;
    if (number > MOST_LOOSE) break;
    lines.push(...looseText(one, number));
  }
  return lines;
}

function rowOf(call: FieldCall): string[] {
  const sinceInvite = (at: number | null) =>
    at === null || call.inviteAt === null ? '–' : seconds(at - call.inviteAt);
  return [
    String(call.number),
    printable(call.from ?? '?'),
    printable(call.to ?? '?'),
    String(call.finalStatus ?? '–'),
    sinceInvite(call.ringbackAt),
    sinceInvite(call.answeredAt),
    call.answeredAt === null || call.endedAt === null ? '–' : seconds(call.endedAt - call.answeredAt),
    call.endedBy ?? '–',
    heardWord(call.ears.caller),
    heardWord(call.ears.callee),
  ];
}

const cells = (texts: readonly string[]): string => texts.map(cell).join(' ').slice(0, WIDTH);

function cell(text: string, column: number): string {
  const [, width, right] = COLUMNS[column]!;
  const fitted = text.length <= width ? text : `${text.slice(0, width - 1)}…`;
  return right ? fitted.padStart(width) : fitted.padEnd(width);
}

function findingLines(findings: Listed<Finding>, colour: boolean): string[] {
  if (findings.length === 0) return ['Nothing found.', ''];
  const lines: string[] = ['Findings'];
  const told = new Map<string, number>();
  for (const finding of findings) {
    const { code, severity, calls, summary, evidence } = finding;
    const before = told.get(code) ?? 0;
    told.set(code, before + 1);
    if (before >= MOST_ALIKE) continue;
    const title = `  ${severity === 'fault' ? '✘' : '·'} ${code}${calls.length === 1 ? `, call ${calls[0]}` : ''}`;
    lines.push(
      colour ? styleText(severity === 'fault' ? 'red' : 'dim', title, { validateStream: false }) : title,
    );
    lines.push(
      ...wrapped(printable(summary), 4),
      ...wrapped(evidence.slice(0, MOST_CITED).map(frameText).join('; '), 6),
    );
  }
  for (const [code, n] of told) if (n > MOST_ALIKE) lines.push(`  … and ${n - MOST_ALIKE} more ${code}`);
  return [...lines, ''];
}

const frameText = ({ file, frame, note }: EvidenceRef): string =>
  printable(`${file} frame ${frame ?? '?'}${note === undefined ? '' : ` (${note})`}`);

function exitText({ exitCode, calls, loose }: FieldReport): string {
  if (exitCode === 0) return 'nothing wrong was found';
  if (exitCode === 1) return 'something is wrong: see the findings';
  return calls.length + loose.length === 0
    ? 'there is nothing in it to judge'
    : 'a part of the captures could not be read: see the lines with !';
}
