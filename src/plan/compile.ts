import type { Lab } from '../scenario/lab-schema.js';
import type { LoadedScenario } from '../scenario/load.js';
import { occurrencesOf, trafficMsOf } from '../scenario/timeline.js';
import { addressLab } from './addresses.js';
import { planCalls } from './calls.js';
import { chooseEmulator, type EmulatorAsked, type KernelNetem } from './choose-emulator.js';
import { runtimeFor } from './check-runtime.js';
import { planExpectations } from './expectations.js';
import { planFaults } from './faults.js';
import { planFlow } from './flows.js';
import { planLab } from './nodes.js';
import { templatePhones } from './phones.js';
import { seedOf } from './seeds.js';
import { approximatedByNetem } from './netem-approximations.js';
import { planZone } from './zone.js';
import type { PlannedFault } from './planned-fault.js';
import type { TemplateValue } from './planned-lab.js';
import type { Plan, RuntimeName } from './types.js';

export interface CompileOptions {
  /** Seed of the whole run; each plan derives its own from it. */
  seed: number;
  /** Twins with a planted bug: without, beside, or instead of the healthy run. */
  defects: 'none' | 'also' | 'only';
  /** auto: netns, unless a node needs Docker. */
  runtime: RuntimeName | 'auto';
  emulator: EmulatorAsked;
  /** For `auto`: whether the kernel has netem; without it `auto` is wire. */
  kernelNetem?: KernelNetem;
  /** How often each plan is run, at least 1. */
  repeat: number;
}

/**
 * Everything that a scenario asks to be run, healthy run first. Pure: the same input, the same plans.
 * @throws DeadairError with exit 64 for templates that can't be rendered, traces that don't read, faults that the
 * emulator can't do, and images that the runtime can't run.
 */
export function compilePlans(loaded: LoadedScenario, options: CompileOptions): Plan[] {
  const twins = options.defects === 'none' ? [] : loaded.scenario.defects;
  const variants = [...(options.defects === 'only' ? [] : [null]), ...twins];
  return variants.flatMap((twin) =>
    Array.from({ length: options.repeat }, (_, index) => {
      const name = loaded.scenario.name + (twin ? `@${twin.plant}` : '');
      const id = options.repeat > 1 ? `${name}.${index + 1}` : name;
      return compilePlan(loaded, id, twin, seedOf(options.seed, name, index + 1), options);
    }),
  );
}

function compilePlan(
  loaded: LoadedScenario,
  id: string,
  twin: LoadedScenario['scenario']['defects'][number] | null,
  seed: number,
  { runtime, emulator: asked, kernelNetem }: CompileOptions,
): Plan {
  const { file, scenario } = loaded;
  const lab = withTrunks(loaded.lab.lab, scenario.trunks);
  const loadedLab = { ...loaded.lab, lab };
  const planted = twin ? lab.defects[twin.plant] : undefined;
  const defaults = Object.entries(lab.values).map(([name, value]): [string, TemplateValue] => [
    name,
    value.default,
  ]);
  const values = { ...Object.fromEntries(defaults), ...scenario.values, ...planted?.values };
  const trafficMs = trafficMsOf(scenario);
  const topology = addressLab(lab);
  const flows = scenario.traffic.map((flow) => planFlow(flow, lab, topology, seed));
  const { numbers, services } = lab;
  const zone = planZone(lab, topology);
  const records = zone?.records ?? [];
  const scope = { topology, values, numbers, services, phones: templatePhones(lab, seed), records, seed };
  const { name, title, story, tags } = scenario;
  const faults = planFaults(loaded, topology);
  const { emulator, why: emulatorWhy } = chooseEmulator(asked, faults, file, kernelNetem ?? null);
  const planned = planLab(
    loadedLab,
    scope,
    new Set(scenario.timeline.flatMap(occurrencesOf).map(({ target }) => target)),
  );
  return {
    schemaVersion: 1,
    id,
    scenario: { id: name, title, story, tags, file },
    defect: twin
      ? { name: twin.plant, description: planted?.description ?? '', diagnosis: twin.diagnosis }
      : null,
    expected: twin ? 'fail' : 'pass',
    seed,
    runtime: runtimeFor(runtime, planned, loadedLab),
    emulator,
    emulatorWhy,
    lab: zone ? { ...planned, zone } : planned,
    flows,
    calls: planCalls(flows, trafficMs, seed, lab.subscribers),
    faults: emulator === 'netem' ? faults.map(declared) : faults,
    trafficMs,
    expectations: planExpectations(scenario.expect),
  };
}

/** The lab with trunks that speak as the scenario wants them to. */
const withTrunks = (lab: Lab, overrides: LoadedScenario['scenario']['trunks']): Lab => ({
  ...lab,
  trunks: lab.trunks.map((trunk) => ({ ...trunk, ...overrides[trunk.name] })),
});

/** With what netem does not quite as asked. */
function declared(fault: PlannedFault): PlannedFault {
  const approximated = approximatedByNetem(fault);
  return approximated.length > 0 ? { ...fault, approximated } : fault;
}
