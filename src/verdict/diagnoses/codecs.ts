import { count } from '../../base/count.js';
import { cite } from '../../evidence/cite.js';
import { hasCodecMismatch, isCodecRefusal } from '../../measures/call-codecs.js';
import { primaryTrunk } from '../../measures/path.js';
import type { CallMeasure } from '../../measures/types.js';
import type { SipMessage } from '../../evidence/types.js';
import { CITED } from '../../evidence/cite.js';
import type { Case, RankedDiagnosis } from './case.js';

/** Calls that make it more than one call's bad luck (own). */
const KEPT = 2;

/** A call was refused on this trunk for its codecs, or got packets there that a party never said it can play. */
const isWrongOn = (call: CallMeasure, trunk: string): boolean =>
  call.attempts.some((tried) => tried.trunk === trunk && isCodecRefusal(tried.status)) ||
  (call.answeredAt !== null && call.trunk === trunk && hasCodecMismatch(call));

/**
 * CODEC_MISMATCH_ON_BACKUP: by a backup most calls find no codec that both ends speak, or get a wrong one, and by the primary
 * they have one.
 */
export function diagnoseCodecs({ plan, measures, index }: Case): RankedDiagnosis[] {
  const primary = primaryTrunk(plan)?.name;
  const on = (trunk: string) =>
    measures.calls.filter(({ attempts }) => attempts.some((tried) => tried.trunk === trunk));
  if (primary === undefined || on(primary).some((call) => isWrongOn(call, primary))) return [];
  return plan.lab.trunks.slice(1).flatMap(({ name, addresses }): RankedDiagnosis[] => {
    const tried = on(name);
    const wrong = tried.filter((call) => isWrongOn(call, name));
    if (wrong.length < KEPT || wrong.length * 2 <= tried.length) return [];
    const messages = wrong.flatMap(({ sipCallId }) => index.sip.get(sipCallId) ?? []);
    const offers = messages.filter(
      ({ method, status, dst, sdp }) =>
        method === 'INVITE' && status === null && sdp && addresses.includes(dst.address),
    );
    const refusals = messages.filter(
      ({ method, status, src }) =>
        method === 'INVITE' && isCodecRefusal(status) && addresses.includes(src.address),
    );
    const offered = codecsIn(offers);
    const statuses = [...new Set(refusals.map(({ status }) => status))].join(', ');
    const refused = wrong.filter(({ attempts }) =>
      attempts.some(({ status }) => isCodecRefusal(status)),
    ).length;
    const strange = wrong.length - refused;
    return [
      {
        code: 'CODEC_MISMATCH_ON_BACKUP',
        rank: 9,
        summary: `${wrong.length} of ${count(tried.length, 'call')} by ${name} found no codec: ${[
          ...(refused > 0 ? [`${offered} was offered, and ${refused} were refused with ${statuses}`] : []),
          ...(strange > 0 ? [`in ${strange} a party got packets of a codec that it never announced`] : []),
        ].join('; ')}. By ${primary} they had one.`,
        advice: `Ask what the carrier of ${name} speaks, and let the SBC offer that too, or transcode.`,
        evidence: [
          ...offers.slice(0, 1).map((one) => cite(one, `offers ${codecsIn([one])}`)),
          ...refusals.slice(0, CITED).map((one) => cite(one, `${one.status} ${one.reason ?? ''}`.trim())),
          ...wrong.flatMap(({ codecs }) => codecs?.evidence.slice(0, 1) ?? []).slice(0, CITED),
        ],
      },
    ];
  });
}

const codecsIn = (offers: readonly SipMessage[]): string =>
  [...new Set(offers.flatMap(({ sdp }) => sdp?.payloads.map(({ codec }) => codec) ?? []))].join(', ');
