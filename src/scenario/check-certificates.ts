import { suggestion } from '../base/nearest.js';
import type { Lab, LabNode } from './lab-schema.js';
import type { Finding } from './source.js';

/** Certificates and authorities that nodes name and the lab doesn't have, and nodes that can't have any. */
export function checkCertificates(lab: Lab): Finding[] {
  const certificates = Object.keys(lab.certificates);
  return [
    ...lab.authorities.flatMap((name, index): Finding[] =>
      lab.authorities.indexOf(name) < index || certificates.includes(name)
        ? [finding('NAME_DUPLICATE', `the name "${name}" is there already.`, ['authorities', index])]
        : [],
    ),
    ...lab.nodes.flatMap((node, index) => [
      ...checkNode(node, index),
      ...unknown(node.certificates, certificates, 'certificate', ['nodes', index, 'certificates']),
      ...unknown(node.trusts, lab.authorities, 'authority', ['nodes', index, 'trusts']),
    ]),
  ];
}

/** A key is handed to a node that runs already, before its first program: an image's own program is there too soon. */
function checkNode({ role, certificates, programs }: LabNode, index: number): Finding[] {
  if (certificates.length === 0) return [];
  const path = ['nodes', index, 'certificates'];
  if (role === 'switch')
    return [finding('SWITCH_RUNS_NOTHING', 'a switch has no use for certificates.', path)];
  if (programs.length > 0 && programs.every(({ run }) => run !== undefined)) return [];
  return [
    {
      ...finding('CERTIFICATE_UNUSED', 'nothing that deadair starts in this node could use its key.', path),
      fix: 'Give the node a program with a run: a key is there only for what is started after the node.',
    },
  ];
}

function unknown(names: string[], known: string[], what: string, path: PropertyKey[]): Finding[] {
  return names.flatMap((name, index): Finding[] =>
    known.includes(name)
      ? []
      : [
          {
            ...finding('CERTIFICATE_UNKNOWN', `the lab has no ${what} "${name}".`, [...path, index]),
            fix: suggestion(name, known, what === 'authority' ? 'authorities' : 'certificates'),
          },
        ],
  );
}

const finding = (code: string, what: string, path: PropertyKey[]): Finding => ({
  code,
  what,
  path,
  at: 'value',
});
