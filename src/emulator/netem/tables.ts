import type { Delay } from '../../plan/impairment.js';
import { ENTRIES, LARGEST_ENTRY, quantileTable, UNIT } from '../chain/distribution.js';

/** Name under which tc finds the table of a distribution, the same for equal tables. */
export function tableName(distribution: Delay['distribution']): string {
  return typeof distribution === 'string' ? distribution : `table-${fingerprint(distribution.table)}`;
}

/**
 * Text of `<name>.dist` for TC_LIB_DIR: the same tables as those of the wire emulator, and uniform as a table, because
 * netem, once it has a table, can't be told to do without.
 */
export function tableText(distribution: Delay['distribution']): string {
  const table = quantileTable(distribution) ?? evenly();
  const values = Array.from(table, (value) =>
    Math.max(-LARGEST_ENTRY, Math.min(LARGEST_ENTRY, Math.round(value * UNIT))),
  );
  return `# ${tableName(distribution)}\n${values.join('\n')}\n`;
}

/** −1 … 1 in equal steps. */
function evenly(): number[] {
  return Array.from({ length: ENTRIES }, (_, index) => (2 * index + 1) / ENTRIES - 1);
}

/** FNV-1a over the values as text. */
function fingerprint(table: readonly number[]): string {
  let hash = 0x811c9dc5;
  for (const character of table.join()) hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193);
  return (hash >>> 0).toString(16);
}
