import { setTimeout as delay } from 'node:timers/promises';
import { monotonicMs } from '../base/linux/clock.js';
import { interfaceStates, type InterfaceState } from '../lab/link-state.js';
import type { Plan } from '../plan/types.js';
import { nodeFigure, type EffectParts, type NodeEffect, type Shown } from './node-effect.js';
import { journalBoot } from './recovery.js';

const POLL_MS = 20;
/** A carrier is back at once where the cable is a pair of interfaces. */
const CARRIER_LIMIT_MS = 2000;

/** Takes the power of a node, and boots it again. */
export function powerEffect({ stage, life, fault }: EffectParts<'power'>): NodeEffect {
  const { target } = fault;
  const peers = peerEnds(stage.plan, target);
  const statesOf = async (): Promise<InterfaceState[]> => {
    const found = await Promise.all(
      peers.map(async ({ node, interface: name }) =>
        (await interfaceStates(stage.lab.node(node).netnsPath)).get(name),
      ),
    );
    return found.filter((state) => state !== undefined);
  };
  const received = (states: readonly InterfaceState[]) =>
    states.reduce((sum, state) => sum + state.received, 0);
  let receivedBefore = 0;
  return {
    prepare: () => Promise.resolve(),
    apply: async () => {
      stage.onNodeChange?.(target, 'off');
      await life.powerOff();
      receivedBefore = received(await statesOf());
    },
    watch: () => Promise.resolve(),
    async proveApplied(): Promise<Shown> {
      const states = await statesOf();
      const carriers = states.filter(({ hasCarrier }) => hasCarrier).length;
      const running = await life.node.processes();
      return {
        requested: `${target} is off: no process, no carrier at its ${peers.length} peers, and nothing sent`,
        figures: [
          nodeFigure(target, 'processes', 'processes', [0, 0], running.length),
          nodeFigure(target, 'carriers', 'interfaces', [0, 0], states.length === 0 ? null : carriers),
          nodeFigure(target, 'sent', 'packets', [0, 0], received(states) - receivedBefore),
        ],
        declared: [],
      };
    },
    heal: () => life.powerOn(),
    async recover() {
      stage.onNodeChange?.(target, 'on');
      await journalBoot(stage, fault, null, (onReady) => life.boot(onReady));
    },
    async proveHealed(signal): Promise<Shown> {
      const limitMs = monotonicMs() + CARRIER_LIMIT_MS;
      for (;;) {
        // A peer that is off itself has no carrier, whoever is at the other end.
        const states = (await statesOf()).filter(({ isUp }) => isUp);
        const carriers = states.filter(({ hasCarrier }) => hasCarrier).length;
        if (carriers === states.length || monotonicMs() > limitMs || signal.aborted)
          return {
            requested: `${target} is on again: all of its peers that are on have a carrier`,
            figures: [nodeFigure(target, 'carriers', 'interfaces', [states.length, states.length], carriers)],
            declared: [],
          };
        await delay(POLL_MS);
      }
    },
  };
}

/** The interfaces at the other ends of all links of a node. */
const peerEnds = ({ lab }: Plan, node: string) =>
  lab.links.flatMap(({ a, b }) => (a.node === node ? [b] : b.node === node ? [a] : []));
