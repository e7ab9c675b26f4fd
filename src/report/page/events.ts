import type { PowerCycle } from '../../measures/power-cycles.js';
import type { RegistrationMeasure } from '../../measures/registrations.js';
import type { ScenarioResult } from '../../verdict/types.js';
import { printable, seconds } from '../text.js';
import { CHARACTER, stretch } from './bands.js';
import { round } from './bars.js';

const LANE_HEIGHT = 13;
/** More phones than this share a lane. */
const MOST_PHONES = 8;

/** A row of what happened to one node. */
export interface EventLane {
  label: string;
  y: number;
  textY: number;
  middle: number;
  height: number;
  strips: { x: number; width: number; kind: 'off' | 'boot' | 'idle'; tip: string }[];
  marks: { x: number; kind: 'registered' | 'refused' | 'unanswered'; tip: string }[];
}

type Scale = (atMs: number) => number;

/** A lane for each node that lost its power, and for each phone that registers. */
export function eventLanes(
  { powerCycles, registrations }: Pick<ScenarioResult, 'powerCycles' | 'registrations'>,
  x: Scale,
  frame: { top: number; endMs: number; labelWidth: number },
): { lanes: EventLane[]; height: number } {
  const powered = [...new Set(powerCycles.map(({ node }) => node))].map((node) => ({
    label: `${node} off`,
    strips: powerCycles
      .filter((cycle) => cycle.node === node)
      .flatMap((cycle) => powerStrips(cycle, x, frame.endMs)),
    marks: [],
  }));
  const marked = registrations.map((phone) => ({
    label: phone.node,
    strips: [],
    marks: registrationMarks(phone, x),
  }));
  const phones =
    marked.length > MOST_PHONES
      ? [{ label: 'Phones', strips: [], marks: marked.flatMap(({ marks }) => marks) }]
      : marked;
  const lanes = [...powered, ...phones].map((lane, index): EventLane => {
    const y = frame.top + index * LANE_HEIGHT;
    const label = fit(printable(lane.label), Math.floor(frame.labelWidth / CHARACTER));
    return { ...lane, label, y, textY: y + 10, middle: y + 5.5, height: LANE_HEIGHT - 4 };
  });
  return { lanes, height: lanes.length * LANE_HEIGHT };
}

/** Without power, then until its programs were ready, then until the first call that was heard. What isn't known ends there. */
function powerStrips(cycle: PowerCycle, x: Scale, endMs: number): EventLane['strips'] {
  const { node, cutAt, onAt, readyAt, heardAt } = cycle;
  const tip = printable(
    `${node}: dark at ${seconds(cutAt)}, on at ${seconds(onAt)}, ready at ${seconds(readyAt)}, first call heard at ${seconds(heardAt)}`,
  );
  const strip = (kind: 'off' | 'boot' | 'idle', from: number | null, to: number | null) =>
    from === null ? [] : [{ ...stretch(from, to ?? endMs, x), kind, tip }];
  return [...strip('off', cutAt, onAt), ...strip('boot', onAt, readyAt), ...strip('idle', readyAt, heardAt)];
}

function registrationMarks({ node, extension, attempts }: RegistrationMeasure, x: Scale): EventLane['marks'] {
  return attempts.map(({ atMs, status, expiresS }) => {
    const kind = status === null ? 'unanswered' : status < 300 ? 'registered' : 'refused';
    const granted = expiresS === null ? '' : `, for ${expiresS} s`;
    const how = status === null ? 'no answer' : `${status}${granted}`;
    return {
      x: round(x(atMs)),
      kind,
      tip: printable(`${node} (${extension}): REGISTER at ${seconds(atMs)}, ${how}`),
    };
  });
}

const fit = (text: string, most: number): string =>
  text.length <= most ? text : `${text.slice(0, most - 1)}…`;
