import { setTimeout as delay } from 'node:timers/promises';
import { monotonicMs } from '../base/linux/clock.js';
import { stateOf } from '../lab/processes.js';
import { openSockets, type OpenSocket } from '../lab/sockets.js';
import { countAccepting, sipAskers, type SipAsker } from './askers.js';
import { nodeFigure, type EffectParts, type NodeEffect, type Shown } from './node-effect.js';

const POLL_MS = 20;
const ASK_EVERY_MS = 250;
/** A server that lives answers OPTIONS from its own host within this. */
const ANSWER_LIMIT_MS = 400;
const THAW_LIMIT_MS = 2000;

/** Stops everything of a node where it is. Its kernel lives on, so that a port check finds nothing wrong. */
export function freezeEffect({ stage, life, fault }: EffectParts<'freeze'>): NodeEffect {
  const { target } = fault;
  const { node } = life;
  const addresses = life.planned.interfaces.flatMap(({ address, extraAddresses }) =>
    address === null ? [] : [address, ...extraAddresses],
  );
  let sockets: OpenSocket[] = [];
  let answering: string[] = [];
  let askers: SipAsker[] = [];
  const shareStopped = async () => {
    const states = (await Promise.all((await node.processes()).map(stateOf))).filter(
      (state) => state !== null,
    );
    return states.length === 0 ? null : states.filter((state) => state === 'T').length / states.length;
  };
  /** Which of these addresses answer an OPTIONS. */
  const whoAnswers = async (): Promise<string[]> => {
    const asked = await sipAskers(node, addresses);
    const limitMs = monotonicMs() + ANSWER_LIMIT_MS;
    for (const asker of asked) asker.ask();
    while (asked.some(({ answered }) => answered === 0) && monotonicMs() < limitMs) {
      await delay(POLL_MS);
      for (const asker of asked) asker.collect();
    }
    const found = asked.filter(({ answered }) => answered > 0).map(({ address }) => address);
    for (const asker of asked) asker[Symbol.dispose]();
    return found;
  };
  return {
    async prepare() {
      answering = await whoAnswers();
    },
    async apply() {
      stage.onNodeChange?.(target, 'frozen');
      await node.freeze();
      // From now on nothing in it opens or closes any.
      sockets = await openSockets(node);
    },
    async watch(signal) {
      askers = (await sipAskers(node, addresses)).filter(({ address }) => answering.includes(address));
      while (!signal.aborted) {
        for (const asker of askers) {
          asker.ask();
          asker.collect();
        }
        await delay(ASK_EVERY_MS, undefined, { signal }).catch(() => undefined);
      }
    },
    async proveApplied(): Promise<Shown> {
      const stopped = await shareStopped();
      for (const asker of askers) asker.collect();
      const [asked, answered] = [sum(askers, 'asked'), sum(askers, 'answered') + sum(askers, 'refused')];
      for (const asker of askers) asker[Symbol.dispose]();
      return {
        requested: `${target} stands still: all of its processes are stopped, its ${sockets.length} sockets take what comes, and none of ${asked} OPTIONS is answered or refused`,
        figures: [
          nodeFigure(target, 'stopped', 'share', [1, 1], stopped),
          nodeFigure(
            target,
            'sockets',
            'sockets',
            [sockets.length, sockets.length],
            await countAccepting(node, sockets),
          ),
          ...(askers.length > 0 ? [nodeFigure(target, 'answered', 'answers', [0, 0], answered)] : []),
        ],
        declared: askers.length > 0 ? [] : ['nothing in it answered OPTIONS before, so nothing was asked'],
      };
    },
    async heal() {
      stage.onNodeChange?.(target, 'thawed');
      await node.thaw();
    },
    recover: () => Promise.resolve(),
    async proveHealed(signal): Promise<Shown> {
      const limitMs = monotonicMs() + THAW_LIMIT_MS;
      let [stopped, answers]: [number | null, number] = [null, 0];
      do {
        stopped = await shareStopped();
        answers = (await whoAnswers()).length;
      } while ((stopped !== 0 || answers < answering.length) && monotonicMs() < limitMs && !signal.aborted);
      return {
        requested: `${target} goes on: none of its processes is stopped, and it answers again where it did before`,
        figures: [
          nodeFigure(target, 'stopped', 'share', [0, 0], stopped),
          ...(answering.length > 0
            ? [nodeFigure(target, 'answered', 'answers', [answering.length, null], answers)]
            : []),
        ],
        declared: [],
      };
    },
  };
}

const sum = (askers: readonly SipAsker[], key: 'asked' | 'answered' | 'refused'): number =>
  askers.reduce((total, asker) => total + asker[key], 0);
