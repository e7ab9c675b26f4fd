import { signatureKey, type Direction } from '../audio/signature.js';
import { DIGITS } from '../scenario/check-flow.js';
import { TURNS } from '../scenario/speech.js';
import type { StartedLab } from '../lab/lab.js';
import type { PlannedCall } from '../plan/planned-flow.js';
import type { Plan } from '../plan/types.js';
import type { JournalWriter } from '../runfolder/journal-writer.js';
import { codecOf, playsRingback } from './callees.js';
import type { CallLogLine } from './call-log.js';
import type { StartedMedia } from './media.js';

interface LegParts {
  plan: Plan;
  lab: StartedLab;
  media: StartedMedia;
  journal: JournalWriter;
  onChange?: (traffic: { placed: number; up: number }) => void;
}

interface Host {
  node: string;
  address: string;
}

/** Turns what SIPp tells of its calls into media: a leg a party. */
export class Legs {
  private readonly calls: ReadonlyMap<string, PlannedCall>;
  private readonly up = new Set<string>();
  /** Legs whose sockets are open, and the node of each. */
  private readonly open = new Map<string, string>();
  private readonly off = new Set<string>();
  private readonly frozen = new Set<string>();
  private placed = 0;

  constructor(private readonly parts: LegParts) {
    this.calls = new Map(parts.plan.calls.map((call) => [call.sipCallId, call]));
  }

  caller(node: string, address: string, line: CallLogLine): void {
    const call = this.calls.get(line.sipCallId);
    if (!call) return;
    if (line.state === 'placed') this.placed++;
    this.follow({ node, address }, line, call.id, 'from-caller');
    if (line.state === 'answered') {
      this.up.add(call.id);
      this.dial(address, call);
    }
    if (line.state === 'ended') {
      this.up.delete(call.id);
      // Its callee may never be told: a BYE can be lost.
      for (const leg of this.open.keys()) if (isOfCall(leg, call.id)) this.parts.media.over(leg);
    }
    this.parts.onChange?.({ placed: this.placed, up: this.up.size });
  }

  /** Behind a PBX the Call-ID is one that no plan knows: which call it is of is found out from the captures. */
  callee(node: string, address: string, line: CallLogLine): void {
    const voice = this.calls.get(line.sipCallId)?.id ?? line.sipCallId;
    this.follow({ node, address }, line, voice, 'from-callee');
  }

  /** A node's voice goes with its power and comes back with no call of before; a frozen one says nothing for a while. */
  nodeChanged(node: string, change: 'off' | 'on' | 'frozen' | 'thawed'): void {
    const { media } = this.parts;
    const own = [...this.open].filter(([, of]) => of === node).map(([leg]) => leg);
    if (change === 'off') {
      this.off.add(node);
      for (const leg of own) this.close(leg);
    } else if (change === 'on') this.off.delete(node);
    else {
      if (change === 'frozen') this.frozen.add(node);
      else this.frozen.delete(node);
      for (const leg of own) media.mute(leg, change === 'frozen');
    }
  }

  private pauses({ sipCallId }: CallLogLine, direction: Direction): boolean {
    const call = this.calls.get(sipCallId);
    const flow = this.parts.plan.flows.find(({ name }) => name === call?.flow);
    return flow?.pauses?.includes(direction === 'from-caller' ? 'caller' : 'callee') ?? false;
  }

  private close(leg: string): void {
    this.parts.media.close(leg);
    this.open.delete(leg);
  }

  private dial(address: string, { id, flow: name }: PlannedCall): void {
    const { media, plan } = this.parts;
    const digits = plan.flows.find((flow) => flow.name === name)?.digits;
    if (!digits || digits.mode === 'info') return;
    media.dial(legName(id, 'from-caller', address), digits.text, digits.mode, DIGITS.afterMs);
  }

  private follow({ node, address }: Host, line: CallLogLine, voice: string, direction: Direction): void {
    const { media, lab, plan, journal } = this.parts;
    const leg = legName(voice, direction, address);
    // What was written before the power went may be read after it.
    if (this.off.has(node)) return;
    if (line.state === 'placed' || line.state === 'alerted') {
      media.open(leg, lab.node(node).netnsPath, address, line.localPort, codecOf(plan, node));
      this.open.set(leg, node);
      if (this.frozen.has(node)) media.mute(leg, true);
    }
    if (line.remote && this.open.has(leg)) {
      const { address: to, port } = line.remote;
      if (line.state === 'alerted' && playsRingback(plan, node))
        media.play(leg, to, port, { tone: 'ringback-us' });
      if (line.state === 'answered')
        media.play(leg, to, port, {
          signature: signatureKey(plan.seed, voice, direction).toString('hex'),
          ...(this.pauses(line, direction) ? { turns: TURNS } : {}),
        });
    }
    if (line.state === 'ended') this.close(leg);
    journal.write({ event: 'media', call: voice, node, state: STATES[line.state] });
  }
}

const legName = (voice: string, direction: Direction, address: string): string =>
  `${voice} ${direction} ${address}`;

const isOfCall = (leg: string, callId: string): boolean => leg.startsWith(`${callId} `);

const STATES = {
  placed: 'early',
  alerted: 'early',
  answered: 'answered',
  undelivered: 'ended',
  ended: 'ended',
} as const;
