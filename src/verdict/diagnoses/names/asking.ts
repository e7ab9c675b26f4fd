import type { Lookup } from '../../../measures/lookups.js';
import type { PlannedNode } from '../../../plan/planned-node.js';
import type { Plan } from '../../../plan/types.js';
import type { Case } from '../case.js';

/** Own: calls that can't be one lookup's bad luck. */
export const SEVERAL = 3;

const addressesOf = ({ interfaces }: PlannedNode): string[] =>
  interfaces.flatMap(({ address, extraAddresses }) => (address === null ? [] : [address, ...extraAddresses]));

/** Lookups by the nodes that choose trunks, since traffic began. */
export function lookupsOfChoosers({ plan, index }: Case): Lookup[] {
  const choosers = plan.lab.nodes.filter(({ role }) => role === 'sbc' || role === 'pbx').flatMap(addressesOf);
  return index.lookups.filter(({ client, askedAt }) => askedAt >= 0 && choosers.includes(client));
}

/** The node with an address, or else the address. */
export const nodeAt = (plan: Plan, address: string): string =>
  plan.lab.nodes.find((node) => addressesOf(node).includes(address))?.name ?? address;
