import { suggestion } from '../base/nearest.js';
import { VALIDITIES } from '../scenario/certificate-schema.js';
import { InputErrors } from '../scenario/input-errors.js';
import type { LoadedLab } from '../scenario/load-lab.js';
import type { PlannedCertificate } from './planned-lab.js';
import type { Render } from './templates.js';

/** Days from the start of the run. What has run out did so three weeks ago: long enough for nobody to have looked. */
const DAYS: Record<(typeof VALIDITIES)[number], PlannedCertificate['days']> = {
  current: { from: -30, to: 335 },
  expired: { from: -386, to: -21 },
  'not-yet': { from: 1, to: 366 },
};

/** RFC 1123 §2.1: labels of letters, digits and hyphens. */
const HOST = /^(?=.{1,64}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/i;

/**
 * The certificates of a lab, with what a scenario or a defect has set filled in.
 * @throws InputErrors at their place in lab.yaml (exit 64), for what can't be made
 */
export function planCertificates({ lab, file, source }: LoadedLab, render: Render): PlannedCertificate[] {
  return Object.entries(lab.certificates).map(([name, given]) => {
    const [host, issuer, valid] = [given.name, given.issuer, given.valid].map((text) =>
      render(file, text),
    ) as [string, string, string];
    const refuse = (key: string, what: string, fix: string) => {
      const path = ['certificates', name, key];
      throw new InputErrors([source.error({ code: 'CERTIFICATE_INVALID', what, fix, path, at: 'value' })]);
    };
    if (!HOST.test(host))
      refuse(
        'name',
        `"${host}" is no name of a host.`,
        'A certificate is for a host such as carrier-b.test.',
      );
    if (!lab.authorities.includes(issuer))
      refuse(
        'issuer',
        `the lab has no authority "${issuer}".`,
        suggestion(issuer, lab.authorities, 'authorities'),
      );
    if (!isValidity(valid))
      refuse('valid', `"${valid}" says nothing of a time.`, suggestion(valid, [...VALIDITIES], 'validities'));
    return { name, host, issuer, days: DAYS[valid as keyof typeof DAYS] };
  });
}

const isValidity = (text: string): text is keyof typeof DAYS => Object.hasOwn(DAYS, text);
