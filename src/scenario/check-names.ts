import { suggestion } from '../base/nearest.js';
import type { Draft } from './draft.js';
import type { Lab, TemplateValue } from './lab-schema.js';
import { carrierNumber } from './schema.js';
import type { Flow } from './schema.js';
import type { Finding } from './source.js';

/** Flows between nodes that can't talk like that, and unknown values and defects. */
export function checkNames({ traffic, values, defects }: Draft, lab: Lab): Finding[] {
  return [
    ...traffic.flatMap(({ index, value }, position) => [
      ...checkFlow(index, value, lab),
      ...(traffic.slice(0, position).some((other) => other.value.name === value.name)
        ? [duplicate(['traffic', index, 'name'], `a flow named "${value.name}"`)]
        : []),
    ]),
    ...checkOverrides(values, lab, ['values']),
    ...defects.flatMap(({ index, value }, position): Finding[] => {
      const path = ['defects', index, 'plant'];
      if (defects.slice(0, position).some((other) => other.value.plant === value.plant))
        return [duplicate(path, `the defect "${value.plant}"`)];
      if (Object.hasOwn(lab.defects, value.plant)) return [];
      return [unknown('DEFECT_UNKNOWN', lab, 'defect', value.plant, Object.keys(lab.defects), path)];
    }),
  ];
}

/** Overrides of template values: known to the lab and of the type of its default. */
export function checkOverrides(
  values: Record<string, TemplateValue>,
  lab: Lab,
  at: PropertyKey[],
): Finding[] {
  return Object.entries(values).flatMap(([name, value]): Finding[] => {
    const path = [...at, name];
    const known = Object.hasOwn(lab.values, name) ? lab.values[name] : undefined;
    if (!known)
      return [{ ...unknown('VALUE_UNKNOWN', lab, 'value', name, Object.keys(lab.values), path), at: 'key' }];
    if (typeof known.default === typeof value) return [];
    const type = { string: 'a text', number: 'a number', boolean: 'true or false' }[
      typeof known.default as 'string' | 'number' | 'boolean'
    ];
    return [
      {
        code: 'VALUE_INVALID',
        what: `expected ${type} for "${name}", not ${JSON.stringify(value)}.`,
        path,
        at: 'value',
      },
    ];
  });
}

/** Outbound is a phone to carrier-number; inbound is carrier-number or a carrier to a phone. */
function checkFlow(index: number, flow: Flow, lab: Lab): Finding[] {
  const named = (role: string) => lab.nodes.filter((node) => node.role === role).map((node) => node.name);
  const [phones, carriers] = [named('phone'), named('carrier')];
  const at = (key: string) => ['traffic', index, key];
  const check = (key: 'from' | 'to', choices: string[]): Finding[] =>
    choices.includes(flow[key]) ? [] : [nodeFinding(flow[key], choices, lab, at(key))];
  const findings = [
    ...check('from', [...phones, carrierNumber, ...carriers]),
    ...check('to', [...phones, carrierNumber]),
  ];
  if (findings.length > 0) return findings;
  const outbound = phones.includes(flow.from);
  if (outbound !== (flow.to === carrierNumber))
    return [
      {
        code: 'FLOW_ENDS_INVALID',
        what: `a call from ${flow.from} to ${flow.to} crosses no trunk.`,
        fix: `Outbound is from a phone to ${carrierNumber}, inbound from ${carrierNumber} or a carrier to a phone.`,
        path: at('to'),
        at: 'value',
      },
    ];
  const zero = (['rate', 'hold'] as const).filter((key) => flow[key] === 0);
  return [
    ...zero.map((key): Finding => ({
      code: 'VALUE_INVALID',
      what: `expected a ${key} of more than 0.`,
      path: at(key),
      at: 'value',
    })),
    ...(['from', 'to'] as const).flatMap((key): Finding[] => {
      const owner = phones.includes(flow[key]) ? flow[key] : carrierNumber;
      if (Object.hasOwn(lab.numbers, owner)) return [];
      return [unknown('NUMBER_UNKNOWN', lab, 'number for', owner, Object.keys(lab.numbers), at(key))];
    }),
  ];
}

function nodeFinding(name: string, choices: string[], lab: Lab, path: PropertyKey[]): Finding {
  const node = lab.nodes.find((one) => one.name === name);
  if (!node) return unknown('NODE_UNKNOWN', lab, 'node', name, choices, path);
  return {
    code: 'FLOW_ENDS_INVALID',
    what: `a ${node.role} such as "${name}" can't be this end of a call.`,
    fix: suggestion(name, choices, 'nodes for it'),
    path,
    at: 'value',
  };
}

function unknown(
  code: string,
  lab: Lab,
  thing: string,
  name: string,
  known: string[],
  path: PropertyKey[],
): Finding {
  return {
    code,
    what: `the lab "${lab.name}" has no ${thing} "${name}".`,
    fix: suggestion(name, known, `${thing}s`),
    path,
    at: 'value',
  };
}

function duplicate(path: PropertyKey[], what: string): Finding {
  return { code: 'NAME_DUPLICATE', what: `${what} is there already.`, path, at: 'value' };
}
