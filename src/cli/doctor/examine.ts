import type { Check } from './check.js';
import { checkCores, checkDisk, checkNode, checkPrivileges } from './machine.js';
import { checkEmulators, checkNamespaces, checkTap } from './kernel.js';
import { checkDocker, checkJava, checkPrograms } from './programs.js';

/** Looks at all that labs need of the machine, in the order of what hinders most. Starts nothing that stays. */
export async function examine(): Promise<Check[]> {
  const found = await Promise.all([
    checkNamespaces(),
    checkTap(),
    checkEmulators(),
    checkPrograms(),
    checkDocker(),
    checkJava(),
    checkDisk(),
  ]);
  // Alone, so that the others don't keep the cores busy.
  return [checkNode(), checkPrivileges(), ...found.flat(), await checkCores()];
}
