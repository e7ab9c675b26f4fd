import type { PlannedRecord } from '../plan/planned-lab.js';

/**
 * The text of a zone file, a record a line (`name. ttl IN type data`), in which this record gives `data`; nothing, if that
 * is empty.
 */
export function zoneGiving(
  text: string,
  { name, type, ttlS }: PlannedRecord,
  data: readonly string[],
): string {
  const dot = type === 'SRV' ? '.' : '';
  const given = data.map((one) => `${name}. ${ttlS} IN ${type} ${one}${dot}`);
  const others = text
    .trimEnd()
    .split('\n')
    .filter((line) => {
      const [owner, , , kind] = line.split(/\s+/);
      return owner !== `${name}.` || kind !== type;
    });
  return [...others, ...given, ''].join('\n');
}
