import { setTimeout as delay } from 'node:timers/promises';
import { monotonicMs } from '../base/linux/clock.js';
import { dnsWords } from '../plan/words.js';
import { DnsAsker, type Reply } from './dns-asker.js';
import { changeNames, type NameChange } from './dns-server.js';
import { nodeFigure, type EffectParts, type NodeEffect, type Shown } from './node-effect.js';

const POLL_MS = 20;
const ASK_EVERY_MS = 250;
/** A server that isn't slow answers its own host within this, also on a busy machine. */
const ANSWER_LIMIT_MS = 1000;
/** Who answers at all has done so by then. */
const SILENCE_MS = 300;
const HEAL_LIMIT_MS = 3000;
/** Whether it took hold by then is for the proof to say. */
const RELOAD_LIMIT_MS = 1000;

/** Makes a nameserver answer otherwise. It is asked all the while, from its own host. */
export function dnsEffect({ stage, life, fault }: EffectParts<'dns'>): NodeEffect {
  const { target, answer, records } = fault;
  const zone = stage.plan.lab.zone;
  const asker = (name: string) => {
    const planned = stage.plan.lab.nodes.find((one) => one.name === name);
    const address = planned?.interfaces.find((one) => one.address !== null)?.address ?? '';
    return new DnsAsker(stage.lab.node(name), address);
  };
  let own: DnsAsker | undefined;
  let authority: DnsAsker | undefined;
  let change: NameChange | undefined;
  /** What the server gave when this began, by record. */
  let before: ReadonlyMap<string, string> = new Map();
  const lateMs = answer.how === 'slow' ? answer.delayMs : 0;

  const isAsFaulty = (reply: Reply): boolean => {
    switch (answer.how) {
      case 'none':
        return reply.tookMs === null;
      case 'slow':
        return reply.rcode === 'NOERROR' && (reply.tookMs ?? 0) >= lateMs;
      case 'changed':
        return reply.rcode === 'NOERROR' && sameData(reply, answer.data.toSorted().join());
      case 'stale':
        return reply.rcode === 'NOERROR' && sameData(reply, before.get(keyOf(reply)) ?? '');
      default:
        return reply.rcode === answer.how.toUpperCase();
    }
  };
  /** Asks every record once and waits for the answers. */
  const askOnce = async (one: DnsAsker, limitMs: number): Promise<Reply[]> => {
    const from = one.replies.length;
    for (const record of records) one.ask(record);
    const endMs = monotonicMs() + limitMs;
    const asked = one.replies.slice(from);
    while (asked.some(({ tookMs }) => tookMs === null) && monotonicMs() < endMs) {
      await delay(POLL_MS);
      one.collect();
    }
    return asked;
  };
  const takesHold = async (): Promise<void> => {
    using asked = asker(target);
    const limitMs = monotonicMs() + RELOAD_LIMIT_MS;
    while (!(await askOnce(asked, ANSWER_LIMIT_MS)).every(isAsFaulty) && monotonicMs() < limitMs)
      await delay(POLL_MS);
  };
  /** As it is without the fault: something, in time, and not what the fault gave; after a stale one what the authority says. */
  const isUsual = (reply: Reply, truth: readonly Reply[] | null): boolean => {
    const { rcode, data, tookMs } = reply;
    if (rcode !== 'NOERROR' || data.length === 0 || (lateMs > 0 && (tookMs ?? Infinity) >= lateMs))
      return false;
    if (answer.how === 'changed') return !isAsFaulty(reply);
    return (
      truth === null || sameData(reply, truth.find((one) => keyOf(one) === keyOf(reply))?.data.join() ?? '')
    );
  };

  return {
    async prepare() {
      own = asker(target);
      if (answer.how === 'stale' && zone) authority = asker(zone.authority);
      before = new Map(
        (await askOnce(own, ANSWER_LIMIT_MS)).map((reply) => [keyOf(reply), reply.data.join()]),
      );
    },
    async apply() {
      own?.[Symbol.dispose]();
      own = asker(target);
      const current = records.map((record) => ({
        ...record,
        data: (before.get(keyOf({ record })) ?? '').split(',').filter(Boolean),
      }));
      change = await changeNames(zone, life, fault, answer.how === 'stale' ? current : records);
      // A server that loads its zone again says so before it has.
      if (answer.how === 'nxdomain' || answer.how === 'changed') await takesHold();
    },
    async watch(signal) {
      for (let turn = 0; !signal.aborted; turn++) {
        const record = records[turn % records.length];
        if (record) for (const one of [own, authority]) one?.ask(record);
        // An answer took until it is taken in, so that is done as they come.
        const nextMs = monotonicMs() + ASK_EVERY_MS;
        while (!signal.aborted && monotonicMs() < nextMs) {
          await delay(POLL_MS, undefined, { signal }).catch(() => undefined);
          for (const one of [own, authority]) one?.collect();
        }
      }
    },
    proveApplied(): Promise<Shown> {
      for (const one of [own, authority]) one?.collect();
      const nowMs = monotonicMs();
      // Who was asked a moment ago may still answer.
      const patienceMs = answer.how === 'none' ? SILENCE_MS : lateMs + ANSWER_LIMIT_MS;
      const due = (own?.replies ?? []).filter(
        ({ askedMs, tookMs }) => tookMs !== null || nowMs - askedMs > patienceMs,
      );
      const moved = (authority?.replies ?? []).filter(
        (reply) => reply.rcode === 'NOERROR' && !sameData(reply, before.get(keyOf(reply)) ?? ''),
      );
      const { length } = due;
      const wrong = due.filter(isAsFaulty).length;
      const figures = [
        nodeFigure(target, 'replies', 'answers', [Math.max(1, length), Math.max(1, length)], wrong),
        ...(authority
          ? [nodeFigure(zone?.authority ?? '', 'moved', 'answers', [1, null], moved.length)]
          : []),
      ];
      for (const one of [own, authority]) one?.[Symbol.dispose]();
      return Promise.resolve({
        requested: `${target}: ${dnsWords(fault)}, and so ${length} of ${length} times that it was asked from its own host`,
        figures,
        declared: change ? [change.by] : [],
      });
    },
    heal: async () => change?.undo(),
    recover: () => Promise.resolve(),
    async proveHealed(signal): Promise<Shown> {
      using asked = asker(target);
      using truth = answer.how === 'stale' && zone ? asker(zone.authority) : null;
      const limitMs = monotonicMs() + HEAL_LIMIT_MS;
      let usual = 0;
      do {
        const said = truth && (await askOnce(truth, ANSWER_LIMIT_MS));
        usual = (await askOnce(asked, ANSWER_LIMIT_MS)).filter((reply) => isUsual(reply, said)).length;
      } while (usual < records.length && monotonicMs() < limitMs && !signal.aborted);
      return {
        requested: `${target} answers as ever about all of its ${records.length} records`,
        figures: [nodeFigure(target, 'replies', 'answers', [records.length, records.length], usual)],
        declared: [],
      };
    },
  };
}

const keyOf = ({ record }: Pick<Reply, 'record'>): string => `${record.name} ${record.type}`;

const sameData = ({ data }: Reply, expected: string): boolean => data.length > 0 && data.join() === expected;
