import { messageOf } from '../../base/errors.js';
import { clearImpairment } from '../contract.js';
import { netemArguments } from './arguments.js';
import { MiddleNamespace } from './namespace.js';

export type NetemAvailability =
  | /** @param seeds whether its draws can be seeded */ { ok: true; seeds: boolean }
  | { ok: false; code: 'NETEM_MISSING'; why: string; fix: string };

/** The kernel's parts that netem needs, each with an order that only a kernel which has it carries out. */
const PARTS = [
  ['sch_netem', `qdisc add dev probe-a root netem ${netemArguments(clearImpairment).join(' ')}`],
  ['sch_tbf', 'qdisc add dev probe-b root handle 1: tbf rate 1mbit burst 2000 limit 2000'],
  ['sch_htb', 'qdisc replace dev probe-b root handle 2: htb default 1'],
  ['sch_ingress', 'qdisc add dev probe-a clsact'],
  ['cls_flower', 'filter add dev probe-a ingress pref 1 protocol ip flower ip_proto udp action pass'],
  ['act_gact', 'filter add dev probe-a ingress pref 2 protocol ip flower action goto chain 1'],
  [
    'act_mirred',
    'filter add dev probe-a ingress pref 3 protocol ip flower action mirred egress redirect dev probe-b',
  ],
  [
    'act_police',
    'filter add dev probe-a egress protocol ip flower action police mtu 99 conform-exceed drop/pipe',
  ],
] as const;

/** Whether this kernel has what netem needs, tried out in a namespace that is gone afterwards. Needs root. */
export async function netemAvailable(): Promise<NetemAvailability> {
  const missing = (why: string, fix: string) =>
    ({ ok: false, code: 'NETEM_MISSING', why, fix: `${fix}, or use --emulator wire.` }) as const;
  try {
    await using space = await MiddleNamespace.start();
    await space.ip(['link add name probe-a type veth peer name probe-b']);
    for (const [module, order] of PARTS) {
      const error = await space.tc([order]).catch((thrown: unknown) => thrown);
      if (/failed to execute/.test(messageOf(error)))
        return missing('tc is not installed.', 'Install iproute2');
      if (error) return missing(`the kernel has no ${module}.`, `Run "modprobe ${module}"`);
    }
    const seeded = space.tc(['qdisc replace dev probe-a root netem seed 1']);
    return {
      ok: true,
      seeds: await seeded.then(
        () => true,
        () => false,
      ),
    };
  } catch (error) {
    return missing(`netem can't be tried: ${messageOf(error)}.`, 'Run as root');
  }
}
