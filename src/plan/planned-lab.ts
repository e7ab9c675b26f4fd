import type { PlannedNode } from './planned-node.js';

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

export interface PlannedLink {
  /** `<a.node>--<b.node>` */
  name: string;
  a: { node: string; interface: string };
  b: { node: string; interface: string };
  /** False: no fault ever touches it, so it is a plain cable. */
  impaired: boolean;
}

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

/** Nodes of which one at a time has an address that all of them share. */
export interface PlannedSharing {
  /** What templates and callers call whoever has it. */
  name: string;
  /** The one that should have it at the start, and those that take it over. */
  nodes: string[];
  /** One a segment. */
  addresses: string[];
}

/** A certificate of a host, made anew for each run. */
export interface PlannedCertificate {
  name: string;
  /** The host that it is for: its common name and its one alternative name (RFC 5280 §4.2.1.6). */
  host: string;
  /** The authority that signs it. */
  issuer: string;
  /** From when to when it is valid, in days from the start of the run. */
  days: { from: number; to: number };
}
