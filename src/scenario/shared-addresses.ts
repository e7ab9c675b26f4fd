import { z } from 'zod';
import type { Lab } from './lab-schema.js';
import { name } from './quantities.js';
import type { Finding } from './source.js';
import { suggestion } from '../base/nearest.js';

/** Key of the lab. */
export const sharedAddressesOfLab = {
  'shared-addresses': z
    .record(
      name('a shared address'),
      z
        .array(z.string(), { error: 'a list of the nodes that share it' })
        .min(2, { error: 'at least two nodes' }),
    )
    .default({})
    .describe(
      'Addresses that move from node to node: a name, which templates and callers use as that of a node, and its nodes, the ' +
        'active one first. There is one on each segment on which all of them are; a program of theirs, such as keepalived, ' +
        'gives it to one of them',
    ),
};

/** Names that are taken, and nodes that aren't there or share another address already. */
export function checkSharedAddresses(lab: Lab): Finding[] {
  const nodes = lab.nodes.filter(({ role }) => role !== 'switch').map((node) => node.name);
  const shared = Object.entries(lab['shared-addresses']);
  return shared.flatMap(([owner, members], position) => {
    const path = ['shared-addresses', owner];
    const taken = shared.slice(0, position).flatMap(([, others]) => others);
    return [
      ...(lab.nodes.some((node) => node.name === owner)
        ? [finding('NAME_DUPLICATE', `there is a node named "${owner}" already.`, path, 'key')]
        : []),
      ...members.flatMap((node, index): Finding[] => {
        const at = [...path, index];
        if (!nodes.includes(node))
          return [
            {
              ...finding('NODE_UNKNOWN', `the lab has no node "${node}".`, at),
              fix: suggestion(node, nodes, 'nodes'),
            },
          ];
        if (taken.includes(node) || members.indexOf(node) < index)
          return [finding('NAME_DUPLICATE', `"${node}" shares an address already.`, at)];
        return [];
      }),
    ];
  });
}

const finding = (
  code: string,
  what: string,
  path: PropertyKey[],
  at: 'key' | 'value' = 'value',
): Finding => ({
  code,
  what,
  path,
  at,
});
