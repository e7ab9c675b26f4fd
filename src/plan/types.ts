import type { Image } from '../scenario/load-images.js';
import type { PlannedSharing } from './addresses.js';
import type { PlannedCertificate } from './certificates.js';
import type { Impairment, Match } from './impairment.js';
import type { Trace } from './traces/types.js';

/**
 * A plan is everything that a run needs, worked out beforehand from scenario + lab + defect + seed, and written to
 * `plan.json`. It is pure data. Times named `…Ms` are milliseconds on the lab axis, whose zero (the *epoch*) is
 * the moment at which traffic starts; durations are milliseconds too.
 */
export interface Plan {
  schemaVersion: 1;
  /** Folder of this run inside the run folder: `carrier-cut`, or `carrier-cut@sbc-without-probing` for a twin. */
  id: string;
  scenario: { id: string; title: string; story: string; tags: string[]; file: string };
  /** The planted bug, or null for the healthy run. */
  defect: { name: string; description: string; diagnosis: string } | null;
  /** A healthy run is expected to pass; a twin to fail with `defect.diagnosis`. */
  expected: 'pass' | 'fail';
  /** 32-bit unsigned. */
  seed: number;
  runtime: RuntimeName;
  emulator: EmulatorName;
  /** Why it is this one, in words. */
  emulatorWhy: string;
  lab: PlannedLab;
  flows: PlannedFlow[];
  /** In order of their planned start. */
  calls: PlannedCall[];
  /** In order of `atMs`; repeated faults are written out one by one. */
  faults: PlannedFault[];
  /** New calls are placed from 0 to here; calls up then are followed until they end. */
  trafficMs: number;
  expectations: PlannedExpectation[];
}

export type RuntimeName = 'netns' | 'docker';
export type EmulatorName = 'wire' | 'netem';

export interface PlannedLab {
  name: string;
  /** Folder with lab.yaml and the templates, absolute. */
  folder: string;
  nodes: PlannedNode[];
  links: PlannedLink[];
  /** In order of preference: the first is the primary. */
  trunks: PlannedTrunk[];
  /** Lines of a site to the outside, in order of preference; absent where there's no choice of lines. */
  lines?: PlannedLine[];
  /** Names of the carriers; absent where no fault can be about names. */
  zone?: PlannedZone;
  /** Values for the config templates after defaults, scenario and defect have been merged. */
  values: Record<string, TemplateValue>;
  /** Absent if no addresses are shared. */
  shared?: PlannedSharing[];
  /** Absent if the lab has no certificates. Neither they nor their keys are in the plan: they are made when it starts. */
  identities?: { authorities: string[]; certificates: PlannedCertificate[] };
}

export type TemplateValue = string | number | boolean;

export interface PlannedZone {
  name: string;
  /** The nameserver that has it. */
  authority: string;
  records: PlannedRecord[];
}

/** All records of one name and type. */
export interface PlannedRecord {
  name: string;
  type: 'A' | 'SRV';
  ttlS: number;
  /** Dotted IPv4, or `priority weight port target` in lower case. */
  data: string[];
}

/** All but a recipe are for docker only. */
export type PlannedImage = Image;

type NodeRole =
  'phone' | 'switch' | 'sbc' | 'pbx' | 'media-relay' | 'carrier' | 'nameserver' | 'database' | 'router';

export interface PlannedNode {
  name: string;
  role: NodeRole;
  interfaces: PlannedInterface[];
  /** Static routes to segments that this node is not on, through a router. */
  routes: { to: string; via: string }[];
  /** Address for resolv.conf, or null for none. */
  resolver: string | null;
  /** What its files are; null for whatever the runtime takes then: netns takes the host's. */
  image: PlannedImage | null;
  /** Variables of everything that runs in it; in a container only. */
  environment: Record<string, string>;
  /** Further variables, whose values are deadair's own and are written nowhere. */
  secrets: string[];
  /** What only a container has. */
  container: PlannedContainer;
  /** How it registers; null for what doesn't. */
  registration: PlannedRegistration | null;
  /** A real softphone answers here, instead of SIPp. */
  softphone: 'baresip' | null;
  /** Forwards packets between its interfaces (routers only). */
  forwards: boolean;
  /** Certificates that it has with their keys, and authorities whose certificates it has; absent if there are none. */
  identity?: { certificates: string[]; trusts: string[] };
  programs: PlannedProgram[];
}

/** Rendered into `configs/<node>/<file>` in the run folder. */
interface PlannedConfig {
  file: string;
  text: string;
}

export interface PlannedContainer {
  /** What is there read-only at `target`: a file or folder of the host (absolute), or a rendered config of the node. */
  files: ({ target: string } & ({ source: string } | { config: PlannedConfig }))[];
  /** Null: no limit. */
  memoryBytes: number | null;
  /** How many processors it may keep busy, such as 0.5; null: no limit. */
  cpus: number | null;
}

/** A phone that registers (RFC 3261 §10) with digest authentication. */
export interface PlannedRegistration {
  /** Its extension, and the user name it gives. */
  extension: string;
  /** It registers from the port at which it answers; absent: from another. */
  onePort?: boolean;
  /** Made from the seed; it opens nothing but this lab. */
  secret: string;
  registrar: { node: string; address: string; port: number };
  /** What it asks for, and after how long it registers again. */
  expiresS: number;
  refreshS: number;
  /** Pause after a failure; doubled each time, up to 8 of them. */
  retryS: number;
}

export interface PlannedInterface {
  /** Kernel name, 15 characters at most; the other end's name where that fits. */
  name: string;
  link: string;
  /** Dotted IPv4 in 198.18.0.0/15, null on a switch port. */
  address: string | null;
  prefixLength: number;
  /** Further addresses on the same segment, such as a carrier's second edge. */
  extraAddresses: string[];
  /** One on the same segment that it has while its node is the active one of several: a program of the node sees to that. */
  sharedAddress?: string;
  mac: string;
  /** A capture runs here, to `captures/<node>.<interface>.pcap`. */
  captured: boolean;
}

export interface PlannedLink {
  /** `<a.node>--<b.node>` */
  name: string;
  a: { node: string; interface: string };
  b: { node: string; interface: string };
  /** False: no fault ever touches it, so it is a plain cable. */
  impaired: boolean;
}

export interface PlannedProgram {
  /** Log goes to `logs/<node>.<name>.log`. */
  name: string;
  /** argv, after templates are filled in; empty for the image's own program. Rendered configs are under /run/node/configs. */
  command: string[];
  configs: PlannedConfig[];
  ready: Readiness;
}

/** How a program is asked whether it is ready; see src/lab/readiness. */
export type Readiness =
  | { kind: 'sip-options'; address: string; port: number }
  | { kind: 'udp-bound' | 'tcp-bound'; port: number }
  /** Its image's own health check says so; if it has none, it runs. */
  | { kind: 'healthy' }
  | { kind: 'command'; command: string[]; matches: string }
  | { kind: 'exits' };

export interface PlannedTrunk {
  name: string;
  carrier: string;
  /** Every address of the carrier. */
  addresses: string[];
  /** How the carrier says that the callee rings: 180 (the phone plays ringback), or ringback played in early media. */
  alerting: '180' | 'early-media';
  /** How its far end reads digits. */
  digits: 'rfc4733' | 'info' | 'inband';
  /** The one codec that it speaks; absent: PCMU. */
  codec?: 'PCMU' | 'PCMA';
}

/** A line of a site to the outside, and the interface of the site's router that looks at it. */
export interface PlannedLine {
  name: string;
  link: string;
  router: string;
  interface: string;
}

export interface PlannedFlow {
  name: string;
  direction: CallDirection;
  /** Node that places the calls (a phone, or a carrier for inbound). */
  from: string;
  /** Node that answers them, `any-carrier` for outbound, or a service of the PBX. */
  to: string;
  /** Who talks to the caller in the end; `pbx` is a voice of its own, such as voicemail. */
  answers: 'phone' | 'carrier' | 'pbx';
  /** An emergency number is called. */
  emergency: boolean;
  /** An IVR is called, which connects to the extension that the digits name. */
  asksForDigits: boolean;
  /** User part dialled: an extension, or E.164 with +. */
  dialled: string;
  /** User part of From. */
  callerNumber: string;
  /** Which end has the numbers of the carriers' subscribers, a call each in turn; null for a call within the PBX. */
  subscriber: 'caller' | 'callee' | null;
  /** Where the caller sends its INVITEs: its registrar, or the SBC's address on a segment that the caller can reach. */
  proxy: { address: string; port: number };
  /** The carrier that delivers a call which `from` could not deliver; absent for none. */
  alternate?: { from: string; proxy: { address: string; port: number } };
  /** When the flow starts; its first call comes an interval later. */
  startMs: number;
  /** Attempts a second. */
  ratePerS: number;
  /** How long an answered call stays up. */
  holdMs: number;
  /** Parties that pause, and tell comfort noise meanwhile (RFC 3389); absent: none. */
  pauses?: ('caller' | 'callee')[];
  /** What the caller dials once it was answered, and how it sends that. */
  digits: { text: string; mode: 'rfc4733' | 'info' | 'inband' } | null;
}

export type CallDirection = 'outbound' | 'inbound' | 'internal';

export interface PlannedCall {
  /** `<flow>-<n>`, n from 1: also SIPp's call number. */
  id: string;
  flow: string;
  direction: CallDirection;
  /** The Call-ID header at the caller: the same on every leg over a proxy, another one behind a PBX. */
  sipCallId: string;
  caller: string;
  /** User part dialled, and that of From. */
  dialled: string;
  callerNumber: string;
  /** Planned start on the lab axis. */
  atMs: number;
  holdMs: number;
  /** Local RTP port at the caller. */
  callerMediaPort: number;
}

type CutMode = 'blackhole' | 'reject' | 'carrier-down' | 'one-way';

export type LinkAction =
  | { kind: 'cut'; mode: Exclude<CutMode, 'one-way'> }
  /** Packets sent by `from` are dropped; the other direction lives. */
  | { kind: 'cut'; mode: 'one-way'; from: string }
  /** `from` null: both directions. `only` null: all packets that no other fault is for. */
  | { kind: 'impair'; from: string | null; only: Match | null; impairment: Impairment }
  /** Packets that match are dropped. */
  | { kind: 'block'; from: string | null; only: Match }
  /** A profile or a trace is replayed from when the fault is applied; a direction is named by the end that sends. */
  | { kind: 'replay'; name: string; directions: { from: string; trace: Trace }[] };

/** What is done to a node. */
export type NodeAction =
  /** It is dark from `atMs` (its battery is empty) to `untilMs` (it's on again); the mains went and came before these. */
  | { kind: 'power'; upsMs: number; bootDelayMs: number }
  | { kind: 'freeze' }
  /** Statuses of its final responses to new calls and to probes; null for as ever. */
  | { kind: 'answer'; invite: number | null; options: number | null }
  /** The program, and all that it started, ended by this signal. */
  | { kind: 'crash'; program: string; signal: 'KILL' | 'SEGV' | 'ABRT' | 'TERM' }
  /** Share of one processor for all of the node. */
  | { kind: 'starve'; cpuShare: number }
  /** A nameserver answers otherwise: about `records`, which are those of the name `record` and below, or whatever is asked (null). */
  | { kind: 'dns'; answer: DnsAnswer; record: string | null; records: PlannedRecord[] };

export type DnsAnswer =
  | { how: 'none' | 'refused' | 'servfail' | 'nxdomain' | 'stale' }
  | { how: 'slow'; delayMs: number }
  /** In the form of `PlannedRecord.data`. */
  | { how: 'changed'; data: string[] };

export type FaultAction = LinkAction | NodeAction;

interface Planned {
  /** `fault-1`, `fault-2` … in order of time. */
  id: string;
  /** The entry in the scenario's timeline, from 0: repeats of one entry share it. */
  entry: number;
  /** Name of a link, or of a node. */
  target: string;
  atMs: number;
  /** Null: lasts to the end. */
  untilMs: number | null;
  /** What the emulator does not quite as asked, a sentence each; absent if it does all of it. */
  approximated?: string[];
  /** Where the entry stands in the scenario's file. */
  place: { line: number; column: number };
}

export type LinkFault = LinkAction & Planned;
export type NodeFault = NodeAction & Planned;
export type PlannedFault = LinkFault | NodeFault;
export type PowerFault = Extract<PlannedFault, { kind: 'power' }>;

export type PhaseName = 'baseline' | 'fault' | 'converged' | 'recovery' | 'settled';

export interface Bound {
  operator: '<=' | '<' | '>=' | '>';
  /** In the unit of the measure: ms for times, 0–1 for shares, a plain number for counts. */
  value: number;
}

interface Scoped {
  /** `e1-time-to-ringback-p95` … unique in the scenario and stable. */
  id: string;
  /** Only calls whose INVITE falls into this phase; null for all. */
  phase: PhaseName | null;
  /** Only calls of this flow; null for all. */
  flow: string | null;
}

export type PlannedExpectation = Scoped &
  (
    | {
        kind: 'time-to-ringback' | 'time-to-audible-ringback' | 'time-to-answer';
        statistic: 'p50' | 'p95' | 'max';
        bound: Bound;
      }
    | { kind: 'one-way-audio' | 'dead-air'; /** Calls that may have it. */ bound: Bound }
    /** Calls that came to their callee with another number than was sent. */
    | { kind: 'caller-id-lost' | 'number-lost'; bound: Bound }
    | { kind: 'codec-mismatch'; bound: Bound }
    /** Final responses that callers may get; the bound is of calls that got another. */
    | { kind: 'response-codes'; only: number[]; bound: Bound }
    /** Mean over answered calls of the worse ear's heard share. */
    | { kind: 'heard-share'; bound: Bound }
    /** Longest time for which a side of an answered call was not heard. */
    | { kind: 'hole-in-call'; statistic: 'p95' | 'max'; bound: Bound }
    /** RTP that came too late for the jitter buffer, over all that came. */
    | { kind: 'late-packets'; bound: Bound }
    /** MOS at each ear; `p5`: of all but the worst twentieth. */
    | { kind: 'quality'; statistic: 'p5' | 'min'; bound: Bound }
    /** Between the MOS at an ear and the E-model's for what the emulator was told to lose. */
    | { kind: 'quality-off-model'; statistic: 'mean' | 'max'; bound: Bound }
    /** Answered calls over attempts. */
    | { kind: 'answered-share'; bound: Bound }
    /** Answered calls that nobody but their caller ended before their time, over answered calls. */
    | { kind: 'calls-kept'; bound: Bound }
    /** Share of answered calls that went by the primary, or by any other trunk. */
    | { kind: 'trunk-share'; trunk: 'primary' | 'backup'; bound: Bound }
    | { kind: 'failback'; statistic: 'excess-transitions' | 'premature-calls' | 'settle-time'; bound: Bound }
    /** Share of answered calls all of whose media went by the primary line, or none of it. */
    | { kind: 'line-share'; line: 'primary' | 'backup'; bound: Bound }
    /** Of the site's lines: moves too many; first fault of the primary → calls keep off it; its last heal → they are back on it. */
    | { kind: 'line-failover'; statistic: 'excess-transitions' | 'away-time' | 'home-time'; bound: Bound }
    /** First fault → first call from which on every one was answered and heard by both sides. */
    | { kind: 'restored'; bound: Bound }
    /** Calls whose digits the far end read, over those that were picked up. */
    | { kind: 'digits-read'; bound: Bound }
    /** Until every phone is registered: from its first REGISTER, or from when the last fault on its way was over. */
    | { kind: 'registered'; bound: Bound }
    /** First fault applied → first call in a row of 5 that succeed by a live trunk without a try of the dead one. */
    | { kind: 'detection-time'; bound: Bound }
    /**
     * A node with a shared address loses its power: until another is seen to send from it, or the share of calls that were up
     * whose sides heard each other again within `withinMs` and to the end.
     */
    | { kind: 'takeover'; statistic: 'time' | 'calls-kept'; bound: Bound; withinMs: number }
    /** Power cut → first call through the node that both sides heard; the longest of all power cycles. */
    | { kind: 'back-in-service'; bound: Bound }
  );
