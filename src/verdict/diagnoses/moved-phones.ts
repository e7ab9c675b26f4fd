import { count } from '../../base/count.js';
import { reachableAt, type AddressMove } from '../../measures/address-moves.js';
import type { CallMeasure } from '../../measures/types.js';
import { inSeconds } from '../words.js';
import { citeCalls } from '../cite-calls.js';
import { trafficEndMs, type Case, type RankedDiagnosis } from './case.js';
import { UNAWARE_MS } from './power.js';

/** A phone's move, and until when no call could reach it. */
interface Moved {
  node: string;
  move: AddressMove;
  awayMs: number;
  returned: boolean;
  lost: CallMeasure[];
}

/**
 * SLOW_REREGISTRATION: the way to the registrar was there again by another line, phones had another address by it, and stayed
 * registered with the one of before for longer than a healthy retry takes.
 */
export function diagnoseMovedPhones(subject: Case): RankedDiagnosis[] {
  const { plan, measures } = subject;
  const endMs = trafficEndMs(subject);
  const late = measures.registrations
    .flatMap(({ node, moves = [] }) =>
      moves.map((move): Moved => {
        const untilMs = reachableAt(move) ?? endMs;
        const returned = reachableAt(move) !== null;
        return {
          node,
          move,
          awayMs: untilMs - move.atMs,
          returned,
          lost: lostCalls(subject, node, move.atMs, untilMs),
        };
      }),
    )
    .filter(({ awayMs }) => awayMs > UNAWARE_MS);
  const worst = [...late].sort((a, b) => b.awayMs - a.awayMs)[0];
  if (!worst) return [];
  const phones = new Set(late.map(({ node }) => node));
  const lost = [...new Set(late.flatMap((one) => one.lost))];
  const all = plan.lab.nodes.filter(({ registration }) => registration !== null).length;
  const { from, to } = worst.move;
  const span = `${inSeconds(worst.awayMs)}${worst.returned ? '' : ' and to the end'}`;
  return [
    {
      code: 'SLOW_REREGISTRATION',
      rank: 15,
      summary: `${phones.size} of ${count(all, 'phone')} stayed registered from ${from} after their site had gone over to ${to}: nobody could call them for ${span}, and ${count(lost.length, 'call')} to them got lost; a registration looked after within ${inSeconds(UNAWARE_MS)} would have followed.`,
      advice:
        'Let phones register again often, and at once when their network changes or their registrar goes unheard, instead of when their registration expires.',
      evidence: [...worst.move.evidence, ...citeCalls(lost, 'got lost')],
    },
  ];
}

/** Calls to this phone from `fromMs` to `untilMs` that nobody answered. */
function lostCalls({ plan, measures }: Case, node: string, fromMs: number, untilMs: number): CallMeasure[] {
  const flows = new Set(plan.flows.filter(({ to }) => to === node).map(({ name }) => name));
  return measures.calls.filter(
    ({ flow, inviteAt, answeredAt }) =>
      flows.has(flow) && answeredAt === null && inviteAt !== null && inviteAt >= fromMs && inviteAt < untilMs,
  );
}
