import type { Image } from '../scenario/load-images.js';

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
