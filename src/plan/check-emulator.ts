import { DeadairError, ExitCode } from '../base/errors.js';
import { InputErrors } from '../scenario/input-errors.js';
import {
  unsupportedImpairment,
  unsupportedMatch,
  unsupportedTrace,
  type Unsupported,
} from './netem-limits.js';
import type { Plan, PlannedFault } from './types.js';

/**
 * Refuses a plan whose emulator can't do all of its faults, before anything is started.
 * @throws InputErrors with NETEM_CANNOT (exit 64) at each entry of the timeline.
 */
export function checkEmulator(plan: Plan): void {
  if (plan.emulator !== 'netem') return;
  const seen = new Set<number>();
  const errors = plan.faults.flatMap((fault) => {
    const [cannot] = unsupportedFault(fault);
    if (!cannot || seen.has(fault.entry)) return [];
    seen.add(fault.entry);
    const what = `netem can't do ${cannot.what} (${fault.kind} of ${fault.target}).`;
    return [
      new DeadairError('NETEM_CANNOT', what, {
        exitCode: ExitCode.badInput,
        fix: cannot.instead,
        place: { file: plan.scenario.file, ...fault.place },
      }),
    ];
  });
  if (errors.length > 0) throw new InputErrors(errors);
}

function unsupportedFault(fault: PlannedFault): Unsupported[] {
  switch (fault.kind) {
    case 'cut':
      return [];
    case 'impair':
      return [...unsupportedMatch(fault.only ?? {}), ...unsupportedImpairment(fault.impairment)];
    case 'block':
      return unsupportedMatch(fault.only);
    case 'power':
    case 'freeze':
    case 'crash':
    case 'starve':
      return [];
    case 'replay':
      return fault.directions.flatMap(({ trace }) => unsupportedTrace(trace));
  }
}
