import { cite } from '../evidence/cite.js';
import type { EvidenceRef, SipMessage } from '../evidence/types.js';
import type { Plan } from '../plan/types.js';

/**
 * A phone came to have another address, as its registrar saw it, than the one it was registered with: its own requests, or those
 * of phones that were registered with the same one, so behind the same router. Calls to it go to where it no longer is.
 */
export interface AddressMove {
  from: string;
  to: string;
  /** First request from the new address. */
  atMs: number;
  /** The registrar accepted a REGISTER from the new address; null if none. */
  registeredAt: number | null;
  /** First request after that from the address of before, with which it was still registered; null if none. */
  backAt: number | null;
  /** The registration of before, the first request from the new address, and the new registration. */
  evidence: EvidenceRef[];
}

/** When the phone could be called again; null if that never came. */
export const reachableAt = ({ registeredAt, backAt }: AddressMove): number | null => {
  const times = [registeredAt, backAt].filter((at) => at !== null);
  return times.length === 0 ? null : Math.min(...times);
};

/** By phone, in order of time. */
export function measureAddressMoves(plan: Plan, sip: readonly SipMessage[]): Map<string, AddressMove[]> {
  const moves = new Map<string, AddressMove[]>();
  const registrars = new Set(
    plan.lab.nodes.flatMap(({ registration }) => registration?.registrar.node ?? []),
  );
  for (const registrar of registrars) {
    const phones = plan.lab.nodes.flatMap(({ name, registration }) =>
      registration?.registrar.node === registrar ? [{ name, extension: registration.extension }] : [],
    );
    const book = new Bindings(phones);
    for (const message of sip) if (message.seen.node === registrar) book.take(message);
    for (const [phone, own] of book.moves) moves.set(phone, own);
  }
  return moves;
}

interface Phone {
  name: string;
  extension: string;
}

/** The addresses that phones are registered with at one registrar, message by message. */
class Bindings {
  readonly moves = new Map<string, AddressMove[]>();
  private readonly bound = new Map<string, { address: string; by: SipMessage }>();

  constructor(private readonly phones: readonly Phone[]) {}

  take(message: SipMessage): void {
    const { seen, status, method, src, dst } = message;
    if (!seen.sent && status === null) {
      const phone = this.phones.find(({ extension }) => extension === message.from.user);
      if (phone) this.heard(phone, src.address, message);
    } else if (seen.sent && method === 'REGISTER' && status !== null && status >= 200 && status < 300) {
      const phone = this.phones.find(({ extension }) => extension === message.to.user);
      if (phone) this.accepted(phone, dst.address, message);
    }
  }

  private heard(phone: Phone, address: string, message: SipMessage): void {
    const before = this.bound.get(phone.name)?.address;
    if (before === undefined) return;
    for (const { name } of this.phones) {
      const own = this.bound.get(name);
      if (own?.address !== before) continue;
      const open = this.openMove(name);
      if (address === before) {
        if (open) open.backAt = message.seen.atMs;
      } else if (open?.to !== address)
        this.moves.set(name, [
          ...(this.moves.get(name) ?? []),
          {
            from: before,
            to: address,
            atMs: message.seen.atMs,
            registeredAt: null,
            backAt: null,
            evidence: [
              cite(own.by, `${name} is registered from ${before}`),
              cite(message, `${message.method} of ${phone.name} comes from ${address}`),
            ],
          },
        ]);
    }
  }

  private accepted({ name }: Phone, address: string, message: SipMessage): void {
    const open = this.openMove(name);
    if (open && address !== open.from) {
      open.registeredAt = message.seen.atMs;
      open.evidence.push(cite(message, `${name} is registered from ${address}`));
    }
    this.bound.set(name, { address, by: message });
  }

  private openMove(name: string): AddressMove | null {
    const last = this.moves.get(name)?.at(-1);
    return last && reachableAt(last) === null ? last : null;
  }
}
