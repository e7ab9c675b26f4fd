import type { DecisionsOf } from '../evidence/decisions.js';
import type { Plan } from '../plan/types.js';
import { earStreams, timeUp, callPayloads, type Ear } from './ears.js';
import { earNode, type CallEvidence } from './calls.js';
import { audioType } from './field/payloads.js';
import { lossPattern } from './hearing/bursts.js';
import { mosEstimate } from './hearing/mos.js';
import { phoneBufferMs } from './phone-buffer.js';
import { callStreams } from './streams.js';
import type { CallMeasure, EarMeasure } from './types.js';

const UDP = 17;
const PACKET_MS = 20;

/** A UDP frame that came to an emulator: when, and whether it was to go no further. */
interface ToldFrame {
  atMs: number;
  lost: boolean;
}

/** What the emulators decided about UDP, by link and by the ports of a packet. Nothing is here for links without faults. */
export class ToldFrames {
  private readonly frames = new Map<string, ToldFrame[]>();

  /** Null if an emulator left no log (netem has none), or its log has gaps: then nobody knows. */
  static async read(plan: Plan, decisionsOf: DecisionsOf): Promise<ToldFrames | null> {
    const told = new ToldFrames();
    for (const { name } of plan.lab.links.filter(({ impaired }) => impaired)) {
      const decisions = decisionsOf(name);
      if (!decisions) return null;
      for await (const { verdict, protocol, sourcePort, destinationPort, atMs } of decisions) {
        if (verdict === 'unrecorded') return null;
        if (protocol === UDP)
          told.add(name, sourcePort, destinationPort, { atMs, lost: verdict !== 'delivered' });
      }
    }
    return told;
  }

  add(link: string, sourcePort: number, destinationPort: number, frame: ToldFrame): void {
    const key = `${link} ${sourcePort} ${destinationPort}`;
    const frames = this.frames.get(key);
    if (frames) frames.push(frame);
    else this.frames.set(key, [frame]);
  }

  /** Frames of one flow that came to the emulator of a link from `fromMs` to `toMs`, in order. */
  of(link: string, sourcePort: number, destinationPort: number, fromMs: number, toMs: number): ToldFrame[] {
    const frames = this.frames.get(`${link} ${sourcePort} ${destinationPort}`) ?? [];
    return frames.filter(({ atMs }) => atMs >= fromMs && atMs < toMs);
  }
}

/** The call, with what the emulators were told to take from each ear. */
export function withTold(call: CallMeasure, index: CallEvidence, told: ToldFrames | null): CallMeasure {
  if (!call.ears) return call;
  const of = (ear: Ear, measure: EarMeasure) => ({
    ...measure,
    told: told && toldOf(call, ear, index, told),
  });
  return {
    ...call,
    ears: { caller: of('caller', call.ears.caller), callee: of('callee', call.ears.callee) },
  };
}

function toldOf(
  call: CallMeasure,
  ear: Ear,
  index: CallEvidence,
  told: ToldFrames,
): NonNullable<EarMeasure['told']> | null {
  const up = timeUp(call);
  const talker = earNode(index.plan, call, ear === 'caller' ? 'callee' : 'caller');
  const heard = call.ears?.[ear];
  if (!up || talker === null || !heard) return null;
  const arrived = earStreams(call, ear, index);
  const left = callStreams(index.streams, index.sip.get(call.sipCallId) ?? [], talker, 'from');
  const flows = new Set([...left, ...arrived].map(({ src, dst }) => `${src.port} ${dst.port}`));
  const links = index.plan.lab.links.filter(({ impaired }) => impaired).map(({ name }) => name);
  const byLink = links.map((link) =>
    [...flows].flatMap((flow) => {
      const [source = 0, destination = 0] = flow.split(' ').map(Number);
      return told.of(link, source, destination, up.startMs, up.endMs);
    }),
  );
  const passed = byLink.filter((frames) => frames.length > 0);
  const last = passed.reduce<ToldFrame[]>(
    (fewest, frames) => (fewest.length === 0 || frames.length < fewest.length ? frames : fewest),
    [],
  );
  const lost = passed.flat().filter((frame) => frame.lost);
  const row = [...last.filter((frame) => !frame.lost), ...lost].sort((a, b) => a.atMs - b.atMs);
  const pattern = lossPattern(
    row.map((frame) => frame.lost),
    PACKET_MS,
  );
  const [stream] = arrived;
  const payloads = callPayloads(call, index);
  const type = stream ? audioType(stream, payloads) : null;
  const codec = type === null ? undefined : payloads.get(type)?.codec.toUpperCase();
  const mos =
    codec === undefined || heard.delayMs === null
      ? null
      : mosEstimate({
          codec,
          lossShare: pattern?.share ?? 0,
          burstR: pattern?.burstR ?? 1,
          oneWayDelayMs: heard.delayMs + phoneBufferMs(index.plan),
        });
  return { packets: row.length, lost: lost.length, mos };
}
