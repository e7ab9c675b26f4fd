import { scaleLinear } from 'd3-scale';
import type { CallMeasure } from '../../measures/types.js';
import type { ScenarioResult } from '../../verdict/types.js';
import { hasFailed } from '../figures.js';
import { printable, seconds } from '../text.js';
import { BAR, callBar, callSpan, round, type CallBar } from './bars.js';
import { CHARACTER, FAULT_HEIGHT, faultBands, stretch, type Band, type FaultBand } from './bands.js';
import { eventLanes, type EventLane } from './events.js';
import { packLanes } from './lanes.js';
import { sharePaths } from './share.js';

/** Sizes in viewBox units. */
const WIDTH = 1120;
const LEFT = 84;
const RIGHT = 20;
const PHASE_HEIGHT = 22;
/** Between calls in a row, and room for the status of a failed one, which may be that none came. */
const CALL_GAP = 7;
const STATUS_WIDTH = 32;
const NO_ANSWER_WIDTH = 62;
const SHARE_HEIGHT = 40;
const SPACE = 14;
const AXIS_HEIGHT = 34;

/** Trunks have four colours; a fifth takes the first again. */
const TRUNK_COLOURS = 4;

/** The timeline of one scenario as geometry: everything that the SVG template draws. */
export interface Timeline {
  svgId: string;
  title: string;
  width: number;
  height: number;
  left: number;
  right: number;
  description: string;
  phases: (Band & { middle: number; name: string })[];
  faults: FaultBand[];
  faultHeight: number;
  /** Power and registrations of nodes. */
  events: EventLane[];
  hasPower: boolean;
  hasPhones: boolean;
  hasTries: boolean;
  bodyTop: number;
  bodyHeight: number;
  plotWidth: number;
  share: { y: number; textY: number; height: number; layers: { path: string; trunkClass: string }[] };
  calls: CallBar[];
  callsTextY: number;
  barHeight: number;
  /** `near`: shown only when one is zoomed in. */
  ticks: { x: number; label: string; near: boolean }[];
  /** Lines at the ticks. */
  grid: { always: string; near: string };
  axisY: number;
  tickY: number;
  trunks: { name: string; trunkClass: string }[];
  heardClasses: string[];
}

export function timelineOf(result: ScenarioResult, svgId: string): Timeline {
  const placed = result.calls.flatMap((call, index) => {
    const span = callSpan(call);
    return span ? [{ call, index, span }] : [];
  });
  const axis = axisSpan(
    result,
    placed.map(({ span }) => span.to),
  );
  const scale = scaleLinear([axis.fromMs, axis.toMs], [LEFT, WIDTH - RIGHT]);
  const x = (atMs: number) => scale(Math.min(Math.max(atMs, axis.fromMs), axis.toMs));
  const trunks = trunksOf(result.calls);
  const trunkClass = (trunk: string | null) =>
    trunk === null ? 'trunk-none' : `trunk-${trunks.indexOf(trunk) % TRUNK_COLOURS}`;

  const coarse = new Set(scale.ticks(10));

  const faultsTop = PHASE_HEIGHT + 8;
  const faults = faultBands(result.faults, x, { top: faultsTop, endMs: axis.toMs, rightX: WIDTH });
  const eventsTop = faultsTop + faults.rows * FAULT_HEIGHT + (faults.rows > 0 ? 6 : 0);
  const events = eventLanes(result, x, { top: eventsTop, endMs: axis.toMs, labelWidth: LEFT - 4 });
  const shareTop = eventsTop + events.height + 2;
  const callsTop = shareTop + SHARE_HEIGHT + SPACE;
  const msPerUnit = (axis.toMs - axis.fromMs) / (WIDTH - LEFT - RIGHT);
  const { lanes, count } = packLanes(
    placed.map(({ call, span }) =>
      hasFailed(call)
        ? { ...span, to: span.to + (call.finalStatus === null ? NO_ANSWER_WIDTH : STATUS_WIDTH) * msPerUnit }
        : span,
    ),
    CALL_GAP * msPerUnit,
  );
  const bodyBottom = callsTop + count * BAR.pitch;
  const ticks = scale.ticks(40).map((atMs) => ({
    x: round(x(atMs)),
    label: String(atMs / 1000),
    near: !coarse.has(atMs),
  }));
  const gridOf = (near: boolean) =>
    ticks
      .filter((tick) => tick.near === near)
      .map((tick) => `M${tick.x} ${shareTop}V${bodyBottom + 6}`)
      .join('');
  const layers: (string | null)[] = [...trunks, null];
  const paths = sharePaths(result.calls, layers, axis, {
    x,
    y: (share) => shareTop + SHARE_HEIGHT * (1 - share),
  });
  return {
    svgId,
    title: printable(result.id),
    width: WIDTH,
    height: bodyBottom + AXIS_HEIGHT,
    left: LEFT,
    right: WIDTH - RIGHT,
    description: describe(result, axis.toMs),
    phases: result.phases.map(({ name, fromMs, toMs }) => ({
      ...stretch(fromMs, toMs, x),
      y: 2,
      middle: round((x(fromMs) + x(toMs)) / 2),
      name,
      label: (x(toMs) - x(fromMs)) / CHARACTER > name.length ? name : '',
      tip: `${name}: ${seconds(fromMs)} to ${seconds(toMs)}`,
    })),
    faults: faults.bands,
    faultHeight: FAULT_HEIGHT - 4,
    events: events.lanes,
    hasPower: result.powerCycles.length > 0,
    hasPhones: result.registrations.length > 0,
    hasTries: result.calls.some(({ attempts }) => attempts.length > 1),
    bodyTop: shareTop,
    bodyHeight: bodyBottom - shareTop,
    plotWidth: WIDTH - RIGHT - LEFT,
    share: {
      y: shareTop,
      textY: shareTop + SHARE_HEIGHT / 2 + 4,
      height: SHARE_HEIGHT,
      layers: paths.map((path, index) => ({ path, trunkClass: trunkClass(layers[index] ?? null) })),
    },
    calls: placed.map(({ call, index, span }, place) =>
      callBar(call, index, span, callsTop + lanes[place]! * BAR.pitch, x, trunkClass(call.trunk)),
    ),
    callsTextY: callsTop + 8,
    barHeight: BAR.height,
    ticks,
    grid: { always: gridOf(false), near: gridOf(true) },
    axisY: bodyBottom + 6,
    tickY: bodyBottom + 24,
    trunks: layers
      .filter((trunk) => result.calls.some((call) => call.trunk === trunk))
      .map((trunk) => ({ name: printable(trunk ?? 'reached no trunk'), trunkClass: trunkClass(trunk) })),
    heardClasses: heardClassesOf(result.calls),
  };
}

/** From the start of traffic to the last thing seen. */
function axisSpan(result: ScenarioResult, ends: number[]): { fromMs: number; toMs: number } {
  const starts = result.calls.flatMap(({ inviteAt }) => inviteAt ?? []);
  const edges = [
    ...result.phases.map(({ toMs }) => toMs),
    ...result.faults.flatMap(({ healedAt }) => healedAt ?? []),
  ];
  return { fromMs: Math.min(0, ...starts), toMs: Math.max(1000, ...ends, ...edges) };
}

const trunksOf = (calls: readonly CallMeasure[]): string[] =>
  [...new Set(calls.flatMap(({ trunk }) => trunk ?? []))].sort();

const heardClassesOf = (calls: readonly CallMeasure[]): string[] => [
  ...new Set(
    calls.flatMap(({ ears }) =>
      ears ? [...ears.caller.segments, ...ears.callee.segments].map((segment) => segment.class) : [],
    ),
  ),
];

const describe = ({ calls, faults, phases }: ScenarioResult, toMs: number): string =>
  `${calls.length} calls over ${seconds(toMs)}, ${faults.length} faults, phases ${phases.map(({ name }) => name).join(', ')}. ` +
  'The same figures are in the tables below.';
