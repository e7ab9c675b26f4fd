import { parameter, parseSipAddress } from './sip-address.js';
import { firstOfList, header, parseHeaders, type Headers } from './sip-headers.js';
import { parseSdpAudio } from './sdp.js';
import type { SipMessage } from './types.js';

/** What a SIP message says of itself, without where it was seen. */
export type SipContent = Omit<SipMessage, 'seen' | 'src' | 'dst' | 'transport' | 'retransmission'>;

const START_LINE = /^(?:SIP\/2\.0 +(\d{3})(?: (.*))?|([A-Za-z0-9.!%*_+`'~-]+) +(\S+) +SIP\/2\.0)[ \t]*$/;

/** Whether bytes[start…end) begins as a SIP message does, after any empty lines. Cheap, and never wrong about RTP. */
export function looksLikeSip(bytes: Buffer, start: number, end: number): boolean {
  let at = start;
  while (at < end && (bytes[at] === 13 || bytes[at] === 10)) at++;
  const first = bytes[at] ?? 0;
  if (at >= end || first < 0x21 || first > 0x7e) return false;
  const stop = bytes.subarray(at, end).indexOf(10);
  return START_LINE.test(bytes.toString('utf8', at, stop < 0 ? end : at + stop).trimEnd());
}

/**
 * Parses a SIP message (RFC 3261 §7), tolerantly: compact and folded headers, several Vias in a line, line ends without
 * CR. Returns a sentence about what is wrong if it can't be placed in a call: no Call-ID, CSeq, From or To.
 */
export function parseSip(bytes: Buffer): SipContent | string {
  // One character a byte, so that places in the text are places in the bytes.
  const text = bytes.toString('latin1');
  const begin = /^[\r\n]*/.exec(text)![0].length;
  const blank = /\r?\n\r?\n/.exec(text.slice(begin));
  const headEnd = blank ? begin + blank.index : bytes.length;
  const [startLine = '', ...lines] = bytes.toString('utf8', begin, headEnd).split(/\r?\n/);
  const start = START_LINE.exec(startLine.trimEnd());
  if (!start) return 'SIP message with a damaged start line';
  const headers = parseHeaders(lines);
  const callId = header(headers, 'call-id');
  const cseq = /^(\d{1,10})\s+(\S+)/.exec(header(headers, 'cseq') ?? '');
  const from = header(headers, 'from');
  const to = header(headers, 'to');
  if (!callId || !cseq || from === undefined || to === undefined)
    return 'SIP message without Call-ID, CSeq, From or To';
  return {
    status: start[1] === undefined ? null : Number(start[1]),
    reason: start[1] === undefined ? null : (start[2] ?? '').trim(),
    method: start[3] ?? cseq[2]!,
    requestUri: start[4] ?? null,
    cseq: Number(cseq[1]),
    callId,
    from: parseSipAddress(from),
    to: parseSipAddress(to),
    branch: parameter(firstOfList(header(headers, 'via') ?? ''), 'branch'),
    sdp: blank ? sdpOf(headers, bytes.subarray(headEnd + blank[0].length)) : null,
    dtmf: blank && start[3] === 'INFO' ? dtmfOf(headers, bytes.subarray(headEnd + blank[0].length)) : null,
    headers,
  };
}

/** The body as text, as far as Content-Length says; null if it isn't all there. */
function textOf(headers: Headers, body: Buffer): string | null {
  const length = Number(header(headers, 'content-length') ?? NaN);
  return body.length < length ? null : body.toString('utf8', 0, length >= 0 ? length : body.length);
}

/** Longer than any digit needs to be told. */
const LONGEST_DTMF = 1000;

function dtmfOf(headers: Headers, body: Buffer): SipMessage['dtmf'] {
  const contentType = header(headers, 'content-type') ?? '';
  const text = textOf(headers, body);
  if (
    text === null ||
    text.length > LONGEST_DTMF ||
    !/^application\/dtmf(?:-relay)?\s*(?:;|$)/i.test(contentType)
  )
    return null;
  return { contentType, body: text };
}

/** The SDP of a body, alone or as a part of a multipart one. Null as well if the body isn't all there. */
function sdpOf(headers: Headers, body: Buffer): SipMessage['sdp'] {
  const whole = textOf(headers, body);
  if (whole === null) return null;
  const type = header(headers, 'content-type') ?? (whole.startsWith('v=0') ? 'application/sdp' : '');
  if (/^application\/sdp\b/i.test(type)) return parseSdpAudio(whole);
  const boundary = /^multipart\/.*\bboundary="?([^";\s]+)/i.exec(type)?.[1];
  if (boundary === undefined) return null;
  for (const part of whole.split(`--${boundary}`)) {
    const [head = '', ...content] = part.trimStart().split(/\r?\n\r?\n/);
    const partType = header(parseHeaders(head.split(/\r?\n/)), 'content-type') ?? '';
    if (/^application\/sdp\b/i.test(partType)) return parseSdpAudio(content.join('\r\n'));
  }
  return null;
}
