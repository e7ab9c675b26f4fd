import type { SipMatch } from '../../plan/impairment.js';
import type { PacketTest, PacketView } from './packet-view.js';

const VERSION = Buffer.from('SIP/2.0');
const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const TAB = 0x09;
const COLON = 0x3a;
const SEMICOLON = 0x3b;
const QUOTE = 0x22;
const LESS = 0x3c;
const GREATER = 0x3e;
const EQUALS = 0x3d;
/** Turns A–Z into a–z. */
const LOWER = 0x20;

const CSEQ = Buffer.from('cseq');
const TO = Buffer.from('to');
const TO_COMPACT = Buffer.from('t');
const TAG = Buffer.from('tag');

/**
 * SIP over UDP, on whatever port: a request of a method, or a response of a status (and of a method by its CSeq). An empty
 * match is any SIP. Methods are case-sensitive, header names aren't (RFC 3261, 7.1 and 7.3.1).
 */
export function sipTest({ method, status, reinvite }: SipMatch): PacketTest {
  const wantedMethod = method === undefined ? null : Buffer.from(method);
  const wantedStatus = status === undefined ? null : Buffer.from(String(status).replace('xx', ''));
  return (packet) => {
    const { frame, payloadStart: start, payloadEnd: end } = packet;
    if (start < 0) return false;
    if (isResponse(packet)) {
      if (reinvite !== undefined) return false;
      if (wantedStatus === null) return method === undefined;
      if (!beginsWith(frame, start + VERSION.length + 1, end, wantedStatus)) return false;
      return wantedMethod === null || cseqHas(packet, wantedMethod);
    }
    if (wantedStatus !== null || !isRequest(packet)) return false;
    if (wantedMethod !== null && !isWord(frame, start, end, wantedMethod)) return false;
    return reinvite === undefined || (isWord(frame, start, end, INVITE) && hasToTag(packet) === reinvite);
  };
}

const INVITE = Buffer.from('INVITE');

function isResponse({ frame, payloadStart: start, payloadEnd: end }: PacketView): boolean {
  return beginsWith(frame, start, end, VERSION) && frame[start + VERSION.length] === SPACE;
}

/** A first line that ends in SIP/2.0; anything else is known by its first byte already, mostly. */
function isRequest({ frame, payloadStart: start, payloadEnd: end }: PacketView): boolean {
  const first = frame[start]!;
  if (start >= end || first < 0x41 || first > 0x5a) return false;
  let lineEnd = lineEndAt(frame, start, end);
  if (frame[lineEnd - 1] === CR) lineEnd--;
  const version = lineEnd - VERSION.length;
  return version > start && frame[version - 1] === SPACE && beginsWith(frame, version, lineEnd, VERSION);
}

/** Whether the method in CSeq is this one; `CSeq: 1 INVITE`. */
function cseqHas(packet: PacketView, method: Buffer): boolean {
  const { frame, payloadEnd } = packet;
  let at = headerValueAt(packet, CSEQ, CSEQ);
  if (at < 0) return false;
  const end = lineEndAt(frame, at, payloadEnd);
  while (at < end && isDigit(frame[at]!)) at++;
  while (at < end && isBlank(frame[at]!)) at++;
  return isWord(frame, at, end, method);
}

/** Whether To has a tag parameter, behind the address. */
function hasToTag(packet: PacketView): boolean {
  const { frame, payloadEnd } = packet;
  let at = headerValueAt(packet, TO, TO_COMPACT);
  if (at < 0) return false;
  const end = lineEndAt(frame, at, payloadEnd);
  let quoted = false;
  let bracketed = false;
  for (; at < end; at++) {
    const byte = frame[at]!;
    if (byte === QUOTE) quoted = !quoted;
    else if (quoted) continue;
    else if (byte === LESS) bracketed = true;
    else if (byte === GREATER) bracketed = false;
    else if (byte === SEMICOLON && !bracketed && isTagParameter(frame, at + 1, end)) return true;
  }
  return false;
}

function isTagParameter(frame: Buffer, start: number, end: number): boolean {
  let at = start;
  while (at < end && isBlank(frame[at]!)) at++;
  if (!matchesName(frame, at, end, TAG)) return false;
  at += TAG.length;
  while (at < end && isBlank(frame[at]!)) at++;
  return at < end && frame[at] === EQUALS;
}

/** Where the value of the first header of that name begins, −1 if there's none before the empty line. */
function headerValueAt(packet: PacketView, name: Buffer, compact: Buffer): number {
  const { frame, payloadStart, payloadEnd: end } = packet;
  for (let at = lineEndAt(frame, payloadStart, end) + 1; at < end; at = lineEndAt(frame, at, end) + 1) {
    if (frame[at] === CR || frame[at] === LF) return -1;
    const length = matchesName(frame, at, end, name)
      ? name.length
      : matchesName(frame, at, end, compact)
        ? compact.length
        : 0;
    if (length === 0) continue;
    let value = at + length;
    while (value < end && isBlank(frame[value]!)) value++;
    if (frame[value] !== COLON) continue;
    do value++;
    while (value < end && isBlank(frame[value]!));
    return value;
  }
  return -1;
}

/** The next line feed, or the end. */
function lineEndAt(frame: Buffer, start: number, end: number): number {
  let at = start;
  while (at < end && frame[at] !== LF) at++;
  return at;
}

function beginsWith(frame: Buffer, start: number, end: number, wanted: Buffer): boolean {
  if (start + wanted.length > end) return false;
  for (let index = 0; index < wanted.length; index++)
    if (frame[start + index] !== wanted[index]) return false;
  return true;
}

/** As beginsWith, in any case; `name` is lower-case letters. */
function matchesName(frame: Buffer, start: number, end: number, name: Buffer): boolean {
  if (start + name.length > end) return false;
  for (let index = 0; index < name.length; index++)
    if ((frame[start + index]! | LOWER) !== name[index]) return false;
  return true;
}

/** The word and then a blank or the line's end. */
function isWord(frame: Buffer, start: number, end: number, word: Buffer): boolean {
  if (!beginsWith(frame, start, end, word)) return false;
  const at = start + word.length;
  return at >= end || frame[at]! <= SPACE;
}

const isBlank = (byte: number) => byte === SPACE || byte === TAB;
const isDigit = (byte: number) => byte >= 0x30 && byte <= 0x39;
