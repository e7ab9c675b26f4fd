import type { CallStream, FieldEar, Party } from '../measures/field/types.js';
import { wrapped } from './field-lines.js';
import { printable, seconds } from './text.js';

const atS = (ms: number): string => (ms / 1000).toFixed(2);
/** Most stretches of one ear that are listed. */
const MOST_LISTED = 8;

/** Figures of streams, a line each (RFC 3550, at the capture point), and the holes under it. */
export function streamLines(streams: readonly CallStream[]): string[] {
  if (streams.length === 0) return [];
  const header = `  ${'to'.padEnd(7)}${'RTP'.padEnd(46)}${'codec'.padEnd(9)}${'packets'.padStart(8)}${'lost'.padStart(7)}${'dup'.padStart(5)}${'order'.padStart(6)}${'jitter'.padStart(9)}`;
  return [header, ...streams.flatMap(streamLine)];
}

function streamLine(one: CallStream): string[] {
  const { src, dst, ssrc, file, towards, codec, figures, holes, by } = one;
  const way = `${src.address}:${src.port} → ${dst.address}:${dst.port}`;
  const numbers = [
    String(figures.received).padStart(8),
    String(figures.lost).padStart(7),
    String(figures.duplicates).padStart(5),
    String(figures.outOfOrder).padStart(6),
    `${figures.meanJitterMs.toFixed(1)} ms`.padStart(9),
  ].join('');
  const long = way.length > 45;
  const row = `  ${towards.padEnd(7)}${long ? '' : way.padEnd(46)}`;
  const rest = `${printable(codec ?? '?')
    .slice(0, 8)
    .padEnd(9)}${numbers}`;
  const listed = holes
    .slice(0, MOST_LISTED)
    .map(
      ({ startMs, endMs, kind, packets, frames }) =>
        `         hole at ${atS(startMs)}–${atS(endMs)} s: ${kind === 'lost' ? `${packets} packets lost` : 'nothing sent'} (frames ${frames.join(', ')})`,
    );
  const more = holes.length > MOST_LISTED ? [`         … and ${holes.length - MOST_LISTED} more holes`] : [];
  const basis = by === 'both-ends' ? '' : `, ${BASES[by]}`;
  return [
    ...(long ? [`  ${towards.padEnd(7)}${way}`, `${' '.repeat(55)}${rest}`] : [`${row}${rest}`]),
    `         ssrc 0x${ssrc.toString(16)} in ${printable(file)}${basis}`,
    ...listed,
    ...more,
  ];
}

const BASES = {
  destination: 'the call’s by where it went',
  source: 'the call’s by where it came from',
  symmetric: 'by the ports alone',
  ports: 'the call’s by its ports',
  ssrc: 'the call’s by its SSRC',
};

const SOUNDS: Record<string, string> = {
  'other-audio': 'sound',
  'comfort-noise': 'comfort noise',
  silence: 'digital silence',
  nothing: 'nothing arriving',
  correct: 'the other party',
  crosstalk: 'the other party, and crosstalk',
  'other-stream': "another call's voice",
};

const soundOf = (name: string): string => SOUNDS[name] ?? name;

const WORDS: Record<string, string> = {
  correct: 'the other',
  crosstalk: 'crosstalk',
  'other-stream': 'a stranger',
  'other-audio': 'sound',
  'comfort-noise': 'noise',
};

/** What one ear heard, for the overview: 10 columns at the most. */
export function heardWord(ear: FieldEar | null): string {
  if (!ear) return 'no media';
  return ear.class === null ? 'undecoded' : (WORDS[ear.class] ?? ear.class);
}

/** What one ear heard, and how far that can be said. */
export function earLines(name: Party | 'left' | 'right', ear: FieldEar | null): string[] {
  const title = `  ${name === 'caller' || name === 'callee' ? `the ${name}'s ear` : name}`;
  if (!ear) return [`${title}: no media towards it was seen`];
  return [
    `${title}: ${ear.class === null ? `can't be told: ${printable(ear.unheard ?? '')}` : soundOf(ear.class)}${shareText(ear)}`,
    ...wrapped(ear.placeReason, 4),
    ...qualityLines(ear),
    ...segmentLines(ear),
  ];
}

function shareText({ judgedBy, heardShare, activeShare, class: heard }: FieldEar): string {
  const percent = (share: number) => `${(share * 100).toFixed(share < 1 && share > 0.9 ? 1 : 0)} %`;
  if (judgedBy === 'signature' && heardShare !== null)
    return `, heard ${percent(heardShare)} of the time, by its signature`;
  return heard === null || activeShare === null
    ? ''
    : `, ${percent(activeShare)} of the time; whose voice is unknown`;
}

function qualityLines(ear: FieldEar): string[] {
  const { packets, mos, delayMs, mouthToEarMs, bufferMs, choppiness, echo, loss, digits } = ear;
  const { received, lost, late } = packets;
  const parts: string[] = [];
  if (mos.listening !== null) parts.push(`MOS ${mos.listening.toFixed(2)} (listening)`);
  if (mos.conversational !== null) parts.push(`MOS ${mos.conversational.toFixed(2)} (conversational)`);
  if (delayMs !== null) parts.push(`delay ${delayMs.toFixed(0)} ms`);
  else if (mouthToEarMs !== null) parts.push(`some ${mouthToEarMs.toFixed(0)} ms from mouth to ear, by RTCP`);
  else parts.push('delay unknown');
  if (choppiness !== null && choppiness.totalMs > 0)
    parts.push(
      `choppy: ${choppiness.holesPerMinute.toFixed(1)} short holes a minute, the longest ${choppiness.longestMs} ms`,
    );
  if (echo !== null) parts.push(`own voice after ${echo.delayMs.toFixed(0)} ms`);
  if (loss !== null && loss.burst.count > 0)
    parts.push(
      `${loss.burst.count} ${loss.burst.count === 1 ? 'burst' : 'bursts'} of loss of ${seconds(loss.burst.meanMs)} on average`,
    );
  const dialled = digits.filter(({ duplicate }) => !duplicate).map(({ digit }) => digit);
  return [
    ...wrapped(
      `${received} packets to play, ${lost} lost, ${late} too late for a buffer of ${bufferMs.toFixed(0)} ms; ${parts.join('; ')}`,
      4,
    ),
    ...(dialled.length > 0 ? [`    digits: ${dialled.join('').slice(0, 60)}`] : []),
  ];
}

function segmentLines({ segments, audioHoles }: FieldEar): string[] {
  const lines = segments
    .slice(0, MOST_LISTED)
    .map(
      ({ fromMs, toMs, class: name, sound }) =>
        `    ${atS(fromMs).padStart(9)} – ${atS(toMs).padStart(9)} s  ${sound === 'steady' ? 'steady sound' : (sound ?? soundOf(name))}`,
    );
  if (segments.length > MOST_LISTED) lines.push(`    … and ${segments.length - MOST_LISTED} more stretches`);
  const total = audioHoles.reduce((sum, { startMs, endMs }) => sum + endMs - startMs, 0);
  if (audioHoles.length > 0)
    lines.push(
      `    ${audioHoles.length} ${audioHoles.length === 1 ? 'hole' : 'holes'} in what it heard, ${seconds(total)} in all`,
    );
  return lines;
}
