import { count } from '../../base/count.js';
import type { EvidenceRef } from '../../evidence/types.js';
import { lossesOnWay, type WayLoss } from '../../measures/way-losses.js';
import { figure } from '../words.js';
import { CITED } from '../../evidence/cite.js';
import { isTouchedByFault, type Case, type RankedDiagnosis } from './case.js';

/** Own: fewer than these packets, this share, or these calls, may be anything. */
const LEAST = { packets: 20, share: 0.005, calls: 3 };

interface Hop {
  from: string;
  to: string;
  sent: number;
  missing: number;
  told: number;
  calls: Set<string>;
  evidence: EvidenceRef[];
}

/**
 * UNEXPLAINED_LOSS: between two captures RTP went missing, packet by packet, that no emulator was told to take. Faults that
 * stop all media explain what they stop; of calls that met one nothing is said.
 */
export function diagnoseLoss(subject: Case): RankedDiagnosis[] {
  const stopping = subject.truth.faults.filter(
    ({ fault }) => fault.kind !== 'impair' && fault.kind !== 'replay',
  );
  const without = { ...subject, truth: { ...subject.truth, faults: stopping } };
  const hops = new Map<string, Hop>();
  for (const call of subject.measures.calls) {
    if (call.answeredAt === null || isTouchedByFault(call, without)) continue;
    for (const ear of ['caller', 'callee'] as const)
      for (const loss of lossesOnWay(call, ear, subject.index, subject.measures.told ?? null))
        add(hops, call.id, loss);
  }
  const [worst] = [...hops.values()].filter(isUnexplained).sort((a, b) => unexplained(b) - unexplained(a));
  if (!worst) return [];
  const { from, to, sent, missing, told, calls, evidence } = worst;
  const declared =
    told > 0
      ? `the emulator between them was told to take ${told} of these`
      : 'and nothing between them was told to lose any';
  return [
    {
      code: 'UNEXPLAINED_LOSS',
      rank: 50,
      summary: `Of ${count(sent, 'RTP packet')} seen at ${from}, ${missing} (${figure(missing / sent, 'share')}) never came to ${to}, in ${count(calls.size, 'call')}; ${declared}.`,
      advice: `Look at what is between ${from} and ${to}: drops of interfaces and queues, policers, firewall rules and their counters.`,
      evidence: evidence.slice(0, CITED),
    },
  ];
}

function add(hops: Map<string, Hop>, call: string, loss: WayLoss): void {
  const { from, to, sent, missing, told, evidence } = loss;
  if (told === null) return;
  const key = `${from} → ${to}`;
  const hop = hops.get(key) ?? {
    from,
    to,
    sent: 0,
    missing: 0,
    told: 0,
    calls: new Set<string>(),
    evidence: [],
  };
  hop.sent += sent;
  hop.missing += missing;
  hop.told += told;
  if (missing > told) {
    hop.calls.add(call);
    if (evidence) hop.evidence.push({ ...evidence, note: `${call}: ${evidence.note ?? ''}` });
  }
  hops.set(key, hop);
}

const unexplained = ({ missing, told }: Hop): number => missing - told;

const isUnexplained = (hop: Hop): boolean =>
  unexplained(hop) >= LEAST.packets &&
  unexplained(hop) >= LEAST.share * hop.sent &&
  hop.calls.size >= LEAST.calls;
