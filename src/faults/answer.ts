import { setTimeout as delay } from 'node:timers/promises';
import { DeadairError, ExitCode } from '../base/errors.js';
import { monotonicMs } from '../base/linux/clock.js';
import { SIP_PORT } from '../base/ports.js';
import { sipAddresses } from './askers.js';
import { nodeFigure, type EffectParts, type NodeEffect, type Shown } from './node-effect.js';
import { TestAgent, type TestMethod } from './test-agent.js';

const POLL_MS = 10;
const ASK_EVERY_MS = 500;
/** What answers has this long to take its instruction, and to answer what it was asked last. */
const ANSWER_LIMIT_MS = 2000;
/** A test call rings before it is taken. */
const TAKEN_LIMIT_MS = 5000;

/**
 * Lets what plays a carrier or phone answer new calls and probes otherwise. It is told so by a MESSAGE on its own loopback
 * (lab/sipp/callee.xml.hbs), and what it really says is asked for in the same way, at each of its addresses.
 */
export function answerEffect({ life, fault }: EffectParts<'answer'>): NodeEffect {
  const { target, invite, options } = fault;
  let agents: TestAgent[] = [];
  const answers = (method: TestMethod) => agents.flatMap((agent) => agent.answers(method));
  const open = async () => {
    for (const agent of agents) agent[Symbol.dispose]();
    agents = await agentsAt(life);
  };
  const asked: TestMethod[] = [
    ...(options === null ? [] : ['OPTIONS' as const]),
    ...(invite === null ? [] : ['INVITE' as const]),
  ];
  const ask = (methods: readonly TestMethod[]) => {
    for (const agent of agents) for (const method of methods) agent.ask(method);
  };
  const instruct = async (statuses: { invite: number; options: number }) => {
    await open();
    for (const agent of agents)
      agent.ask('MESSAGE', `INVITE ${statuses.invite}\r\nOPTIONS ${statuses.options}\r\n`);
    await settled(() => answers('MESSAGE'), ANSWER_LIMIT_MS);
    if (agents.length > 0 && answers('MESSAGE').every((status) => status === 200)) return;
    throw new DeadairError('ANSWERS_NOT_TAKEN', `${target} was told what to answer, and did not take it.`, {
      exitCode: ExitCode.labFailed,
      fix: `Look into logs/${target}.sipp-callee.log: what answers there must listen on port ${SIP_PORT}.`,
    });
  };
  const shareOf = (method: TestMethod, wanted: number) => {
    const got = answers(method);
    return got.length === 0 ? null : got.filter((status) => status === wanted).length / got.length;
  };
  return {
    prepare: () => Promise.resolve(),
    apply: () => instruct({ invite: invite ?? 0, options: options ?? 0 }),
    async watch(signal) {
      await open();
      while (!signal.aborted) {
        ask(asked);
        await delay(ASK_EVERY_MS, undefined, { signal }).catch(() => undefined);
      }
    },
    async proveApplied(): Promise<Shown> {
      await settled(() => asked.flatMap(answers), ANSWER_LIMIT_MS);
      const [probes, calls] = [answers('OPTIONS').length, answers('INVITE').length];
      return {
        requested: `${target} answers ${[
          ...(options === null ? [] : [`${probes} OPTIONS with ${options}`]),
          ...(invite === null ? [] : [`${calls} calls with ${invite}`]),
        ].join(' and ')}, at ${agents.length} addresses`,
        figures: [
          ...(options === null
            ? []
            : [nodeFigure(target, 'probes', 'share', [1, 1], shareOf('OPTIONS', options))]),
          ...(invite === null
            ? []
            : [nodeFigure(target, 'calls', 'share', [1, 1], shareOf('INVITE', invite))]),
        ],
        declared: invite === null ? ['that calls are taken as ever is seen in the captures'] : [],
      };
    },
    heal: () => instruct({ invite: 0, options: 0 }),
    recover: () => Promise.resolve(),
    async proveHealed(): Promise<Shown> {
      ask(asked);
      await settled(() => asked.flatMap(answers), TAKEN_LIMIT_MS);
      const as200 = (method: TestMethod) => shareOf(method, 200);
      const figures = [
        ...(options === null ? [] : [nodeFigure(target, 'probes', 'share', [1, 1], as200('OPTIONS'))]),
        ...(invite === null ? [] : [nodeFigure(target, 'calls', 'share', [1, 1], as200('INVITE'))]),
      ];
      for (const agent of agents) agent[Symbol.dispose]();
      return { requested: `${target} answers as before, a test call too`, figures, declared: [] };
    },
  };
}

/** Agents for every address of a node at which something listens for SIP. */
const agentsAt = async ({ node }: EffectParts<'answer'>['life']): Promise<TestAgent[]> =>
  (await sipAddresses(node)).map((address) => new TestAgent(node, address));

/** Waits until everything has its final response, for so long at most. */
async function settled(answers: () => (number | null)[], limitMs: number): Promise<void> {
  const endMs = monotonicMs() + limitMs;
  while (answers().some((status) => status === null) && monotonicMs() < endMs) await delay(POLL_MS);
}
