import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { schemaFaults, type JsonSchema } from './schema-faults.js';
import { parseArguments, toolSchemaOf } from './tool-schema.js';

const closed = (properties: JsonSchema): JsonSchema => ({ type: 'object', properties, required: Object.keys(properties), additionalProperties: false });
const good = closed({ query: { type: 'string' }, tags: { type: 'array', items: { type: 'string' } } });

describe(toolSchemaOf, () => {
  const args = z.object({
    query: z.string().min(1).max(200).describe('What to look for'),
    top_k: z.int().min(1).max(10).default(5),
    unit: z.enum(['day', 'hour']).optional(),
    id: z.uuid(),
    window: z.object({ from: z.iso.datetime({ offset: true }), days: z.number().optional() }).optional(),
    tags: z.array(z.object({ name: z.string() })).max(3).optional(),
    size: z.union([z.literal('all'), z.int()]).optional(),
  });
  const schema = toolSchemaOf(args);
  const validate = new Ajv2020({ formats: { uuid: true, 'date-time': true } }).compile(schema);

  it('makes a schema of draft 2020-12 that demands every property and admits null for those that may be absent', () => {
    const required = { query: 'x', id: '019aa4c5-8a52-7c3e-9f34-0242ac120002' };
    const absent = { top_k: null, unit: null, window: null, tags: null, size: null };
    expect(validate({ ...required, ...absent })).toBe(true);
    expect(validate({ ...required, top_k: 3, unit: 'day', window: { from: '2026-01-01T00:00:00Z', days: null }, tags: [{ name: 'a' }], size: 'all' })).toBe(true);
    for (const bad of [required, { ...absent, ...required, query: null }, { ...required, ...absent, more: 1 }, { ...required, ...absent, top_k: 11 }, { ...required, ...absent, tags: [{}] }]) expect(validate(bad)).toBe(false);
  });

  it('tells in words what providers take in no other form', () => {
    expect(schema.properties).toMatchObject({ query: { type: 'string', description: 'What to look for; at least 1 characters; at most 200 characters' }, top_k: { type: ['integer', 'null'], minimum: 1, maximum: 10, description: '5 when absent' } });
    expect(JSON.stringify(schema)).not.toMatch(/\$schema|\$ref|"default"|maxLength/);
  });

  it.each<[string, z.ZodObject]>([
    ['the keyword "propertyNames"', z.object({ any: z.record(z.string(), z.string()) })],
    ['the keyword "prefixItems"', z.object({ pair: z.tuple([z.string(), z.string()]) })],
    ['the keyword "oneOf"', z.object({ kind: z.discriminatedUnion('k', [z.object({ k: z.literal('a') }), z.object({ k: z.literal('b') })]) })],
    ['of several types', z.object({ size: z.union([z.string(), z.boolean()]) })],
    ['of several types', z.object({ size: z.union([z.string(), z.boolean()]).optional() })],
    ['make the argument optional', z.object({ name: z.string().nullable() })],
    ['neither a type nor anyOf', z.object({ any: z.unknown() })],
    ['"$ref"', z.object({ named: z.object({ a: z.string() }).meta({ id: 'NamedSchema' }) })],
    ['nests deeper', z.object({ a: z.object({ b: z.object({ c: z.object({ d: z.object({ e: z.string() }) }) }) }) })],
    ['no name that all models can write', z.object({ 'größe': z.string() })],
    ['Date cannot be represented', z.object({ at: z.date() })],
  ])('refuses with a clear word: %s', (word, bad) => {
    expect(() => toolSchemaOf(bad)).toThrow(word);
  });
});

describe(schemaFaults, () => {
  it('finds nothing wrong with a good schema', () => expect(schemaFaults(good)).toEqual([]));

  it.each<[string, JsonSchema]>([
    ['(root): must be a plain object, no union', { anyOf: [good] }],
    ['(root): must be a plain object, no union', { type: 'array', items: good }],
    ['(root).query: every property must be required', { ...good, required: ['tags'] }],
    ['(root): requires "more", which is no property', { ...good, required: ['query', 'tags', 'more'] }],
    ['(root): an object must have additionalProperties: false', { ...good, additionalProperties: true }],
    ['(root): an object must name its properties', { type: 'object', additionalProperties: false }],
    ['(root).list: an array must say what its items are', closed({ list: { type: 'array' } })],
    ['(root).list[]: has neither a type nor anyOf', closed({ list: { type: 'array', items: {} } })],
    ['(root).inner: an object must have additionalProperties: false', closed({ inner: { type: 'object', properties: {}, required: [] } })],
    ['(root).one|1.a: every property must be required', closed({ one: { anyOf: [{ type: 'null' }, { ...closed({ a: { type: 'string' } }), required: [] }] } })],
    ['(root).one: anyOf must not be empty', closed({ one: { anyOf: [] } })],
    ['(root).text: the keyword "minLength" is not supported', closed({ text: { type: 'string', minLength: 1 } })],
    ['(root).text: the format "iri" is not supported', closed({ text: { type: 'string', format: 'iri' } })],
    ['(root).text: there is no type "text"', closed({ text: { type: 'text' } })],
    ['(root).text: enum must list values', closed({ text: { type: 'string', enum: [] } })],
    ['(root).text: must be a schema', closed({ text: true })],
    ['(root): has 101 properties; at most 100 are accepted', closed(Object.fromEntries(Array.from({ length: 101 }, (_, n) => [`p${n}`, { type: 'string' }])))],
    ['(root): enumerates 501 values; at most 500 are accepted', closed({ text: { type: 'integer', enum: Array.from({ length: 501 }, (_, n) => n) } })],
  ])('finds: %s', (fault, bad) => {
    expect(schemaFaults(bad)).toContain(fault);
  });
});

describe(parseArguments, () => {
  it('drops nulls of objects at every depth, and takes nothing for no arguments', () => {
    expect(parseArguments('{"a":null,"b":{"c":null,"d":[1,null]}}')).toEqual({ b: { d: [1, null] } });
    expect(parseArguments('{"a":"x\\u0000y"}')).toEqual({ a: 'xy' });
    expect(parseArguments(' ')).toEqual({});
    expect(() => parseArguments('{"a":')).toThrow(SyntaxError);
  });

  it('harms no prototype', () => {
    const value = parseArguments('{"__proto__":{"polluted":true}}');
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    expect(z.object({ a: z.string().optional() }).parse(value)).toEqual({});
  });
});
