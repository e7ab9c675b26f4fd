import type { FaultResult } from '../../verdict/types.js';
import { figureWords } from '../../runfolder/proof-words.js';
import { printable, seconds } from '../text.js';
import { round } from './bars.js';
import { packLanes } from './lanes.js';

/** Room for a character of the small type, in viewBox units. */
export const CHARACTER = 6.3;
export const FAULT_HEIGHT = 22;
/** Figures of a proof that a tip has room for; all of them are in the table. */
const MOST_FIGURES = 6;

export interface Band {
  x: number;
  width: number;
  y: number;
  label: string;
  tip: string;
}

export interface FaultBand extends Band {
  labelX: number;
  textY: number;
  anchor: 'start' | 'end';
  proof: 'proven' | 'unproven';
}

type Scale = (atMs: number) => number;

/** A band a fault, its label in it or beside it, in as many rows as the labels need to stay apart. */
export function faultBands(
  faults: readonly FaultResult[],
  x: Scale,
  frame: { top: number; endMs: number; rightX: number },
): { bands: FaultBand[]; rows: number } {
  const drafts = faults.map((fault) => draft(fault, x, frame));
  const { lanes, count } = packLanes(
    drafts.map(({ extent }) => extent),
    8,
  );
  const bands = drafts.map(({ fault, extent: _, ...rest }, index) => {
    const y = frame.top + lanes[index]! * FAULT_HEIGHT;
    return { ...rest, tip: tipOf(fault, rest.label), y, textY: y + 13 };
  });
  return { bands, rows: count };
}

function draft(fault: FaultResult, x: Scale, { endMs, rightX }: { endMs: number; rightX: number }) {
  const bar = stretch(fault.appliedAt ?? fault.plannedAt, fault.healedAt ?? endMs, x);
  const proof: FaultBand['proof'] = fault.proof.applied?.holds ? 'proven' : 'unproven';
  const short = printable(
    `${fault.title} · ${fault.target} · ${proof === 'proven' ? 'proven' : 'not proven'}`,
  );
  // Of what isn't proven the figure that says why.
  const figure = fault.proof.applied?.figures.find(({ holds }) => proof === 'proven' || holds === false);
  const long = figure ? printable(`${short}: ${figureWords(figure)}`) : short;
  const label = long.length * CHARACTER < bar.width - 12 ? long : short;
  const length = label.length * CHARACTER;
  const end = bar.x + bar.width;
  const inside = length < bar.width - 12;
  const anchor: FaultBand['anchor'] = inside || end + 6 + length < rightX ? 'start' : 'end';
  const labelX = inside ? bar.x + 8 : anchor === 'start' ? end + 6 : bar.x - 6;
  const extent =
    anchor === 'start'
      ? { from: bar.x, to: Math.max(end, labelX + length) }
      : { from: labelX - length, to: end };
  return { fault, ...bar, proof, label, labelX: round(labelX), anchor, extent };
}

function tipOf(fault: FaultResult, label: string): string {
  const healed = fault.healedAt === null ? 'not healed' : `healed at ${seconds(fault.healedAt)}`;
  const { applied } = fault.proof;
  const lines = [
    label,
    `applied at ${seconds(fault.appliedAt)}, ${healed}`,
    ...(applied ? [`asked for: ${applied.requested}`, applied.reason] : ['no proof was taken']),
    ...(applied?.figures ?? []).slice(0, MOST_FIGURES).map(figureWords),
  ];
  return lines.map(printable).join('\n');
}

export const stretch = (fromMs: number, toMs: number, x: Scale) => ({
  x: round(x(fromMs)),
  width: round(Math.max(x(toMs) - x(fromMs), 1)),
});
