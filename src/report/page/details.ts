import type { EvidenceRef } from '../../evidence/types.js';
import type { ProbeSeries } from '../../runfolder/journal.js';
import { figureWords } from '../../runfolder/proof-words.js';
import type { DecisionMeasure } from '../../measures/types.js';
import type { FaultResult, ScenarioResult } from '../../verdict/types.js';
import { cycleRow } from '../power-cycles.js';
import { printable, seconds, withUnit } from '../text.js';
import { earText } from './bars.js';
import type { evidenceLink } from './evidence-link.js';

/** The tables under a timeline, as text. */
export function detailsOf(
  result: ScenarioResult,
  linkTo: (ref: EvidenceRef) => ReturnType<typeof evidenceLink>,
) {
  return {
    expectations: result.expectations.map((expectation) => ({
      id: printable(expectation.id),
      verdict: expectation.verdict,
      measured: withUnit(expectation.measured, expectation.unit),
      threshold: printable(expectation.threshold),
      summary: printable(expectation.summary),
      evidence: expectation.evidence.map(linkTo),
    })),
    faults: result.faults.map(faultRow),
    powerCycles: result.powerCycles.map(cycleRow),
    calls: result.calls.map((call) => ({
      id: printable(call.id),
      trunk: printable(call.trunk ?? 'none'),
      inviteAt: seconds(call.inviteAt),
      ringback: since(call.ringbackAt, call.inviteAt),
      audible: since(call.audibleRingbackAt, call.inviteAt),
      answered: since(call.answeredAt, call.inviteAt),
      endedAt: seconds(call.endedAt),
      status: call.finalStatus === null ? 'none' : String(call.finalStatus),
      caller: call.ears ? printable(earText(call.ears.caller)) : 'not up',
      callee: call.ears ? printable(earText(call.ears.callee)) : 'not up',
      mos: call.ears ? `${mos(call.ears.caller.mos)} / ${mos(call.ears.callee.mos)}` : '',
    })),
    environment: environmentRows(result),
    reproduce: reproduce(result),
  };
}

function faultRow(fault: FaultResult) {
  const { applied, healed } = fault.proof;
  return {
    id: printable(fault.id),
    title: printable(fault.title),
    target: printable(fault.target),
    plannedAt: instant(fault.plannedAt),
    appliedAt: instant(fault.appliedAt),
    healedAt: fault.healedAt === null ? 'not healed' : instant(fault.healedAt),
    approximated: fault.approximated.map(printable),
    decided: (fault.decided ?? []).map(decidedText),
    proofs: [
      { when: 'applied', proof: applied },
      { when: 'healed', proof: healed },
    ].map(({ when, proof }) => ({
      when,
      holds: proof?.holds === true,
      word: proof === null ? 'no proof' : proof.holds ? 'proven' : 'not proven',
      requested: printable(proof?.requested ?? ''),
      reason: printable(proof?.reason ?? ''),
      figures: (proof?.figures ?? []).map((figure) => ({
        holds: figure.holds === true,
        unknown: figure.holds === null,
        text: printable(figureWords(figure)),
      })),
      declared: (proof?.declared ?? []).map(printable),
      impaired: (proof?.impaired ?? []).map(seriesText).join(' · '),
      control: (proof?.control ?? []).map(seriesText).join(' · '),
    })),
  };
}

/** `log of sbc: 1200 frames, 24 lost, delay 40.2 ms (median)` */
function decidedText({ from, frames, delayMs, ...counts }: DecisionMeasure): string {
  const { lost, cut, refused, queueFull, tooLong, unrecorded } = counts;
  const parts: [number, string][] = [
    [lost, 'lost'],
    [cut, 'cut'],
    [refused, 'refused'],
    [queueFull, 'beyond the queue'],
    [tooLong, 'too long'],
    [unrecorded, 'not recorded'],
  ];
  const named = parts.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`);
  const delay = delayMs === null ? [] : [`delay ${delayMs.toFixed(1)} ms (median)`];
  return printable([`log, from ${from}: ${frames} frames`, ...named, ...delay].join(', '));
}

const PROBE_KINDS: Partial<Record<ProbeSeries['kind'], string>> = {
  'too-long': ', longer than the MTU',
  longest: ', as long as the MTU',
  bare: ', without checksum',
};

/** `sbc--carrier-a from sbc, rule 1: 0 of 20` */
function seriesText({ link, from, rule, kind, sent, received, delayMs }: ProbeSeries): string {
  const delay = delayMs === null ? '' : `, ${delayMs.toFixed(1)} ms`;
  const about = `${rule === null ? '' : `, rule ${rule + 1}`}${PROBE_KINDS[kind] ?? ''}`;
  return printable(`${link} from ${from}${about}: ${received} of ${sent}${delay}`);
}

/** To the millisecond: how late a fault was is worth seeing. */
const instant = (atMs: number | null): string =>
  atMs === null ? 'not applied' : `${(atMs / 1000).toFixed(3)} s`;

const since = (at: number | null, from: number | null): string =>
  at === null || from === null ? 'never' : `+${seconds(at - from)}`;

const mos = (value: number | null): string => (value === null ? '–' : value.toFixed(2));

function environmentRows({ environment, instrument, failover, durationMs }: ScenarioResult) {
  const { kernel, runtime, emulator, emulatorWhy, seed, node, cores, versions, readyMs = null } = environment;
  const pacing = instrument.pacingP99Ms;
  const rows: [string, string][] = [
    ['Seed', String(seed)],
    ['Runtime, emulator', `${runtime}, ${emulator} (${emulatorWhy})`],
    ['Kernel', kernel],
    ['Node.js, cores', `${node}, ${cores}`],
    ...Object.entries(versions),
    ['Lab ready for calls after', seconds(readyMs)],
    ['Media pacing, p99', pacing === null ? 'no media' : `${pacing.toFixed(1)} ms`],
    ...(instrument.declared ?? []).map((words): [string, string] => ['Proof of a clear link', words]),
    ['Detection time', seconds(failover.detectionMs)],
    ['Settle time', seconds(failover.settleMs)],
    ['Calls lost', String(failover.callsLost.length)],
    ['Took', seconds(durationMs)],
  ];
  return rows.map(([name, value]) => ({ name: printable(name), value: printable(value) }));
}

/** The command that runs this scenario again with the same plan. */
function reproduce({ id, file, defect, environment }: ScenarioResult): string {
  const path = file ?? `${id.split('@')[0]}.yaml`;
  const { seed, emulator, runtime } = environment;
  const twins = defect ? 'only' : 'none';
  return printable(
    `deadair run ${quoted(path)} --seed ${seed} --emulator ${emulator} --runtime ${runtime} --defects ${twins}`,
  );
}

/** As a word of a POSIX shell. */
const quoted = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
