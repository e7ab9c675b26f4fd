import { suggestion } from '../base/nearest.js';
import { checkCertificates } from './check-certificates.js';
import { checkOverrides } from './check-names.js';
import { checkZone } from './check-zone.js';
import { endsOf } from './lab-schema.js';
import type { Lab } from './lab-schema.js';
import { carrierNumber } from './schema.js';
import { checkSharedAddresses } from './shared-addresses.js';
import type { Finding } from './source.js';

/** Names in a lab that don't fit together. `folder` is the name of its folder. */
export function checkLab(lab: Lab, folder: string): Finding[] {
  return [
    ...(lab.name === folder
      ? []
      : [
          finding(
            'LAB_MISNAMED',
            `a lab is named after its folder: expected "${folder}", not "${lab.name}".`,
            ['name'],
          ),
        ]),
    ...checkNodes(lab),
    ...checkLinks(lab),
    ...checkCertificates(lab),
    ...checkSharedAddresses(lab),
    ...checkZone(lab),
    ...lab.trunks.flatMap(({ carrier }, index) =>
      checkRole(lab, carrier, 'carrier', ['trunks', index, 'carrier']),
    ),
    ...duplicates(lab.trunks, 'trunks'),
    ...checkLines(lab),
    ...Object.keys(lab.numbers).flatMap((owner): Finding[] =>
      owner === carrierNumber ? [] : checkRole(lab, owner, 'phone', ['numbers', owner], 'key'),
    ),
    ...Object.entries(lab.defects).flatMap(([name, defect]) =>
      checkOverrides(defect.values, lab, ['defects', name, 'values']),
    ),
  ];
}

function checkNodes(lab: Lab): Finding[] {
  return [
    ...duplicates(lab.nodes, 'nodes'),
    ...lab.nodes.flatMap((node, index) => [
      ...(node.resolver === undefined
        ? []
        : checkRole(lab, node.resolver, 'nameserver', ['nodes', index, 'resolver'])),
      ...checkRegistration(lab, index),
      ...(node.role === 'switch' && node.programs.length > 0
        ? [finding('SWITCH_RUNS_NOTHING', 'a switch runs no programs.', ['nodes', index, 'programs'])]
        : []),
      ...checkOwnProgram(node, index),
      ...duplicates(node.programs, 'nodes', index, 'programs'),
    ]),
  ];
}

/** A program without `run` is what an image brings, as the first process of its container. */
function checkOwnProgram({ image, programs }: Lab['nodes'][number], node: number): Finding[] {
  return programs.flatMap(({ run }, index): Finding[] => {
    const isOwn = index === 0 && image !== undefined && /[:/]/.test(image);
    if (run !== undefined || isOwn) return [];
    const fix = "Only a node's first program can be its image's own, and recipes of lab/images have none.";
    return [{ ...finding('RUN_MISSING', 'a program needs a run.', ['nodes', node, 'programs', index]), fix }];
  });
}

/** Only phones register, and each with an extension of its own. */
function checkRegistration(lab: Lab, index: number): Finding[] {
  const node = lab.nodes[index];
  if (node?.softphone !== undefined && !node.registers)
    return [
      finding('SOFTPHONE_UNREGISTERED', 'a softphone registers with a PBX.', ['nodes', index, 'softphone']),
    ];
  if (!node?.registers) return [];
  const path = ['nodes', index, 'registers'];
  const { with: registrar, extension } = node.registers;
  const taken = [
    ...lab.nodes.slice(0, index).flatMap(({ registers }) => registers?.extension ?? []),
    ...Object.values(lab.services).map((service) => service.extension),
  ];
  return [
    ...(node.role === 'phone'
      ? []
      : [finding('ROLE_WRONG', `a ${node.role} doesn't register; a phone does.`, path)]),
    ...checkRole(lab, registrar, 'pbx', [...path, 'with']),
    ...(taken.includes(extension)
      ? [finding('NAME_DUPLICATE', `the extension ${extension} is there already.`, [...path, 'extension'])]
      : []),
  ];
}

function checkLinks(lab: Lab): Finding[] {
  const nodes = lab.nodes.map(({ name }) => name);
  return [
    ...duplicates(lab.links, 'links'),
    ...turnedRound(lab.links),
    ...lab.links.flatMap(({ name, 'extra-addresses': extra }, index): Finding[] => {
      const path = ['links', index];
      const ends = name.split('--');
      if (ends.length !== 2 || ends[0] === ends[1])
        return [finding('LINK_INVALID', `expected a link such as sbc--carrier-a, not "${name}".`, path)];
      const unknown = ends.filter((end) => !nodes.includes(end));
      if (unknown.length > 0) return unknown.map((end) => nodeUnknown(lab, end, path));
      return Object.keys(extra)
        .filter((node) => !endsOf(name).includes(node))
        .map((node) =>
          finding(
            'NODE_NOT_ON_LINK',
            `"${node}" is not an end of the link ${name}.`,
            [...path, 'extra-addresses', node],
            'key',
          ),
        );
    }),
  ];
}

/** `a--b` and `b--a` are one link. */
function turnedRound(links: Lab['links']): Finding[] {
  const turned = (name: string) => name.split('--').reverse().join('--');
  return links.flatMap(({ name }, index) =>
    links.slice(0, index).some((other) => other.name !== name && other.name === turned(name))
      ? [
          finding('NAME_DUPLICATE', `the link "${turned(name)}" is this one already.`, [
            'links',
            index,
            'name',
          ]),
        ]
      : [],
  );
}

/** Each line is a link of its own whose first end is a router. */
function checkLines(lab: Lab): Finding[] {
  return [
    ...duplicates(lab.lines, 'lines'),
    ...lab.lines.flatMap(({ link }, index): Finding[] => {
      const path = ['lines', index, 'link'];
      const links = lab.links.map(({ name }) => name);
      if (!links.includes(link))
        return [
          {
            ...finding('LINK_UNKNOWN', `the lab has no link "${link}".`, path),
            fix: suggestion(link, links, 'links'),
          },
        ];
      if (lab.lines.findIndex((other) => other.link === link) < index)
        return [finding('NAME_DUPLICATE', `the link ${link} is another line already.`, path)];
      return checkRole(lab, endsOf(link)[0], 'router', path);
    }),
  ];
}

function checkRole(lab: Lab, name: string, role: string, path: PropertyKey[], at?: 'key'): Finding[] {
  const node = lab.nodes.find((one) => one.name === name);
  if (!node) return [{ ...nodeUnknown(lab, name, path), at: at ?? 'value' }];
  if (node.role === role) return [];
  return [finding('ROLE_WRONG', `expected a ${role}, and "${name}" is a ${node.role}.`, path, at)];
}

function nodeUnknown(lab: Lab, name: string, path: PropertyKey[]): Finding {
  const fix = suggestion(
    name,
    lab.nodes.map((node) => node.name),
    'nodes',
  );
  return { ...finding('NODE_UNKNOWN', `the lab has no node "${name}".`, path), fix };
}

function duplicates(named: { name: string }[], ...path: PropertyKey[]): Finding[] {
  return named.flatMap(({ name }, index) =>
    named.findIndex((other) => other.name === name) < index
      ? [finding('NAME_DUPLICATE', `the name "${name}" is there already.`, [...path, index, 'name'])]
      : [],
  );
}

function finding(code: string, what: string, path: PropertyKey[], at: 'key' | 'value' = 'value'): Finding {
  return { code, what, path, at };
}
