import type { FieldCall, LooseMedia } from '../measures/field/types.js';
import { ladderText } from './field-ladder.js';
import { earLines, streamLines } from './field-media.js';
import { printable, seconds } from './text.js';

/** Everything about one call. */
export function callText(call: FieldCall): string[] {
  const { number, from, to, legs, joins, streams, ears, recording } = call;
  return [
    `Call ${number}: ${printable(from ?? '?')} → ${printable(to ?? '?')}`,
    ...outcomeLines(call),
    ...legs.map(({ callId }, i) => `  leg ${i + 1}: Call-ID ${printable(callId)}`.slice(0, 100)),
    ...joins.map(({ sure, reason }) => `  joined: ${printable(reason)} (${sure})`.slice(0, 100)),
    '',
    ...ladderText(legs),
    '',
    ...streamLines(streams),
    ...(streams.length > 0
      ? [...earLines('caller', ears.caller), ...earLines('callee', ears.callee)]
      : ['  no media of it was seen']),
    ...(recording
      ? [`  recording: ${printable(recording)} (left the caller's ear, right the callee's)`]
      : []),
    '',
  ];
}

function outcomeLines(call: FieldCall): string[] {
  const {
    inviteAt,
    ringbackAt,
    ringbackKind,
    audibleRingbackAt,
    answeredAt,
    endedAt,
    finalStatus,
    finalReason,
  } = call;
  const after = (at: number) => (inviteAt === null ? '' : ` after ${seconds(at - inviteAt)}`);
  const start =
    inviteAt === null ? 'began before the capture' : `INVITE at ${(inviteAt / 1000).toFixed(3)} s`;
  const ringing =
    ringbackAt === null
      ? 'no ringing signalled'
      : `ringing signalled${after(ringbackAt)} (${ringbackKind === 'local' ? '180' : '183 with SDP'})`;
  const audible = audibleRingbackAt === null ? 'not audible' : `audible${after(audibleRingbackAt)}`;
  const status =
    finalStatus === null ? 'no final response' : `${finalStatus} ${printable(finalReason ?? '')}`.trim();
  const answer = answeredAt === null ? status : `answered${after(answeredAt)} (${status})`;
  const lasted = answeredAt !== null && endedAt !== null ? `, up for ${seconds(endedAt - answeredAt)}` : '';
  return [
    `  ${start}${inviteAt === null ? '' : `; ${ringing}, ${audible}`}`,
    `  ${answer}${lasted}; ${endText(call)}`,
  ];
}

function endText({ endedAt, endedBy, endedWith }: FieldCall): string {
  if (endedAt === null) return 'its end was not seen';
  const who =
    endedBy === null
      ? 'one side'
      : endedBy === 'between'
        ? 'something between the parties'
        : `the ${endedBy}`;
  return `ended by ${who} (${endedWith}) at ${(endedAt / 1000).toFixed(3)} s`;
}

/** RTP without a call. */
export function looseText({ streams, ears, recording }: LooseMedia, number: number): string[] {
  return [
    `Media ${number}, of no call that was seen being set up`,
    ...streamLines(streams),
    ...(streams.some(({ towards }) => towards === 'callee') ? earLines('callee', ears.callee) : []),
    ...(streams.some(({ towards }) => towards === 'caller') ? earLines('caller', ears.caller) : []),
    ...(recording ? [`  recording: ${printable(recording)}`] : []),
    '',
  ];
}
