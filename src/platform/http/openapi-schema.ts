import { z } from 'zod';

type Json = Record<string, unknown>;

/** Turns schemas into OpenAPI and sees to it that a name stands for one shape. @throws when two schemas of different shapes have the same `.meta({ id })` */
export function namedConverter(): typeof toOpenApiSchema {
  const shapes = new Map<string, string>();
  return (schema, io) => {
    const converted = toOpenApiSchema(schema, io);
    for (const [name, component] of Object.entries(converted.components)) {
      const shape = JSON.stringify(component);
      if ((shapes.get(name) ?? shape) !== shape) throw new Error(`Two schemas are called ${name}: give one of them another id.`);
      shapes.set(name, shape);
    }
    return converted;
  };
}

/** Problem documents and every body: zod schemas as OpenAPI 3.0. Those with `.meta({ id })` become named components. */
export function toOpenApiSchema(schema: z.ZodType, io: 'input' | 'output'): { schema: Json; components: Record<string, Json> } {
  const json = z.toJSONSchema(schema, { target: 'openapi-3.0', io, unrepresentable: 'any' });
  const text = JSON.stringify(json).replace(/#\/(?:definitions|\$defs)\//g, '#/components/schemas/');
  const { definitions, $defs, ...root } = JSON.parse(text, (_key, value: unknown) => simplify(value, io)) as Json;
  const components = { ...(definitions as Record<string, Json>), ...($defs as Record<string, Json>) };
  for (const component of Object.values(components)) delete component.id;
  return { schema: root, components };
}

/**
 * Takes out what says nothing to a reader or a generator: the pattern of a format, the bounds of every integer, `{}` for
 * "anything"; and `additionalProperties: false` of answers, because an answer may get fields that an older client does not know.
 */
function simplify(value: unknown, io: 'input' | 'output'): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const schema = value as Json;
  if (schema.format === 'uuid' || schema.format === 'date-time') delete schema.pattern;
  if (schema.minimum === Number.MIN_SAFE_INTEGER) delete schema.minimum;
  if (schema.maximum === Number.MAX_SAFE_INTEGER) delete schema.maximum;
  const more = schema.additionalProperties;
  if (typeof more === 'object' && more !== null && Object.keys(more).length === 0) schema.additionalProperties = true;
  if (more === false && io === 'output') delete schema.additionalProperties;
  return schema;
}
