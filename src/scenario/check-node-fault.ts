import { suggestion } from '../base/nearest.js';
import { formatDuration } from '../base/units.js';
import { checkAnswer } from './check-answer.js';
import { checkDnsFault } from './check-dns-fault.js';
import type { Item } from './draft.js';
import type { Lab } from './lab-schema.js';
import { carrierNumber, type Flow, type NodeEntry } from './schema.js';
import type { Finding } from './source.js';
import { kindOf, nodesOf } from './timeline.js';

type Entry = Item<NodeEntry>;

/** Faults of nodes that aren't there or can't have them, and settings that contradict each other. */
export function checkNodeFault(entry: Entry, lab: Lab, flows: readonly Flow[]): Finding[] {
  const targets = checkTargets(entry, lab, flows);
  return [
    ...targets,
    ...checkPower(entry),
    ...(targets.length > 0 ? [] : checkCrash(entry, lab)),
    ...(targets.length > 0 ? [] : checkAnswer(entry, lab)),
    ...checkCpu(entry),
    ...('dns' in entry.value ? checkDnsFault({ index: entry.index, value: entry.value }, lab) : []),
  ];
}

function checkTargets({ index, value }: Entry, lab: Lab, flows: readonly Flow[]): Finding[] {
  const nodes = nodesOf(value);
  const key = kindOf(value);
  const isList = 'power' in value && typeof value.power !== 'string';
  return nodes.flatMap((name, position): Finding[] => {
    const path = ['timeline', index, key, ...(isList ? [position] : [])];
    const finding = (code: string, what: string, fix?: string): Finding[] => [
      { code, what, ...(fix === undefined ? {} : { fix }), path, at: 'value' },
    ];
    const node = lab.nodes.find((one) => one.name === name);
    const choices = lab.nodes.filter(({ role }) => role !== 'switch').map((one) => one.name);
    if (!node)
      return finding(
        'NODE_UNKNOWN',
        `the lab "${lab.name}" has no node "${name}".`,
        suggestion(name, choices, 'nodes'),
      );
    if (node.role === 'switch')
      return finding(
        'SWITCH_RUNS_NOTHING',
        `${name} is a switch, and a switch runs nothing that could fail.`,
        'Cut the links that are plugged into it.',
      );
    if (nodes.indexOf(name) < position) return finding('NAME_DUPLICATE', `"${name}" is there already.`);
    const flow = flows.find((one) => callersOf(one, lab).includes(name));
    if (flow && key !== 'crash' && key !== 'answer')
      return finding(
        'FAULT_OF_CALLER',
        `${name} places the calls of the flow "${flow.name}", and who places calls is what measures.`,
        'Let another node place them, or take another node.',
      );
    return [];
  });
}

const callersOf = ({ from, 'else-from': alternate }: Flow, lab: Lab): (string | undefined)[] => [
  from === carrierNumber ? lab.trunks[0]?.carrier : from,
  alternate,
];

function checkPower({ index, value }: Entry): Finding[] {
  if (!('power' in value)) return [];
  const { for: outageMs, ups, gap, 'boot-delay': bootDelay } = value;
  const at = (key: string) => ({ path: ['timeline', index, key], at: 'value' as const });
  const findings: Finding[] = [];
  if (outageMs === undefined)
    for (const [key, given] of Object.entries({ 'boot-delay': bootDelay, gap }))
      if (given !== undefined)
        findings.push({
          code: 'POWER_STAYS_AWAY',
          what: `without "for" the power never comes back, so a ${key} has no meaning.`,
          fix: 'Add "for: 10s".',
          ...at(key),
        });
  if (gap !== undefined && nodesOf(value).length < 2)
    findings.push({ code: 'GAP_OF_ONE', what: 'a gap is between the nodes of a list.', ...at('gap') });
  if (ups !== undefined && outageMs !== undefined && ups >= outageMs)
    findings.push({
      code: 'UPS_OUTLASTS',
      what: `a battery for ${formatDuration(ups)} outlasts an outage of ${formatDuration(outageMs)}, so nothing would happen.`,
      fix: `Give an outage of more than ${formatDuration(ups)}, or a smaller battery.`,
      ...at('ups'),
    });
  return findings;
}

function checkCrash({ index, value }: Entry, lab: Lab): Finding[] {
  if (!('crash' in value)) return [];
  const path = ['timeline', index, 'program'];
  const programs = lab.nodes.find(({ name }) => name === value.crash)?.programs ?? [];
  const lasting = programs.filter(({ ready }) => ready !== 'exits').map(({ name }) => name);
  const program = programs.find(({ name }) => name === value.program);
  if (!program)
    return [
      {
        code: 'PROGRAM_UNKNOWN',
        what: `${value.crash} has no program "${value.program}".`,
        fix: suggestion(value.program, lasting, 'programs that could crash'),
        path,
        at: 'value',
      },
    ];
  if (program.ready !== 'exits') return [];
  return [
    {
      code: 'PROGRAM_ENDS_ITSELF',
      what: `${value.program} sets something up and ends by itself: it isn't there to crash.`,
      fix: suggestion(value.program, lasting, 'programs that could crash'),
      path,
      at: 'value',
    },
  ];
}

function checkCpu({ index, value }: Entry): Finding[] {
  if (!('starve' in value) || value.cpu >= 0.01) return [];
  return [
    {
      code: 'CPU_TOO_LITTLE',
      what: 'the kernel can leave a node 1% of a processor, and no less.',
      fix: 'Use "freeze" for none at all.',
      path: ['timeline', index, 'cpu'],
      at: 'value',
    },
  ];
}
