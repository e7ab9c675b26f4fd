import { suggestion } from '../base/nearest.js';
import type { Lab } from './lab-schema.js';
import { carrierNumber } from './schema.js';
import type { Flow } from './schema.js';
import type { Finding } from './source.js';
import { checkSpeech } from './speech.js';
import { unknownName } from './unknown-name.js';

/** The first digit is dialled this long after the answer, and each takes this long with its pause. */
export const DIGITS = { afterMs: 800, eachMs: 200 } as const;

/**
 * Flows between ends that can't talk like that. Outbound is a phone to carrier-number; inbound is carrier-number or a
 * carrier to a phone or service; inside, phones with an extension call each other and services.
 */
export function checkFlow(index: number, flow: Flow, lab: Lab): Finding[] {
  const named = (role: string) => lab.nodes.filter((node) => node.role === role).map((node) => node.name);
  const [phones, carriers, services] = [named('phone'), named('carrier'), Object.keys(lab.services)];
  const at = (key: string) => ['traffic', index, key];
  const check = (key: 'from' | 'to', choices: string[]): Finding[] =>
    choices.includes(flow[key]) ? [] : [endFinding(flow[key], choices, lab, at(key))];
  const findings = [
    ...check('from', [...phones, carrierNumber, ...carriers]),
    ...check('to', [...phones, carrierNumber, ...services]),
  ];
  if (findings.length > 0) return findings;
  return [
    ...(phones.includes(flow.from) ? checkFromPhone(flow, lab, at('to')) : checkInbound(flow, lab, at('to'))),
    ...checkAlternate(flow, lab, at('else-from')),
    ...checkAmounts(flow, at),
    ...checkDigits(flow, at),
    ...checkSpeech(flow, lab, at),
    ...(['from', 'to'] as const).flatMap((key): Finding[] => {
      const isRegistered = lab.nodes.some(
        ({ name, registers }) => name === flow[key] && registers !== undefined,
      );
      if (services.includes(flow[key]) || (isRegistered && phones.includes(flow.from))) return [];
      const owner = phones.includes(flow[key]) ? flow[key] : carrierNumber;
      if (Object.hasOwn(lab.numbers, owner)) return [];
      return [
        unknownName('NUMBER_UNKNOWN', lab.name, 'number for', owner, Object.keys(lab.numbers), at(key)),
      ];
    }),
  ];
}

function checkFromPhone({ from, to }: Flow, lab: Lab, path: PropertyKey[]): Finding[] {
  if (to === carrierNumber) return [];
  const isRegistered = (name: string) =>
    lab.nodes.some((node) => node.name === name && node.registers !== undefined);
  if (from === to) return [ends(`a call from ${from} to itself goes nowhere.`, path)];
  if (isRegistered(from) && (isRegistered(to) || Object.hasOwn(lab.services, to))) return [];
  return [ends(`a call from ${from} to ${to} crosses no trunk.`, path)];
}

function checkInbound({ from, to }: Flow, lab: Lab, path: PropertyKey[]): Finding[] {
  if (to === carrierNumber) return [ends(`a call from ${from} to ${to} crosses no trunk.`, path)];
  const service = Object.hasOwn(lab.services, to) ? lab.services[to] : undefined;
  if (!service || service.number !== undefined) return [];
  return [ends(`${to} has no number, so no carrier can call it.`, path)];
}

/** A second carrier that delivers what the first one can't. */
function checkAlternate(flow: Flow, lab: Lab, path: PropertyKey[]): Finding[] {
  const alternate = flow['else-from'];
  if (alternate === undefined) return [];
  const first = flow.from === carrierNumber ? lab.trunks[0]?.carrier : flow.from;
  const carriers = lab.trunks.map(({ carrier }) => carrier);
  if (first === undefined || !carriers.includes(first))
    return [ends(`a call from ${flow.from} is delivered by no carrier, and so by no other either.`, path)];
  if (alternate === first) return [ends(`${alternate} delivers the call in the first place.`, path)];
  return carriers.includes(alternate) ? [] : [endFinding(alternate, carriers, lab, path)];
}

const ends = (what: string, path: PropertyKey[]): Finding => ({
  code: 'FLOW_ENDS_INVALID',
  what,
  fix: `Outbound is from a phone to ${carrierNumber}, inbound from ${carrierNumber} or a carrier to a phone or a service with a number; phones with an extension call each other and every service.`,
  path,
  at: 'value',
});

const checkAmounts = (flow: Flow, at: (key: string) => PropertyKey[]): Finding[] =>
  (['rate', 'hold'] as const)
    .filter((key) => flow[key] === 0)
    .map((key) => ({
      code: 'VALUE_INVALID',
      what: `expected a ${key} of more than 0.`,
      path: at(key),
      at: 'value',
    }));

function checkDigits({ digits, dtmf, hold }: Flow, at: (key: string) => PropertyKey[]): Finding[] {
  if (digits === undefined)
    return dtmf === undefined
      ? []
      : [
          {
            code: 'DIGITS_MISSING',
            what: 'dtmf says how digits are sent, and there are none.',
            fix: "Add digits: '1002', or leave dtmf out.",
            path: at('dtmf'),
            at: 'value',
          },
        ];
  const neededMs = DIGITS.afterMs + digits.length * DIGITS.eachMs;
  if (hold > neededMs) return [];
  return [
    {
      code: 'HOLD_TOO_SHORT',
      what: `dialling ${digits} takes ${neededMs / 1000} s from the answer on, and the call is held for ${hold / 1000} s.`,
      fix: 'Hold the call for longer.',
      path: at('hold'),
      at: 'value',
    },
  ];
}

function endFinding(name: string, choices: string[], lab: Lab, path: PropertyKey[]): Finding {
  const node = lab.nodes.find((one) => one.name === name);
  if (!node) return unknownName('NODE_UNKNOWN', lab.name, 'node', name, choices, path);
  return {
    code: 'FLOW_ENDS_INVALID',
    what: `a ${node.role} such as "${name}" can't be this end of a call.`,
    fix: suggestion(name, choices, 'nodes for it'),
    path,
    at: 'value',
  };
}
