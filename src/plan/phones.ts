import { createHash } from 'node:crypto';
import { DeadairError, ExitCode } from '../base/errors.js';
import { SIP_PORT } from '../base/ports.js';
import type { Lab, LabNode, TemplateValue } from '../scenario/lab-schema.js';
import type { Topology } from './addresses.js';
import type { PlannedRegistration } from './planned-node.js';
import { nearestAttachment } from './routes.js';

/** What a phone does in a lab that says nothing of it. */
const USUAL = { expiresS: 60, refreshS: 30, retryS: 2 };

/** Each time in vain a phone doubles its pause, up to so many of the first. */
export const LONGEST_RETRY = 8;

/** Secret of a phone in one run: 80 bits from the seed. */
const secretOf = (seed: number, phone: string): string =>
  createHash('sha256').update(`deadair secret\n${seed}\n${phone}`).digest('hex').slice(0, 20);

/** How a phone registers in one run; null for one that doesn't. */
export function planRegistration(
  node: LabNode,
  topology: Topology,
  values: Record<string, TemplateValue>,
  seed: number,
): PlannedRegistration | null {
  if (!node.registers) return null;
  const { with: registrar, extension, 'one-port': onePort } = node.registers;
  const seconds = (name: string, usual: number) => {
    const given = values[`registration-${name}-s`];
    return typeof given === 'number' ? given : usual;
  };
  return {
    extension,
    onePort,
    secret: secretOf(seed, node.name),
    registrar: { node: registrar, address: registrarAddress(node.name, registrar, topology), port: SIP_PORT },
    expiresS: seconds('expires', USUAL.expiresS),
    refreshS: seconds('refresh', USUAL.refreshS),
    retryS: seconds('retry', USUAL.retryS),
  };
}

/** Address at which a phone finds its registrar. */
export function registrarAddress(phone: string, registrar: string, topology: Topology): string {
  const address = nearestAttachment(topology, registrar, phone)?.addresses[0];
  if (address !== undefined) return address;
  throw new DeadairError('REGISTRAR_UNREACHABLE', `${phone} has no way to its registrar ${registrar}.`, {
    exitCode: ExitCode.badInput,
  });
}

/** A phone as config templates see it in `{{#each phones}}`. */
export interface TemplatePhone {
  name: string;
  extension: string;
  secret: string;
  /** Its own number, empty if it has none. */
  number: string;
}

/** The phones of a lab that register. */
export const templatePhones = (lab: Lab, seed: number): TemplatePhone[] =>
  lab.nodes.flatMap(({ name, registers }) =>
    registers
      ? [
          {
            name,
            extension: registers.extension,
            secret: secretOf(seed, name),
            number: lab.numbers[name] ?? '',
          },
        ]
      : [],
  );
