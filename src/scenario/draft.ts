import { z } from 'zod';
import { expectationSchema } from './schema-expect.js';
import type { ExpectationEntry } from './schema-expect.js';
import { defectSchema, flowSchema, scenarioSchema, timelineEntrySchema } from './schema.js';
import type { Flow, ScenarioDefect, TimelineEntry } from './schema.js';
import type { Finding } from './source.js';
import { valueAt } from './json-schema.js';
import type { TemplateValue } from './lab-schema.js';

/** An entry of a list with its index in the file. */
export interface Item<T> {
  index: number;
  value: T;
}

/**
 * What can be read of a scenario that may have errors, so that a wrong unit in one entry doesn't hide the
 * unknown link in the next. `broken` names the lists of which something had to be left out.
 */
export interface Draft {
  lab: string | undefined;
  tags: string[];
  durationMs: number | undefined;
  traffic: Item<Flow>[];
  timeline: Item<TimelineEntry>[];
  expect: Item<ExpectationEntry>[];
  defects: Item<ScenarioDefect>[];
  values: Record<string, TemplateValue>;
  trunks: string[];
  broken: Set<'duration' | 'traffic' | 'timeline'>;
}

/** `findings`: what the schema found; unknown keys are taken out of their entries before these are read. */
export function draftOf(data: unknown, findings: readonly Finding[]): Draft {
  const known = structuredClone(data);
  for (const { code, path } of findings)
    if (code === 'KEY_UNKNOWN')
      Reflect.deleteProperty(valueAt(known, path.slice(0, -1)) as object, path.at(-1) ?? '');
  const broken: Draft['broken'] = new Set();
  for (const list of ['duration', 'traffic', 'timeline'] as const)
    if (findings.some(({ path }) => path[0] === list)) broken.add(list);
  const read = <T extends z.ZodType>(schema: T, key: string) => schema.safeParse(valueAt(known, [key])).data;
  const items = <T extends z.ZodType>(schema: T, key: string): Item<z.output<T>>[] => {
    const list = valueAt(known, [key]);
    return (Array.isArray(list) ? (list as unknown[]) : []).flatMap((entry, index) => {
      const { success, data: value } = schema.safeParse(entry);
      return success ? [{ index, value }] : [];
    });
  };
  return {
    lab: read(z.string(), 'lab'),
    tags: read(scenarioSchema.shape.tags, 'tags') ?? [],
    durationMs: read(scenarioSchema.shape.duration, 'duration'),
    traffic: items(flowSchema, 'traffic'),
    timeline: items(timelineEntrySchema, 'timeline'),
    expect: items(expectationSchema, 'expect'),
    defects: items(defectSchema, 'defects'),
    values: read(scenarioSchema.shape.values, 'values') ?? {},
    trunks: Object.keys(read(scenarioSchema.shape.trunks, 'trunks') ?? {}),
    broken,
  };
}
