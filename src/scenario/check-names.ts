import { suggestion } from '../base/nearest.js';
import { checkFlow } from './check-flow.js';
import type { Draft } from './draft.js';
import type { Lab, TemplateValue } from './lab-schema.js';
import type { Finding } from './source.js';
import { unknownName } from './unknown-name.js';

/** Flows between nodes that can't talk like that, and unknown values and defects. */
export function checkNames({ traffic, values, defects, tags, trunks }: Draft, lab: Lab): Finding[] {
  return [
    ...traffic.flatMap(({ index, value }, position) => [
      ...checkFlow(index, value, lab),
      ...(traffic.slice(0, position).some((other) => other.value.name === value.name)
        ? [duplicate(['traffic', index, 'name'], `a flow named "${value.name}"`)]
        : []),
    ]),
    ...checkOverrides(values, lab, ['values']),
    ...trunks.flatMap((trunk): Finding[] => {
      const known = lab.trunks.map((one) => one.name);
      if (known.includes(trunk)) return [];
      return [
        { ...unknownName('TRUNK_UNKNOWN', lab.name, 'trunk', trunk, known, ['trunks', trunk]), at: 'key' },
      ];
    }),
    ...defects.flatMap(({ index, value }, position): Finding[] => {
      const path = ['defects', index, 'plant'];
      const strange = (value.tags ?? []).findIndex((tag) => !tags.includes(tag));
      if (strange !== -1)
        return [
          {
            code: 'TAG_NOT_OF_SCENARIO',
            what: `the scenario itself has no tag "${value.tags?.[strange]}", so the twin would never be run for it.`,
            fix: suggestion(value.tags?.[strange] ?? '', tags, 'tags'),
            path: ['defects', index, 'tags', strange],
            at: 'value',
          },
        ];
      if (defects.slice(0, position).some((other) => other.value.plant === value.plant))
        return [duplicate(path, `the defect "${value.plant}"`)];
      if (Object.hasOwn(lab.defects, value.plant)) return [];
      return [unknownName('DEFECT_UNKNOWN', lab.name, 'defect', value.plant, Object.keys(lab.defects), path)];
    }),
  ];
}

/** Overrides of template values: known to the lab and of the type of its default. */
export function checkOverrides(
  values: Record<string, TemplateValue>,
  lab: Lab,
  at: PropertyKey[],
): Finding[] {
  return Object.entries(values).flatMap(([name, value]): Finding[] => {
    const path = [...at, name];
    const known = Object.hasOwn(lab.values, name) ? lab.values[name] : undefined;
    if (!known)
      return [
        {
          ...unknownName('VALUE_UNKNOWN', lab.name, 'value', name, Object.keys(lab.values), path),
          at: 'key',
        },
      ];
    if (typeof known.default === typeof value) return [];
    const type = { string: 'a text', number: 'a number', boolean: 'true or false' }[
      typeof known.default as 'string' | 'number' | 'boolean'
    ];
    return [
      {
        code: 'VALUE_INVALID',
        what: `expected ${type} for "${name}", not ${JSON.stringify(value)}.`,
        path,
        at: 'value',
      },
    ];
  });
}

function duplicate(path: PropertyKey[], what: string): Finding {
  return { code: 'NAME_DUPLICATE', what: `${what} is there already.`, path, at: 'value' };
}
