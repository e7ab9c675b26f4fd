import { count } from '../../base/count.js';
import type { DigitChannel, DigitsMeasure } from '../../measures/digits.js';
import { primaryTrunk } from '../../measures/path.js';
import type { CallMeasure } from '../../measures/types.js';
import { CITED } from '../../evidence/cite.js';
import { citeLast } from '../cite-calls.js';
import { isTouchedByFault, type Case, type RankedDiagnosis } from './case.js';

type DialledCall = CallMeasure & { digits: DigitsMeasure & { read: string } };

const NAMES: Record<DigitChannel, string> = {
  rfc4733: 'RFC 4733 events',
  info: 'SIP INFO',
  inband: 'tones in the band',
};

const isRead = ({ digits: { sent, read } }: DialledCall): boolean => read === sent;

/**
 * DTMF_MISMATCH_ON_BACKUP: digits by a backup are not read, and by the primary they are. DIGITS_NOT_READ: digits get lost
 * for no such reason.
 */
export function diagnoseDigits(subject: Case): RankedDiagnosis[] {
  const calls = subject.measures.calls.filter(
    (call): call is DialledCall => call.digits !== null && call.digits.read !== null,
  );
  const primary = primaryTrunk(subject.plan)?.name;
  const onPrimary = calls.filter(({ trunk }) => trunk === primary);
  const primaryReads = onPrimary.filter(isRead).length * 2 > onPrimary.length;
  const mismatches = subject.plan.lab.trunks.slice(1).flatMap(({ name }): RankedDiagnosis[] => {
    const onBackup = calls.filter(({ trunk }) => trunk === name);
    const unread = onBackup.filter((call) => !isRead(call));
    if (!primaryReads || unread.length * 2 <= onBackup.length) return [];
    return [
      {
        code: 'DTMF_MISMATCH_ON_BACKUP',
        rank: 12,
        summary: `The digits of ${unread.length} of ${count(onBackup.length, 'call')} by ${name} were not read at the far end: ${becomings(unread)}. By ${primary} they were read.`,
        advice: `Compare how digits are sent and read on ${name} with ${primary}: telephone-event in both SDPs, and the DTMF mode of the trunk.`,
        evidence: citeDigits(unread),
      },
    ];
  });
  if (mismatches.length > 0) return mismatches;
  const unread = calls.filter((call) => !isRead(call) && !isTouchedByFault(call, subject));
  if (unread.length === 0) return [];
  return [
    {
      code: 'DIGITS_NOT_READ',
      rank: 60,
      summary: `The digits of ${unread.length} of ${count(calls.length, 'call')} were not read at the far end: ${becomings(unread)}.`,
      advice:
        'Compare how the caller sends digits with what the far end offers in its SDP, and follow both through.',
      evidence: citeDigits(unread),
    },
  ];
}

/** What became of digits: each different fate once. */
const becomings = (calls: readonly DialledCall[]): string =>
  [...new Set(calls.map(({ digits }) => becoming(digits)))].join('; and ');

function becoming({ by, reads, read, sent, arrived }: DialledCall['digits']): string {
  const came = (Object.keys(NAMES) as DigitChannel[]).filter((channel) => arrived[channel] !== '');
  const how =
    came.length === 0
      ? 'nothing arrived'
      : `they arrived as ${came.map((channel) => NAMES[channel]).join(' and ')}`;
  const far = reads === null ? '' : `, and the far end reads ${NAMES[reads]}`;
  const partly = read === '' || read === sent ? '' : `, of which it read ${read}`;
  return `they were sent as ${NAMES[by]}, ${how}${far}${partly}`;
}

const citeDigits = (calls: readonly DialledCall[]) =>
  calls
    .slice(0, CITED)
    .flatMap((call) =>
      call.digits.evidence.length > 0
        ? call.digits.evidence.slice(0, 2)
        : citeLast(call, 'had no digit that was seen to arrive'),
    );
