import type { NodeLife } from '../lab/life.js';
import type { NodeFault } from '../plan/planned-fault.js';
import type { PlannedRecord, PlannedZone } from '../plan/planned-lab.js';
import { ruleFor, withoutRule } from './dns-rule.js';
import { zoneGiving } from './zone-file.js';

const CONFIGS = '/run/node/configs';

/** How a nameserver was made to answer otherwise. */
export interface NameChange {
  undo(): Promise<void>;
  /** By what means, in words. */
  by: string;
}

type DnsFault = Extract<NodeFault, { kind: 'dns' }>;

/**
 * What isn't so any more at the authority of a zone is changed in its zone, and the zone is loaded again: caches get what a
 * real change gives them. All else is a rule of the dnsdist in front of the server. `records`: as they are now.
 * @throws DeadairError NODE_COMMAND_FAILED (exit 3) if the server doesn't take it
 */
export async function changeNames(
  zone: PlannedZone | undefined,
  life: NodeLife,
  fault: DnsFault,
  records: readonly PlannedRecord[],
): Promise<NameChange> {
  const { answer, id, target } = fault;
  if (zone?.authority === target && (answer.how === 'nxdomain' || answer.how === 'changed')) {
    const given = answer.how === 'changed' ? answer.data : [];
    await editZone(zone, life, (text) => records.reduce((all, one) => zoneGiving(all, one, given), text));
    return {
      by: 'by its zone, loaded again',
      undo: () =>
        editZone(zone, life, (text) => records.reduce((all, one) => zoneGiving(all, one, one.data), text)),
    };
  }
  const about = fault.record === null ? null : records;
  const tell = (command: string) =>
    life.node.run(['dnsdist', '-C', `${CONFIGS}/dnsdist.conf`, '-e', command]);
  await tell(ruleFor(id, answer, about));
  return {
    by: 'by a rule of the dnsdist in front of it',
    undo: async () => void (await tell(withoutRule(id, about?.length ?? 1))),
  };
}

/** Faults of other records that are under way are in the file already, and stay. */
async function editZone(
  { name }: PlannedZone,
  life: NodeLife,
  edit: (text: string) => string,
): Promise<void> {
  const file = `/run/zones/${name}.zone`;
  const text = await life.node.run(['cat', file]);
  await life.node.run(
    ['sh', '-c', `cat >${file} && nsd-control -c ${CONFIGS}/nsd.conf reload ${name}`],
    edit(text),
  );
}
