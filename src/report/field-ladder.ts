import type { Endpoint } from '../evidence/types.js';
import type { LadderMessage, Leg } from '../measures/field/types.js';
import { WIDTH } from './field-lines.js';
import { printable } from './text.js';

/** Columns before and after the lanes. */
const BEFORE = 12;
const AFTER = 12;
const NARROWEST_LANE = 14;
const WIDEST_LANE = 26;

const textOf = ({ address, port }: Endpoint): string =>
  `${address.includes(':') ? `[${address}]` : address}:${port}`;

/**
 * The messages of a call as a ladder, no line over 100 columns: time in s, an arrow from lane to lane, and the frame.
 * Retransmissions are marked ↻, messages with SDP `sdp`. With more hosts than lanes fit, a line names the two.
 */
export function ladderText(legs: readonly Leg[]): string[] {
  const messages = legs.flatMap((leg) => leg.messages).sort((a, b) => a.atMs - b.atMs);
  const lanes = [...new Set(messages.flatMap(({ src, dst }) => [textOf(src), textOf(dst)]))];
  const lane = Math.min(WIDEST_LANE, Math.floor((WIDTH - BEFORE - AFTER) / Math.max(1, lanes.length - 1)));
  const legend = lanes.map((name, i) => `    ${laneName(i)}  ${name}`);
  if (messages.some(({ retransmission }) => retransmission)) legend.push('    ↻  sent again');
  if (lane < NARROWEST_LANE || lanes.length < 2)
    return [...legend, ...messages.map((message) => plainLine(message, lanes))];
  const header = `${' '.repeat(BEFORE)}${lanes.map((_, i) => laneName(i).padEnd(lane)).join('')}`.trimEnd();
  return [...legend, '', header, ...messages.map((message) => arrowLine(message, lanes, lane))];
}

/** A…Z, then AA, AB … */
function laneName(index: number): string {
  const letter = String.fromCharCode(65 + (index % 26));
  return index < 26 ? letter : `${laneName(Math.floor(index / 26) - 1)}${letter}`;
}

function arrowLine(message: LadderMessage, lanes: string[], lane: number): string {
  const [from, to] = [lanes.indexOf(textOf(message.src)), lanes.indexOf(textOf(message.dst))];
  const [left, right] = [Math.min(from, to), Math.max(from, to)];
  const cells = lanes.slice(1).map((_, i) => {
    if (i < left || i >= right) return ' '.repeat(lane - 1);
    return i === left ? null : '';
  });
  const arrow = arrowText(message, Math.max(1, right - left) * lane - 1, from <= to);
  const parts = cells.map((cell) => (cell === null ? arrow : cell));
  let line = '|';
  parts.forEach((part) => (line += part === '' ? '' : `${part}|`));
  return `${timeOf(message)}${line} ${framesOf(message)}`;
}

/** A label on an arrow of `width` columns. */
function arrowText(message: LadderMessage, width: number, toTheRight: boolean): string {
  const label = labelOf(message, width - 4);
  const shaft = '─'.repeat(width - 4 - label.length);
  return toTheRight ? `─ ${label} ${shaft}▶` : `◀ ${label} ${shaft}─`;
}

function plainLine(message: LadderMessage, lanes: string[]): string {
  const [from, to] = [message.src, message.dst].map((end) => laneName(lanes.indexOf(textOf(end))));
  return `${timeOf(message)}${from} → ${to}  ${labelOf(message, 60)}  ${framesOf(message)}`;
}

/** What it is, in as many words as fit into `room` columns. */
function labelOf({ request, status, reason, sdp, retransmission }: LadderMessage, room: number): string {
  const what = request ?? String(status);
  const tail = `${sdp ? ' sdp' : ''}${retransmission ? ' again' : ''}`;
  const labels = [`${what} ${request === null ? (reason ?? '') : ''}`.trim() + tail, what + tail].map(
    printable,
  );
  return labels.find(({ length }) => length <= room) ?? `${labels[1]!.slice(0, room - 1)}…`;
}

const timeOf = ({ atMs }: LadderMessage): string => `${(atMs / 1000).toFixed(3).padStart(BEFORE - 2)}  `;

const framesOf = ({ sights }: LadderMessage): string =>
  `#${[...new Set(sights.map(({ frame }) => frame))].slice(0, 2).join(',')}`;
