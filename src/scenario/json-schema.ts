import { z } from 'zod';
import { imageSchema } from './image-schema.js';
import { labSchema } from './lab-schema.js';
import { scenarioSchema } from './schema.js';

/** A JSON Schema as far as it is walked here. */
export interface JsonSchema {
  properties?: Record<string, JsonSchema>;
  required?: string[];
  items?: JsonSchema;
  additionalProperties?: JsonSchema | boolean;
  anyOf?: JsonSchema[];
  description?: string;
}

/** JSON Schema of what people write (before units are parsed), for editors and for the names of known keys. */
export const jsonSchemaOf = (schema: z.ZodType): JsonSchema =>
  z.toJSONSchema(schema, { io: 'input' }) as JsonSchema;
export const scenarioJsonSchema = (): JsonSchema => jsonSchemaOf(scenarioSchema);
export const labJsonSchema = (): JsonSchema => jsonSchemaOf(labSchema);
export const imageJsonSchema = (): JsonSchema => jsonSchemaOf(imageSchema);

/** Index of the alternative in `anyOf` that `value` was meant to be: the one most of whose keys it has. */
export function intendedOption(options: readonly JsonSchema[], value: unknown): number {
  const keys = typeof value === 'object' && value !== null ? Object.keys(value) : [];
  const scores = options.map((option) =>
    keys.reduce(
      (score, key) => score + (option.required?.includes(key) ? 2 : option.properties?.[key] ? 1 : 0),
      option.properties && keys.length > 0 ? 0.5 : 0,
    ),
  );
  return scores.indexOf(Math.max(...scores));
}

/** The schema of what stands at `path` of `data`. */
export function schemaAt(schema: JsonSchema, path: readonly PropertyKey[], data: unknown): JsonSchema {
  const [step, ...rest] = path;
  if (step === undefined) return schema;
  const option = intended(schema, data);
  const extra = typeof option.additionalProperties === 'object' ? option.additionalProperties : {};
  const next = (typeof step === 'number' ? option.items : option.properties?.[String(step)]) ?? extra;
  return schemaAt(next, rest, valueAt(data, [step]));
}

/** Keys that the mapping at `path` of `data` may have; those of all alternatives while it is none of them yet. */
export function knownKeys(schema: JsonSchema, path: readonly PropertyKey[], data: unknown): string[] {
  const value = valueAt(data, path);
  const found = schemaAt(schema, path, data);
  const meant = intended(found, value);
  const complete = (meant.required ?? []).every((key) => valueAt(value, [key]) !== undefined);
  const options = complete ? [meant] : [meant, ...(found.anyOf ?? [])];
  return [...new Set(options.flatMap(({ properties }) => Object.keys(properties ?? {})))];
}

function intended(schema: JsonSchema, value: unknown): JsonSchema {
  return schema.anyOf ? (schema.anyOf[intendedOption(schema.anyOf, value)] ?? {}) : schema;
}

/** The value at a path of parsed YAML; undefined if there is none. */
export function valueAt(data: unknown, path: readonly PropertyKey[]): unknown {
  let value = data;
  for (const step of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
    value = (value as Record<PropertyKey, unknown>)[step];
  }
  return value;
}
