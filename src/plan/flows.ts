import { DeadairError, ExitCode } from '../base/errors.js';
import { SIP_PORT } from '../base/ports.js';
import type { Lab } from '../scenario/lab-schema.js';
import { carrierNumber } from '../scenario/schema.js';
import { pausingParties } from '../scenario/speech.js';
import type { Flow } from '../scenario/schema.js';
import type { Topology } from './addresses.js';
import { registrarAddress } from './phones.js';
import { nearestAttachment } from './routes.js';
import { fractionOf } from './seeds.js';
import type { PlannedFlow } from './planned-flow.js';

/** Flows start within this time, each at a seeded moment, so that flows of one rate don't march in step. */
const startSpreadMs = 400;

/** Who a flow calls: a party behind the carriers, a phone, or a service of the PBX. */
type Target = Pick<PlannedFlow, 'direction' | 'to' | 'answers' | 'dialled' | 'asksForDigits' | 'emergency'>;

export function planFlow(flow: Flow, lab: Lab, topology: Topology, seed: number): PlannedFlow {
  const from = flow.from === carrierNumber ? (lab.trunks[0]?.carrier ?? '') : flow.from;
  const caller = lab.nodes.find(({ name }) => name === from);
  const isPhone = caller?.role === 'phone';
  const target = targetOf(flow, lab, isPhone);
  return {
    name: flow.name,
    ...target,
    from,
    callerNumber: isPhone
      ? (caller.registers?.extension ?? lab.numbers[from] ?? '')
      : (lab.numbers[carrierNumber] ?? ''),
    subscriber: flow.to === carrierNumber ? 'callee' : isPhone ? null : 'caller',
    proxy: {
      address: caller?.registers
        ? registrarAddress(from, caller.registers.with, topology)
        : proxyAddress(from, lab, topology),
      port: SIP_PORT,
    },
    ...alternateOf(flow, lab, topology),
    startMs: Math.floor(fractionOf(seed, 'start', flow.name) * startSpreadMs),
    ratePerS: flow.rate,
    holdMs: flow.hold,
    ...(flow.speech ? { pauses: pausingParties(flow.speech) } : {}),
    digits: flow.digits === undefined ? null : { text: flow.digits, mode: flow.dtmf ?? 'rfc4733' },
  };
}

function alternateOf(flow: Flow, lab: Lab, topology: Topology): Pick<PlannedFlow, 'alternate'> {
  const from = flow['else-from'];
  if (from === undefined) return {};
  return { alternate: { from, proxy: { address: proxyAddress(from, lab, topology), port: SIP_PORT } } };
}

function targetOf({ to }: Flow, lab: Lab, fromPhone: boolean): Target {
  const own = { asksForDigits: false, emergency: false };
  if (to === carrierNumber)
    return {
      ...own,
      direction: 'outbound',
      to: 'any-carrier',
      answers: 'carrier',
      dialled: lab.numbers[to] ?? '',
    };
  const service = Object.hasOwn(lab.services, to) ? lab.services[to] : undefined;
  const inside = service?.extension ?? lab.nodes.find(({ name }) => name === to)?.registers?.extension;
  const outside = service ? service.number : lab.numbers[to];
  const answers = service?.answers ?? 'phone';
  return {
    direction: !fromPhone ? 'inbound' : answers === 'carrier' ? 'outbound' : 'internal',
    to: answers === 'carrier' ? 'any-carrier' : to,
    answers,
    dialled: (fromPhone ? inside : outside) ?? '',
    emergency: service?.emergency ?? false,
    asksForDigits: service?.['asks-for-digits'] ?? false,
  };
}

/** The SBC's (or, in a lab without, the PBX's) address that is nearest to the caller; the one that it shares, if it does. */
function proxyAddress(caller: string, lab: Lab, topology: Topology): string {
  const proxy = lab.nodes.find(({ role }) => role === 'sbc') ?? lab.nodes.find(({ role }) => role === 'pbx');
  const shared = Object.entries(lab['shared-addresses']).find(([, nodes]) =>
    nodes.includes(proxy?.name ?? ''),
  );
  const names = [...(shared ? [shared[0]] : []), ...(proxy ? [proxy.name] : [])];
  const [address] = names.flatMap((name) => nearestAttachment(topology, name, caller)?.addresses[0] ?? []);
  if (address !== undefined) return address;
  throw new DeadairError(
    'PROXY_UNREACHABLE',
    `${caller} has no way to an SBC or PBX in the lab "${lab.name}".`,
    {
      exitCode: ExitCode.badInput,
    },
  );
}
