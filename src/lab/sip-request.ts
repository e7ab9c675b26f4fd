import { randomUUID } from 'node:crypto';

/** What the harness itself says by SIP over UDP, within a node's network (RFC 3261 §8.1.1). */
export interface SipRequest {
  method: string;
  /** `sip:user@address:port` */
  uri: string;
  /** `address:port` that it is sent from. */
  local: string;
  /** Parameters of Via, such as `newBranch()`. */
  via: string;
  /** Name of the harness in From, and the tag there. */
  user: string;
  fromTag: string;
  /** With brackets, and the tag that a response had. */
  to: string;
  callId: string;
  /** Absent: 1. */
  cseq?: number;
  /** True: it says where it is reached. */
  hasContact?: boolean;
  body?: { type: string; text: string };
}

/** A transaction of its own (RFC 3261 §8.1.1.7). */
export const newBranch = (): string => `branch=z9hG4bK${randomUUID()}`;

/** The datagram. */
export function sipRequest(request: SipRequest): Buffer {
  const { method, local, body, cseq = 1 } = request;
  const text = Buffer.from(body?.text ?? '');
  const lines = [
    `${method} ${request.uri} SIP/2.0`,
    `Via: SIP/2.0/UDP ${local};${request.via}`,
    'Max-Forwards: 70',
    `From: <sip:${request.user}@${local}>;tag=${request.fromTag}`,
    `To: ${request.to}`,
    `Call-ID: ${request.callId}`,
    `CSeq: ${cseq} ${method}`,
    ...(request.hasContact ? [`Contact: <sip:${request.user}@${local}>`] : []),
    ...(body ? [`Content-Type: ${body.type}`] : []),
    `Content-Length: ${text.length}`,
  ];
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`), text]);
}

/** An OPTIONS to `address:port`, in a transaction and a Call-ID of its own, whose answer comes to where it is from. */
export function optionsRequest(user: string, local: string, to: string): Buffer {
  return sipRequest({
    method: 'OPTIONS',
    uri: `sip:${to}`,
    local,
    via: `${newBranch()};rport`,
    user,
    fromTag: randomUUID(),
    to: `<sip:${to}>`,
    callId: randomUUID(),
  });
}
