import type { Impairment, Match } from '../../plan/impairment.js';
import type { Trace } from '../../plan/traces/types.js';
import type { DirectionState } from '../contract.js';
import { FRAME_BYTES } from './qdisc.js';

/** Something that a state asks for and netem can't do. */
export interface Unsupported {
  what: string;
  instead: string;
}

/** tc takes some milliseconds to change a direction; steps any closer would run into each other. */
const CLOSEST_STEPS_MS = 50;

const USE_WIRE = 'Use --emulator wire.';

/** What netem can't do of a state, to be asked before anything starts. Empty: it can do it. */
export function unsupportedByNetem(state: DirectionState): Unsupported[] {
  return [
    ...state.rules.flatMap(({ match }) => unsupportedMatch(match)),
    ...impairmentsOf(state).flatMap(unsupportedImpairment),
    ...(state.profile ? unsupportedTrace(state.profile) : []),
  ];
}

/** What netem does of a state in a way that isn't quite what was asked for, a sentence each, for the result. */
export function approximationsByNetem(state: DirectionState): string[] {
  const { profile } = state;
  return [
    ...(profile?.kind === 'time'
      ? [
          `profile ${profile.name} is applied to netem step by step, each some milliseconds late; what waits keeps the delay it had.`,
        ]
      : []),
    ...new Set(impairmentsOf(state).flatMap(approximatedImpairment)),
  ];
}

function impairmentsOf({ rules, otherwise, profile }: DirectionState): Impairment[] {
  const steps = profile?.kind === 'time' ? profile.steps.map(({ impairment }) => impairment) : [];
  return [...rules.map(({ impairment }) => impairment), otherwise, ...steps];
}

function unsupportedMatch({ sip, rtp }: Match): Unsupported[] {
  return [
    ...(sip ? [{ what: 'choosing packets by what their SIP says', instead: USE_WIRE }] : []),
    ...(rtp
      ? [{ what: 'choosing packets by their RTP', instead: 'Use --emulator wire, or name ports.' }]
      : []),
  ];
}

function unsupportedImpairment({ loss, rate }: Impairment): Unsupported[] {
  return [
    ...(loss?.kind === 'pattern'
      ? [{ what: 'loss by a pattern', instead: 'Use --emulator wire, or a loss model.' }]
      : []),
    ...(rate && rate.limitPackets !== null && rate.limitMs !== null
      ? [{ what: 'a queue bound in packets and in ms', instead: 'Give one of them, or use --emulator wire.' }]
      : []),
  ];
}

function unsupportedTrace(trace: Trace): Unsupported[] {
  if (trace.kind === 'packet')
    return [{ what: `replaying ${trace.name} packet by packet`, instead: USE_WIRE }];
  const times = [...trace.steps.map(({ atMs }) => atMs), trace.lengthMs];
  const closest = Math.min(...times.slice(1).map((time, index) => time - times[index]!));
  return closest < CLOSEST_STEPS_MS
    ? [{ what: `steps ${closest} ms apart, as in ${trace.name}`, instead: USE_WIRE }]
    : [];
}

function approximatedImpairment({ delay, corrupt, rate }: Impairment): string[] {
  return [
    ...(corrupt && corrupt.share > 0
      ? ['netem may flip a bit of the Ethernet header too, 14 bytes of each frame.']
      : []),
    ...(delay && delay.jitterMs > 0 && delay.correlation > 0
      ? ["netem takes a delay's correlated draws modulo its table: neighbouring delays hardly correlate."]
      : []),
    ...(rate && rate.limitMs !== null
      ? ['the queue is bound in bytes (ms × rate), which count the packet that asks for a place.']
      : []),
    ...(rate && rate.burstBytes > 0 && rate.burstBytes < FRAME_BYTES
      ? [`the bucket holds ${FRAME_BYTES} bytes: with less, tc lets no whole frame pass.`]
      : []),
  ];
}
