import { CODECS, CONDITIONS, JITTERS_MS, LOSSES, type Cell, type Loss } from './hearing-cells.js';
import type { CallScore, EarScore } from './hearing-score.js';
import { literally, quantile, rate, recallAndPrecision, type Rate } from './hearing-statistics.js';

const percent = ({ k, n, low, high }: Rate): string =>
  n === 0
    ? '–'
    : `${k}/${n} = ${((100 * k) / n).toFixed(2)} % (${(100 * low).toFixed(1)}–${(100 * high).toFixed(1)})`;
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
const lossName = ({ share, pattern }: Loss): string => (share === 0 ? 'none' : `${share * 100} % ${pattern}`);
const ms = (value: number): string => (Number.isNaN(value) ? '–' : value.toFixed(1));

/** Recall and precision of one-way and dead air, by what `by` says of a call. */
export function verdictTable(
  title: string,
  scores: readonly CallScore[],
  groups: readonly [string, (cell: Cell) => boolean][],
): string {
  const rows = groups.map(([name, has]) => {
    const own = scores.filter(({ cell }) => has(cell));
    const oneWay = recallAndPrecision(own.map((score) => score.oneWay));
    const dead = recallAndPrecision(own.map((score) => score.deadAir));
    return [
      name,
      String(own.length),
      ...[oneWay.recall, oneWay.precision, dead.recall, dead.precision].map(percent),
      `${oneWay.grey} / ${dead.grey}`,
    ];
  });
  const head = [
    title,
    'calls',
    'one-way: recall',
    'one-way: precision',
    'dead air: recall',
    'dead air: precision',
    'grey',
  ];
  return table(head, rows);
}

export const byLoss: readonly [string, (cell: Cell) => boolean][] = LOSSES.map((loss) => [
  lossName(loss),
  (cell) => lossName(cell.loss) === lossName(loss),
]);
const byLossUpTo: readonly [string, (cell: Cell) => boolean][] = [
  ['≤ 10 %', ({ loss }) => loss.share <= 0.1],
  ['20 %', ({ loss }) => loss.share === 0.2],
  ['30 %', ({ loss }) => loss.share === 0.3],
];
export const byCodec: readonly [string, (cell: Cell) => boolean][] = CODECS.flatMap((codec) =>
  byLossUpTo.map(([name, has]): [string, (cell: Cell) => boolean] => [
    `${codec}, ${name}`,
    (cell) => cell.codec === codec && has(cell),
  ]),
);
export const byJitter: readonly [string, (cell: Cell) => boolean][] = JITTERS_MS.flatMap((jitter) =>
  ([50, 200, 'adaptive'] as const).map((buffer): [string, (cell: Cell) => boolean] => [
    `0–${jitter} ms, buffer ${buffer}`,
    (cell) => cell.jitterMs === jitter && cell.bufferMs === buffer,
  ]),
);

interface LabelledEar extends EarScore {
  cell: Cell;
}
const earsOf = (scores: readonly CallScore[]): LabelledEar[] =>
  scores.flatMap(({ ears, cell }) => ears.map((ear) => ({ ...ear, cell })));

/** Recall and precision of each class of ear, at three levels of loss. */
export function classTable(scores: readonly CallScore[]): string {
  const ears = earsOf(scores).filter(({ truth }) => truth !== null);
  const labels = [...new Set(ears.map(({ truth }) => truth!))].sort();
  const rows = labels.map((label) => [
    label,
    ...byLossUpTo.flatMap(([, has]) => {
      const own = ears.filter(({ cell }) => has(cell));
      const answers = own.map(({ truth, heard }) => ({
        truth: truth === label,
        heard: heard === label,
      }));
      const { recall, precision } = recallAndPrecision(answers);
      return [percent(recall), percent(precision)];
    }),
  ]);
  return table(['heard', ...byLossUpTo.flatMap(([name]) => [`${name}: recall`, 'precision'])], rows);
}

/** What docs/measures.md promises of edges in ms, at up to 1 % of loss. */
const PROMISES: readonly {
  name: string;
  has: (ear: LabelledEar) => boolean;
  onset: readonly [number, number];
  regain: readonly [number, number];
}[] = [
  {
    name: 'G.711',
    has: ({ cell, besideStranger }) => cell.codec.startsWith('PCM') && !besideStranger,
    onset: [-5, 40],
    regain: [-20, 20],
  },
  {
    name: 'G.722',
    has: ({ cell, besideStranger }) => cell.codec === 'G722' && !besideStranger,
    onset: [-5, 40],
    regain: [-20, 60],
  },
  {
    name: 'Opus',
    has: ({ cell, besideStranger }) => cell.codec === 'OPUS' && !besideStranger,
    onset: [-20, 60],
    regain: [-20, 60],
  },
  {
    name: 'another signature in the hole',
    has: ({ besideStranger }) => besideStranger,
    onset: [-120, 120],
    regain: [-120, 120],
  },
];

/** Errors of edges and delays in ms: 1st percentile, median, 99th; and the share of edges within what is promised. */
export function errorTable(scores: readonly CallScore[]): string {
  const of = (values: readonly number[]): string =>
    [0.01, 0.5, 0.99].map((share) => ms(quantile(values, share))).join(' / ');
  const known = (own: readonly LabelledEar[], what: (ear: EarScore) => number | null): number[] =>
    own.map(what).filter((value) => value !== null);
  const within = (values: readonly number[], [least, most]: readonly [number, number]): string =>
    percent(rate(values.filter((value) => value >= least && value <= most).length, values.length));
  const range = ([least, most]: readonly [number, number]): string => `${least} … ${most}`;
  const ears = earsOf(scores);
  const rows = PROMISES.filter(({ has }) => ears.some(has)).flatMap((promise) =>
    byLoss.map(([name, has]) => {
      const own = ears.filter((ear) => promise.has(ear) && has(ear.cell));
      const [onset, regain] = [known(own, (ear) => ear.onsetMs), known(own, (ear) => ear.regainMs)];
      return [
        promise.name,
        name,
        of(onset),
        `${range(promise.onset)}: ${within(onset, promise.onset)}`,
        of(regain),
        `${range(promise.regain)}: ${within(regain, promise.regain)}`,
        of(known(own, (ear) => ear.delayErrorMs)),
      ];
    }),
  );
  return table(
    ['', 'loss', 'onset', 'within what is promised', 'regain', 'within what is promised', 'delay'],
    rows,
  );
}

/** How an ear with echo, and a choppy call, are noticed. */
export function otherTable(scores: readonly CallScore[]): string {
  const { recall, precision } = recallAndPrecision(scores.map(({ choppy }) => choppy));
  const late = scores.filter(({ cell }) => cell.condition === 'late packets').map(({ oneWay }) => oneWay);
  const spikes = recallAndPrecision(late);
  return table(
    ['', 'recall', 'precision', 'grey'],
    [
      ['choppy (no loss beside)', percent(recall), percent(precision), '–'],
      [
        'one-way by packets that come too late',
        percent(spikes.recall),
        percent(spikes.precision),
        String(spikes.grey),
      ],
    ],
  );
}

/** Every cell in which something was wrong, worst first. */
export function badCells(scores: readonly CallScore[]): string {
  const cells = new Map<string, { calls: number; wrong: string[] }>();
  for (const { cell, oneWay, deadAir, ears } of scores) {
    const name = [cell.condition, cell.codec, lossName(cell.loss), `jitter ${cell.jitterMs}`].join(' · ');
    const entry = cells.get(name) ?? { calls: 0, wrong: [] };
    cells.set(name, entry);
    entry.calls++;
    for (const [what, { truth, heard }] of [
      ['one-way', oneWay],
      ['dead air', deadAir],
    ] as const)
      if (truth !== null && truth !== heard) entry.wrong.push(`${what} ${truth ? 'missed' : 'false'}`);
    for (const { truth, heard } of ears)
      if (truth !== null && truth !== heard) entry.wrong.push(`${truth} → ${heard}`);
  }
  const bad = [...cells]
    .filter(([, { wrong }]) => wrong.length > 0)
    .sort((a, b) => b[1].wrong.length - a[1].wrong.length);
  const rows = bad.map(([name, { calls, wrong }]) => [
    name,
    String(calls),
    [...new Set(wrong)].join('; '),
    String(wrong.length),
  ]);
  return `${bad.length} of ${cells.size} cells.\n\n${table(['cell', 'calls', 'what', 'times'], rows)}`;
}

/** The goals, and whether they were reached: without the grey calls, and with them, the limit taken to the letter. */
export function goalTable(scores: readonly CallScore[]): string {
  const rows = byLossUpTo.slice(0, 2).flatMap(([name, has], i) => {
    const own = scores.filter(({ cell }) => has(cell));
    const goal = i === 0 ? 0.999 : 0.99;
    return (['oneWay', 'deadAir'] as const).flatMap((question) => {
      const answers = own.map((score) => score[question]);
      const [clear, all] = [recallAndPrecision(answers), literally(answers)];
      const reached = ({ share }: Rate): string => (share >= goal ? 'yes' : '**no**');
      return (['recall', 'precision'] as const).map((what) => [
        `${question === 'oneWay' ? 'one-way' : 'dead air'}, ${what}, loss ${name}`,
        `≥ ${goal * 100} %`,
        percent(clear[what]),
        reached(clear[what]),
        `${clear.grey} of ${answers.length}`,
        percent(all[what]),
        reached(all[what]),
      ]);
    });
  });
  return table(['goal', 'asked', 'without grey calls', 'reached', 'grey', 'with them', 'reached'], rows);
}

export const conditionCounts = (scores: readonly CallScore[]): string =>
  CONDITIONS.map((name) => `${name} ${scores.filter(({ cell }) => cell.condition === name).length}`).join(
    ', ',
  );
