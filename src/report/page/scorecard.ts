import type { FailoverMeasure } from '../../measures/types.js';
import type { Scorecard } from '../../verdict/types.js';
import type { Figures } from '../figures.js';
import { percent, score, seconds } from '../text.js';

/** From here up an axis is shown as good, from the second as fair. Only colour: the verdict is the expectations'. */
const GOOD = 80;
const FAIR = 50;

export interface AxisView {
  name: string;
  score: string;
  level: 'good' | 'fair' | 'poor' | 'unknown';
  /** Length of the bar, 0–100. */
  bar: number;
  /** What the score comes from. */
  figures: string;
}

export function scorecardOf(card: Scorecard, figures: Figures, failover: FailoverMeasure): AxisView[] {
  const view = (name: string, value: number | null, text: string): AxisView => ({
    name,
    score: score(value),
    level: value === null ? 'unknown' : value >= GOOD ? 'good' : value >= FAIR ? 'fair' : 'poor',
    bar: value ?? 0,
    figures: text,
  });
  const { placed, answered, neverRang, oneWay, deadAir, transitions } = figures;
  const never = neverRang > 0 ? `, ${neverRang} never rang` : '';
  const settled = failover.settleMs === null ? '' : `, home after ${seconds(failover.settleMs)}`;
  return [
    view('Ringback', card.ringback, `p95 ${seconds(figures.ringbackP95Ms)}${never}`),
    view(
      'Audio',
      card.audio,
      `heard ${percent(figures.heardShare)}, ${oneWay}\u00a0one\u2011way, ${deadAir}\u00a0dead\u00a0air`,
    ),
    view('Failback', card.failback, `${transitions} of ${figures.expectedTransitions} transitions${settled}`),
    view('Overall', card.overall, `${answered} of ${placed} calls answered`),
  ];
}
