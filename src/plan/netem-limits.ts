import type { Impairment, Match } from './impairment.js';
import type { FaultAction } from './planned-fault.js';
import type { Trace } from './traces/types.js';

/** Something that is asked for and that netem can't do. */
export interface Unsupported {
  what: string;
  instead: string;
}

/** tc takes some milliseconds to change a direction; steps any closer would run into each other. */
const CLOSEST_STEPS_MS = 50;

const USE_WIRE = 'Use --emulator wire.';

/** What netem can't do of a fault. Empty: it can do it. */
export function unsupportedByNetem(fault: FaultAction): Unsupported[] {
  switch (fault.kind) {
    case 'cut':
      return [];
    case 'impair':
      return [...unsupportedMatch(fault.only ?? {}), ...unsupportedImpairment(fault.impairment)];
    case 'block':
      return unsupportedMatch(fault.only);
    case 'replay':
      return fault.directions.flatMap(({ trace }) => unsupportedTrace(trace));
    default:
      // A fault of a node: all it wants of an emulator is a cable without a carrier.
      return [];
  }
}

/** What tc's classifiers can't choose by. */
export function unsupportedMatch({ sip, rtp }: Match): Unsupported[] {
  return [
    ...(sip ? [{ what: 'choosing packets by what their SIP says', instead: USE_WIRE }] : []),
    ...(rtp
      ? [{ what: 'choosing packets by their RTP', instead: 'Use --emulator wire, or name ports.' }]
      : []),
  ];
}

/** What netem and tc's shapers can't do to a packet. */
export function unsupportedImpairment({ loss, rate }: Impairment): Unsupported[] {
  return [
    ...(loss?.kind === 'pattern'
      ? [{ what: 'loss by a pattern', instead: 'Use --emulator wire, or a loss model.' }]
      : []),
    ...(rate && rate.limitPackets !== null && rate.limitMs !== null
      ? [{ what: 'a queue bound in packets and in ms', instead: 'Give one of them, or use --emulator wire.' }]
      : []),
  ];
}

/** What netem can't follow of a trace, its impairments included. */
export function unsupportedTrace(trace: Trace): Unsupported[] {
  if (trace.kind === 'packet')
    return [{ what: `replaying ${trace.name} packet by packet`, instead: USE_WIRE }];
  const times = [...trace.steps.map(({ atMs }) => atMs), trace.lengthMs];
  const closest = Math.min(...times.slice(1).map((time, index) => time - times[index]!));
  return [
    ...(closest < CLOSEST_STEPS_MS
      ? [{ what: `steps ${closest} ms apart, as in ${trace.name}`, instead: USE_WIRE }]
      : []),
    ...trace.steps.flatMap(({ impairment }) => unsupportedImpairment(impairment)),
  ];
}
