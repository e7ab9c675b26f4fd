/** All times `atMs` are on the lab axis (see src/plan/types.ts). */

/** Points into a run's folder: the file relative to the scenario's folder, and a frame counted from 1 as in tshark. */
export interface EvidenceRef {
  file: string;
  frame?: number;
  atMs?: number;
  note?: string;
}

export interface Endpoint {
  address: string;
  port: number;
}

/** Where a packet was seen. `sent` is true if the node that owns the interface sent it (by source address). */
export interface Seen {
  file: string;
  node: string;
  interface: string;
  frame: number;
  atMs: number;
  sent: boolean;
}

export interface SipMessage {
  seen: Seen;
  src: Endpoint;
  dst: Endpoint;
  transport: 'udp' | 'tcp';
  /** Null in a request. */
  status: number | null;
  reason: string | null;
  /** The request's method; in a response, that of the CSeq. */
  method: string;
  requestUri: string | null;
  cseq: number;
  callId: string;
  from: { user: string | null; host: string; tag: string | null };
  to: { user: string | null; host: string; tag: string | null };
  /** Branch of the topmost Via. */
  branch: string | null;
  /** Audio of the SDP body, if there is one. */
  sdp: SdpAudio | null;
  /** Body of an INFO that tells a digit (`application/dtmf-relay`, `application/dtmf`), if it is one. */
  dtmf: SipDtmf | null;
  /** Byte-identical repeat of an earlier message at the same point. */
  retransmission: boolean;
  /** All headers, in order, names in lower case and long form. */
  headers: [name: string, value: string][];
}

export interface SipDtmf {
  contentType: string;
  body: string;
}

export interface SdpAudio {
  address: string;
  port: number;
  direction: 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive';
  payloads: { type: number; codec: string; clockHz: number }[];
  ptimeMs: number | null;
  /** How the media's keys are agreed on, where it's SRTP (RFC 3711); left out where it's plain. */
  encryption?: MediaEncryption;
}

/** RFC 4568 (`a=crypto`), RFC 5763 (`a=fingerprint`), or a secure profile without either (such as MIKEY's). */
export type MediaEncryption = 'sdes' | 'dtls' | 'other';

/** The packets of one RTP stream at one capture point, as columns of equal length, in order of capture. */
export interface RtpStream {
  file: string;
  node: string;
  interface: string;
  src: Endpoint;
  dst: Endpoint;
  ssrc: number;
  /** True if the node that owns the interface sent it. */
  sent: boolean;
  atMs: Float64Array;
  frame: Uint32Array;
  sequence: Uint16Array;
  timestamp: Uint32Array;
  payloadType: Uint8Array;
  marker: Uint8Array;
  /** Bytes of each payload. */
  payload: Uint8Array[];
}

/** A TLS handshake as one capture shows it, as far as it went in the open: up to TLS 1.2 that is all that matters. */
export interface TlsHandshake {
  /** Its ClientHello. */
  seen: Seen;
  client: Endpoint;
  server: Endpoint;
  /** The host that the client asked for (SNI, RFC 6066 §3); null if it named none. */
  serverName: string | null;
  /** What the server showed; null if it wasn't seen: never sent, taken from an earlier session, or encrypted (TLS 1.3). */
  certificate: TlsCertificate | null;
  /** The first alert in the open, and who sent it; code as in RFC 5246 §7.2. */
  alert: { seen: Seen; by: 'client' | 'server'; code: number } | null;
  /** Both sides went over to encryption. */
  established: boolean;
}

export interface TlsCertificate {
  seen: Seen;
  /** Names that it is for. */
  hosts: string[];
  /** Common name of who signed it. */
  issuer: string;
  /** When it is valid. */
  fromMs: number;
  toMs: number;
  /** Whether it is for the host that the client asked for; null if it asked for none. */
  isForServer: boolean | null;
}

/** A line of a program's log. */
export interface LogLine {
  file: string;
  node: string;
  /** Counted from 1. */
  number: number;
  text: string;
}

/** A question to a nameserver, or its answer. */
export interface DnsMessage {
  seen: Seen;
  src: Endpoint;
  dst: Endpoint;
  id: number;
  isResponse: boolean;
  /** `NOERROR`, `NXDOMAIN` …; null in a question. */
  rcode: string | null;
  authoritative: boolean;
  /** What is asked for, in lower case. */
  name: string;
  type: string;
  /** Of the types that are told: A and SRV. */
  answers: DnsRecord[];
  /** For how long it may be kept that there is nothing (RFC 2308 §5); null where nothing is said. */
  negativeTtlS: number | null;
}

export interface DnsRecord {
  name: string;
  type: string;
  ttlS: number;
  /** Dotted IPv4, or `priority weight port target` in lower case. */
  data: string;
}

/** Everything decoded from the captures of one scenario run, and what logs say of certificates. */
export interface Evidence {
  sip: SipMessage[];
  tls: TlsHandshake[];
  /** About certificates, of the programs of nodes that have or check some. */
  log: LogLine[];
  /** Over UDP, in order of time. */
  dns: DnsMessage[];
  rtp: RtpStream[];
  /** ICMP errors seen, by point. */
  icmp: { seen: Seen; type: number; code: number; src: string; dst: string }[];
  /** Per capture: frames, and what could not be decoded (truncated tail, snap length …). */
  captures: { file: string; node: string; interface: string; frames: number; problems: string[] }[];
}
