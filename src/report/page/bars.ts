import type { CallMeasure, EarMeasure } from '../../measures/types.js';
import { hasFailed } from '../figures.js';
import { percent, printable, seconds } from '../text.js';

/** Heights within the row of one call, in viewBox units. */
export const BAR = { height: 6, ear: 2.5, gap: 1, pitch: 16 } as const;

/** One call of the timeline, ready to be drawn; the row's top is y. */
export interface CallBar {
  /** Among the calls of its scenario. */
  index: number;
  tip: string;
  y: number;
  trunkClass: string;
  /** INVITE → answered, drawn lighter. */
  setup: { x: number; width: number };
  talk: { x: number; width: number } | null;
  ears: { y: number; height: number; strips: { x: number; width: number; heardClass: string }[] }[];
  middle: number;
  signalled: number | null;
  audible: number | null;
  /** A cross at the call's end, and the final status beside it. */
  failed: { x: number; y: number; textX: number; textY: number; status: string } | null;
  width: number;
  /** Where it went on to another trunk, with what the one before had answered; no text where there is no room for it. */
  tries: { x: number; y: number; textY: number; text: string }[];
}

/** Where a call begins and ends on the axis; null if it was never placed. */
export function callSpan(call: CallMeasure): { from: number; to: number } | null {
  if (call.inviteAt === null) return null;
  const seen = [call.endedAt, call.answeredAt, call.audibleRingbackAt, call.ringbackAt, call.inviteAt];
  return { from: call.inviteAt, to: Math.max(...seen.filter((at) => at !== null)) };
}

export function callBar(
  call: CallMeasure,
  index: number,
  span: { from: number; to: number },
  y: number,
  x: (atMs: number) => number,
  trunkClass: string,
): CallBar {
  const talkFrom = call.answeredAt;
  const stretch = (from: number, to: number) => ({
    x: round(x(from)),
    width: round(Math.max(x(to) - x(from), 1)),
  });
  const strip = (ear: EarMeasure, row: number) => ({
    y: y + BAR.height + BAR.gap + row * (BAR.ear + BAR.gap),
    height: BAR.ear,
    strips: ear.segments.map(({ fromMs, toMs, class: heardClass }) => ({
      ...stretch(fromMs, toMs),
      heardClass,
    })),
  });
  return {
    index,
    tip: tipOf(call),
    y,
    trunkClass,
    setup: stretch(span.from, talkFrom ?? span.to),
    talk: talkFrom === null ? null : stretch(talkFrom, span.to),
    ears: call.ears ? [strip(call.ears.caller, 0), strip(call.ears.callee, 1)] : [],
    middle: y + BAR.height / 2,
    signalled: call.ringbackAt === null ? null : round(x(call.ringbackAt)),
    audible: call.audibleRingbackAt === null ? null : round(x(call.audibleRingbackAt)),
    failed: hasFailed(call) ? failureMark(round(x(span.to)), y + BAR.height / 2, call.finalStatus) : null,
    width: round(Math.max(x(span.to) - x(span.from), 1)),
    tries: triesOf(call, y, x),
  };
}

function triesOf({ attempts }: CallMeasure, y: number, x: (atMs: number) => number): CallBar['tries'] {
  return attempts.slice(1).map((next, index) => {
    const before = attempts[index];
    const text = before?.status == null ? 'no answer' : String(before.status);
    const room = before ? x(next.atMs) - x(before.atMs) : 0;
    return {
      x: round(x(next.atMs)),
      y: y + BAR.height / 2,
      textY: y + 14.5,
      text: room > text.length * 5.5 + 4 ? text : '',
    };
  });
}

function failureMark(x: number, y: number, status: number | null): CallBar['failed'] {
  return { x, y, textX: x + 6, textY: y + 3.5, status: status === null ? 'no answer' : String(status) };
}

/** What the pointer shows: a line a fact. */
function tipOf(call: CallMeasure): string {
  const since = (at: number | null) =>
    at === null || call.inviteAt === null ? 'never' : `+${seconds(at - call.inviteAt)}`;
  const lines = [
    `${call.id} (${call.direction})`,
    call.trunk === null ? 'reached no trunk' : `by ${call.trunk}`,
    ...(call.attempts.length > 1
      ? [`tries: ${call.attempts.map(({ trunk, status }) => `${trunk} ${status ?? 'no answer'}`).join(', ')}`]
      : []),
    `INVITE at ${seconds(call.inviteAt)}`,
    `ringing ${since(call.ringbackAt)}, audible ${since(call.audibleRingbackAt)}`,
    call.answeredAt === null
      ? `not answered, final status ${call.finalStatus ?? 'none'}`
      : `answered ${since(call.answeredAt)}, ended at ${seconds(call.endedAt)}`,
  ];
  if (call.ears)
    lines.push(`caller's ear: ${earText(call.ears.caller)}`, `callee's ear: ${earText(call.ears.callee)}`);
  if (call.oneWay) lines.push('one-way audio');
  if (call.deadAir) lines.push('dead air');
  return lines.map(printable).join('\n');
}

/** `correct, heard 98 %` */
export function earText(ear: EarMeasure): string {
  const other = ear.heardCall === null ? '' : ` (${ear.heardCall})`;
  return `${ear.class}${other}, heard ${percent(ear.heardShare)}`;
}

export const round = (value: number): number => Math.round(value * 10) / 10;
