import { count } from '../base/count.js';
import type { EvidenceRef } from '../evidence/types.js';
import type { CallMeasure, EarMeasure } from '../measures/types.js';
import type { PlannedExpectation } from '../plan/planned-expectation.js';
import { CITED } from '../evidence/cite.js';
import { invalid, type Finding } from './finding.js';
import type { ScopedCalls } from './scope.js';
import { figure, satisfies } from './words.js';

type Of<K extends PlannedExpectation['kind']> = Extract<PlannedExpectation, { kind: K }>;

/** Of so many ears the worst may be left out by `p5`. */
const WORST_SHARE = 0.05;

interface Ear extends EarMeasure {
  call: CallMeasure;
  name: 'caller' | 'callee';
}

/** The ears of answered calls that heard their party at all; who never did has no quality, and is told by one-way-audio. */
const earsIn = ({ calls }: ScopedCalls): Ear[] =>
  calls.flatMap((call) =>
    call.ears === null
      ? []
      : (['caller', 'callee'] as const).map((name) => ({ call, name, ...call.ears![name] })),
  );

const citing = (ears: readonly Ear[]): EvidenceRef[] =>
  ears.slice(0, CITED).flatMap(({ call, name, mos, recording }) => {
    const note = `${call.id}: ${mos?.toFixed(2) ?? 'unknown'} at the ${name}`;
    return [
      ...call.evidence.slice(-1).map((ref) => ({ ...ref, note })),
      ...(recording ? [{ file: recording, note }] : []),
    ];
  });

export function judgeQuality({ statistic, bound }: Of<'quality'>, scoped: ScopedCalls): Finding {
  const ears = earsIn(scoped).filter(({ heardShare }) => heardShare !== 0);
  if (ears.length === 0) return invalid(`No answered call${scoped.where} was heard, so none has a quality.`);
  const rated = ears.flatMap((ear) => (ear.mos === null ? [] : [{ ear, mos: ear.mos }]));
  if (rated.length < ears.length)
    return invalid(
      `The quality at ${count(ears.length - rated.length, 'ear')}${scoped.where} can't be known.`,
    );
  const sorted = rated.sort((a, b) => a.mos - b.mos);
  const measured = sorted[statistic === 'min' ? 0 : Math.floor(sorted.length * WORST_SHARE)]?.mos ?? 0;
  return {
    verdict: satisfies(measured, bound) ? 'pass' : 'fail',
    measured,
    summary: `The quality at ${count(rated.length, 'ear')}${scoped.where} was ${figure(measured, 'MOS')} or better${statistic === 'min' ? '' : ' at 95 % of them'}.`,
    evidence: citing(sorted.map(({ ear }) => ear)),
  };
}

export function judgeOffModel({ statistic, bound }: Of<'quality-off-model'>, scoped: ScopedCalls): Finding {
  const ears = earsIn(scoped).filter(({ heardShare }) => heardShare !== 0);
  if (ears.length === 0) return invalid(`No answered call${scoped.where} was heard, so none has a quality.`);
  const off = ears.flatMap((ear) =>
    ear.mos === null || ear.told?.mos == null ? [] : [{ ear, by: Math.abs(ear.mos - ear.told.mos) }],
  );
  if (off.length < ears.length)
    return invalid(
      `What the emulator was told to take from ${count(ears.length - off.length, 'ear')}${scoped.where}, or the quality there, can't be known.`,
    );
  const sorted = off.sort((a, b) => b.by - a.by);
  const mean = off.reduce((sum, { by }) => sum + by, 0) / off.length;
  const measured = statistic === 'mean' ? mean : (sorted[0]?.by ?? 0);
  return {
    verdict: satisfies(measured, bound) ? 'pass' : 'fail',
    measured,
    summary: `The quality at ${count(off.length, 'ear')}${scoped.where} was ${figure(measured, 'MOS')} off the model ${statistic === 'mean' ? 'on average' : 'at most'}, for what the emulator was told to lose.`,
    evidence: citing(sorted.map(({ ear }) => ear)),
  };
}
