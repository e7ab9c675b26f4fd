import { z } from 'zod';
import { name } from './quantities.js';

/** How a certificate's time stands at the start of a run. */
export const VALIDITIES = ['current', 'expired', 'not-yet'] as const;

/** A certificate that is made anew for each run, with its key. Each value is a template, so that a defect can plant it. */
const certificateSchema = z
  .strictObject({
    name: z.string().describe('The host that it is for, such as carrier-b.test; a template'),
    issuer: z.string().describe('One of the authorities, which signs it; a template'),
    valid: z
      .string()
      .default('current')
      .describe(`${VALIDITIES.join(', ')}: how its time stands when the run starts; a template`),
  })
  .describe('A certificate of a host');

/** Keys of the lab. */
export const certificatesOfLab = {
  authorities: z
    .array(name('an authority'), { error: 'a list of authorities' })
    .default([])
    .describe('Certificate authorities, made anew for each run'),
  certificates: z
    .record(name('a certificate'), certificateSchema)
    .default({})
    .describe('Certificates that are made for each run; their keys are never written to the run folder'),
};

/** Keys of a node. */
export const certificatesOfNode = {
  certificates: z
    .array(z.string(), { error: 'a list of certificates of the lab' })
    .default([])
    .describe(
      'Certificates of the lab that it has: /run/node/configs/<name>.crt, and the key at /run/certificates/<name>.key',
    ),
  trusts: z
    .array(z.string(), { error: 'a list of authorities of the lab' })
    .default([])
    .describe('Authorities of the lab whose certificate it has, at /run/node/configs/<name>.crt'),
};
