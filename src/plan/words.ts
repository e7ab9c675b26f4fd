import { formatDuration } from '../base/units.js';
import type { Chance, Impairment, Loss, Match } from './impairment.js';
import type { NodeAction } from './planned-fault.js';

/** `delay 40 ± 5 ms, loss 2 %`; `clear` for nothing. */
export function impairmentWords(impairment: Impairment): string {
  const { delay, loss, duplicate, corrupt, reorder, rate, slot, mtuBytes } = impairment;
  const parts: string[] = [];
  if (delay) {
    const { ms, jitterMs, distribution } = delay;
    const shape = typeof distribution === 'string' ? distribution : distribution.name;
    const jitter = jitterMs > 0 ? ` ± ${jitterMs}` : '';
    parts.push(`delay ${ms}${jitter} ms${jitterMs > 0 && shape !== 'uniform' ? ` (${shape})` : ''}`);
  }
  if (loss) parts.push(lossWords(loss));
  if (duplicate) parts.push(chanceWords('duplicate', duplicate));
  if (corrupt) parts.push(chanceWords('corrupt', corrupt));
  if (reorder) parts.push(chanceWords('reorder', reorder) + (reorder.gap > 1 ? `, gap ${reorder.gap}` : ''));
  if (rate) {
    const queue = [
      ...(rate.limitPackets === null ? [] : [`${rate.limitPackets} packets`]),
      ...(rate.limitMs === null ? [] : [`${rate.limitMs} ms`]),
    ];
    parts.push(
      `rate ${bitRateWords(rate.bitsPerS)}${queue.length > 0 ? ` with a queue of ${queue.join(', ')}` : ''}`,
    );
  }
  if (slot) parts.push(`slots of ${slot.minMs === slot.maxMs ? '' : `${slot.minMs}–`}${slot.maxMs} ms`);
  if (mtuBytes !== null) parts.push(`MTU ${mtuBytes}`);
  return parts.join(', ') || 'clear';
}

/** `SIP INVITE, the first 3`, `udp to 198.18.2.2 port 5060` */
export function matchWords({
  protocol,
  source,
  destination,
  sourcePort,
  destinationPort,
  dscp,
  sip,
  rtp,
}: Match): string {
  const parts: string[] = [];
  if (sip) {
    const { method, status, reinvite, first } = sip;
    const kind = reinvite === undefined ? '' : reinvite ? 're-' : 'initial ';
    const what = kind === '' ? (method ?? '') : `${kind}INVITE`;
    const message = status === undefined ? what : [status, ...(what === '' ? [] : ['to', what])].join(' ');
    parts.push(`SIP ${message}${first === undefined ? '' : `, the first ${first}`}`.trim());
  }
  if (rtp) {
    const { ssrc, payloadType } = rtp;
    parts.push(
      [
        'RTP',
        ...(ssrc === undefined ? [] : [`SSRC ${ssrc}`]),
        ...(payloadType === undefined ? [] : [`payload type ${payloadType}`]),
      ].join(' '),
    );
  }
  if (protocol && !sip && !rtp) parts.push(protocol);
  if (source !== undefined) parts.push(`from ${source}`);
  if (sourcePort !== undefined) parts.push(`from port ${portWords(sourcePort)}`);
  if (destination !== undefined) parts.push(`to ${destination}`);
  if (destinationPort !== undefined) parts.push(`to port ${portWords(destinationPort)}`);
  if (dscp !== undefined) parts.push(`DSCP ${dscp}`);
  return parts.join(' ') || 'every packet';
}

/** `512 kbit/s` */
export function bitRateWords(bitsPerS: number): string {
  const units: [number, string][] = [
    [1e9, 'Gbit/s'],
    [1e6, 'Mbit/s'],
    [1e3, 'kbit/s'],
  ];
  const [factor, unit] = units.find(([least]) => bitsPerS >= least) ?? [1, 'bit/s'];
  return `${Number((bitsPerS / factor).toPrecision(4))} ${unit}`;
}

/** `2 %`, to three digits after the point at most. */
export const shareWords = (share: number): string => `${Number((share * 100).toFixed(3))} %`;

const chanceWords = (what: string, { share, correlation }: Chance): string =>
  `${what} ${shareWords(share)}${correlation > 0 ? ` (correlation ${shareWords(correlation)})` : ''}`;

function lossWords(loss: Loss): string {
  switch (loss.kind) {
    case 'random':
      return chanceWords('loss', loss);
    case 'gilbert-elliott':
      return `loss in bursts (Gilbert–Elliott p ${shareWords(loss.p)}, r ${shareWords(loss.r)}, h ${shareWords(loss.h)}, k ${shareWords(loss.k)})`;
    case 'four-state':
      return `loss in four states (p13 ${shareWords(loss.p13)}, p31 ${shareWords(loss.p31)}, p32 ${shareWords(loss.p32)}, p23 ${shareWords(loss.p23)}, p14 ${shareWords(loss.p14)})`;
    case 'pattern':
      return `loss by the pattern ${loss.lose.map((lost) => (lost ? 'x' : '.')).join('')}`;
  }
}

const portWords = (port: number | [number, number]): string =>
  typeof port === 'number' ? String(port) : port.join('–');

/** `no answer`, `slow by 3s`, `NXDOMAIN for trunk.test`, `gw.trunk.test gives 198.18.4.1` */
export function dnsWords({ answer, record }: Extract<NodeAction, { kind: 'dns' }>): string {
  const about = record === null ? '' : ` for ${record}`;
  switch (answer.how) {
    case 'none':
      return `no answer${about}`;
    case 'slow':
      return `slow by ${formatDuration(answer.delayMs)}`;
    case 'changed':
      return `${record ?? ''} gives ${answer.data.join(', ')}`;
    case 'stale':
      return `${record ?? ''} stays what it was`;
    default:
      return answer.how.toUpperCase() + about;
  }
}
