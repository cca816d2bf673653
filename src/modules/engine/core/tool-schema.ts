import { z } from 'zod';
import { formats, schemaFaults, type JsonSchema } from './schema-faults.js';

/** Keywords that providers do not take; the model reads them in the description instead. */
const hints: Record<string, (value: unknown) => string> = {
  minLength: (value) => `at least ${String(value)} characters`,
  maxLength: (value) => `at most ${String(value)} characters`,
  default: (value) => `${JSON.stringify(value)} when absent`,
};
/** Notes that say nothing to a model. */
const notes = ['$schema', 'example', 'examples', 'title'];

/**
 * JSON Schema of a tool's arguments in the strict form that providers of language models accept: every object is closed and
 * lists all its properties as required; those that may be absent may be null instead (parseArguments() drops nulls).
 * @throws TypeError when the arguments cannot be said in that form
 */
export function toolSchemaOf(args: z.ZodObject): JsonSchema {
  const plain = z.toJSONSchema(args, { io: 'input', reused: 'inline' }) as JsonSchema;
  const faults = [...(admitsNull(plain) ? ['null is no value of its own: make the argument optional'] : [])];
  const schema = strict(plain);
  faults.push(...schemaFaults(schema));
  if (faults.length > 0) throw new TypeError(faults.join('; '));
  return schema;
}

/**
 * Arguments as a model wrote them, without the nulls that stand for absent ones and without NUL characters. Nothing written counts as no arguments.
 * @throws SyntaxError when it is no JSON
 */
export function parseArguments(text: string): unknown {
  if (text.trim() === '') return {};
  return JSON.parse(text, function (this: unknown, _name, value: unknown) {
    if (typeof value === 'string') return value.replaceAll('\u0000', '');
    return value === null && !Array.isArray(this) ? undefined : value;
  });
}

function strict(schema: JsonSchema): JsonSchema {
  const { description, const: only, ...rest } = schema;
  const told = [description, ...Object.keys(hints).flatMap((key) => (key in rest ? hints[key]?.(rest[key]) : []))].filter(Boolean);
  const kept: JsonSchema = Object.fromEntries(Object.entries(rest).filter(([key]) => !(key in hints) && !notes.includes(key)));
  if (only !== undefined) kept.enum = [only];
  if (told.length > 0) kept.description = told.join('; ');
  // Formats have patterns of their own in zod, which only cost tokens.
  if (typeof kept.format === 'string' && formats.has(kept.format)) delete kept.pattern;
  if (kept.minimum === Number.MIN_SAFE_INTEGER) delete kept.minimum;
  if (kept.maximum === Number.MAX_SAFE_INTEGER) delete kept.maximum;
  if (isSchema(kept.items)) kept.items = strict(kept.items);
  if (Array.isArray(kept.anyOf)) kept.anyOf = kept.anyOf.map((one: JsonSchema) => strict(one));
  return isSchema(kept.properties) ? closed(kept, kept.properties) : kept;
}

function closed(schema: JsonSchema, properties: JsonSchema): JsonSchema {
  const required = Array.isArray(schema.required) ? schema.required : [];
  const all = Object.entries(properties).map(([name, property]) => {
    const made = strict(property as JsonSchema);
    return [name, required.includes(name) ? made : nullable(made)] as const;
  });
  return { ...schema, properties: Object.fromEntries(all), required: all.map(([name]) => name), additionalProperties: false };
}

function nullable(schema: JsonSchema): JsonSchema {
  const { description, ...rest } = schema;
  const told = description === undefined ? {} : { description };
  if (Array.isArray(rest.anyOf)) return { ...schema, anyOf: [...rest.anyOf, { type: 'null' }] };
  if (rest.type === 'object' || rest.type === 'array') return { anyOf: [rest, { type: 'null' }], ...told };
  return { ...schema, type: [rest.type, 'null'].flat(), ...(Array.isArray(rest.enum) ? { enum: [...rest.enum, null] } : {}) };
}

function admitsNull(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(admitsNull);
  return isSchema(value) && ([value.type].flat().includes('null') || Object.values(value).some(admitsNull));
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
