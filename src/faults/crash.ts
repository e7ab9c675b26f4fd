import { setTimeout as delay } from 'node:timers/promises';
import { monotonicMs } from '../base/linux/clock.js';
import { stateOf } from '../lab/processes.js';
import { nodeFigure, type EffectParts, type NodeEffect, type Shown } from './node-effect.js';
import { journalBoot } from './recovery.js';

const POLL_MS = 10;
/** A program that looks after the signal may take its leave. */
const END_LIMIT_MS = 3000;

/** Ends one program of a node with all that it started, and may start it again. */
export function crashEffect({ stage, life, fault }: EffectParts<'crash'>): NodeEffect {
  const { target, program, signal } = fault;
  let killed: number[] = [];
  let others: string[] = [];
  let living = 0;
  let startsBefore = 0;
  const gone = async () => {
    const states = await Promise.all(killed.map(stateOf));
    return states.filter((state) => state === null || state === 'Z').length;
  };
  return {
    prepare: () => {
      others = [...life.programs.keys()].filter((name) => name !== program);
      return Promise.resolve();
    },
    async apply() {
      killed = await life.kill(program, `SIG${signal}`);
      const limitMs = monotonicMs() + END_LIMIT_MS;
      while ((await gone()) < killed.length && monotonicMs() < limitMs) await delay(POLL_MS);
      living = others.filter((name) => life.programs.get(name)?.running).length;
    },
    watch: () => Promise.resolve(),
    async proveApplied(): Promise<Shown> {
      return {
        requested: `${program} of ${target} is gone with all ${killed.length} of its processes, and ${others.join(', ') || 'nothing else'} lives`,
        figures: [
          nodeFigure(
            target,
            'ended',
            'processes',
            [Math.max(1, killed.length), Math.max(1, killed.length)],
            await gone(),
          ),
          nodeFigure(target, 'others', 'programs', [others.length, others.length], living),
        ],
        declared: [],
      };
    },
    heal() {
      startsBefore = life.startsOf(program);
      return Promise.resolve();
    },
    recover: () => journalBoot(stage, fault, program, () => life.restart(program)),
    async proveHealed(signal): Promise<Shown> {
      // Started is enough: whether it lives and gets ready is its own affair.
      const starts = () => life.startsOf(program) - startsBefore;
      const limitMs = monotonicMs() + END_LIMIT_MS;
      while (starts() === 0 && monotonicMs() < limitMs && !signal.aborted) await delay(POLL_MS);
      return {
        requested: `${program} of ${target} was started again`,
        figures: [nodeFigure(target, 'started', 'programs', [1, 1], starts())],
        declared: [],
      };
    },
  };
}
