import type { Api, Json } from './api.js';

/** One operation of /openapi.json with its references resolved. */
export interface Operation {
  name: string;
  method: string;
  path: string;
  /** What it asks for: a permission, `signed-in` or `public`. */
  permission: string;
  parameters: { name: string; in: string; required: boolean; schema: Json }[];
  /** Media type and schema of its body. */
  body: { type: string; schema: Json; example: Json } | undefined;
}

/** Every operation that the running server documents. */
export async function readOperations(api: Api): Promise<Operation[]> {
  const { body: document } = await api.call('GET', '/openapi.json', { key: null });
  return Object.entries<Json>(document.paths).flatMap(([path, methods]) => Object.entries<Json>(methods).map(([method, operation]) => readOperation(document, method, path, operation)));
}

function readOperation(document: Json, method: string, path: string, operation: Json): Operation {
  const [content] = Object.entries<Json>(operation.requestBody?.content ?? {});
  return {
    name: `${method.toUpperCase()} ${path}`,
    method: method.toUpperCase(),
    path,
    permission: String(operation['x-permission']),
    parameters: (operation.parameters ?? []).map((parameter: Json) => ({ ...parameter, required: Boolean(parameter.required), schema: resolve(document, parameter.schema) })),
    body: content && { type: content[0], schema: resolve(document, content[1].schema), example: content[1].example ?? Object.values<Json>(content[1].examples ?? {})[0]?.value },
  };
}

function resolve(document: Json, schema: Json): Json {
  if (Array.isArray(schema)) return schema.map((item) => resolve(document, item));
  if (typeof schema !== 'object' || schema === null) return schema;
  if (typeof schema.$ref === 'string') {
    const name = schema.$ref.split('/').at(-1);
    const found = document.components.schemas[name];
    if (!found) throw new Error(`/openapi.json refers to ${schema.$ref}, which it lacks`);
    return resolve(document, found);
  }
  return Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, key === 'example' ? value : resolve(document, value)]));
}

/** Is the value an id: a UUID, or a list of them? */
export function holdsIds(schema: Json): boolean {
  return schema?.format === 'uuid' || (schema?.type === 'array' && holdsIds(schema.items));
}

/** A value that the schema allows, from its examples where it has some. @throws when neither examples nor its type tell one */
export function sampleOf(schema: Json, where: string): Json {
  if (schema.example !== undefined) return schema.example;
  if (schema.default !== undefined) return schema.default;
  if (schema.enum) return schema.enum[0];
  const alternative = (schema.anyOf ?? schema.oneOf ?? schema.allOf)?.[0];
  if (alternative) return sampleOf(alternative, where);
  if (schema.type === 'object') {
    const required: string[] = schema.required ?? [];
    return Object.fromEntries(required.map((name) => [name, sampleOf(schema.properties[name], `${where}.${name}`)]));
  }
  if (schema.type === 'array') return [sampleOf(schema.items, `${where}[]`)];
  if (schema.format === 'uuid') return '019aa4c5-8a52-7c3e-9f34-0242ac120002';
  if (schema.type === 'boolean') return true;
  if (schema.type === 'integer' || schema.type === 'number') return schema.minimum ?? 1;
  if (schema.type === 'string' && !schema.pattern && !schema.format) return 'sample text';
  throw new Error(`No value can be made for ${where}: give its schema an example (${JSON.stringify(schema).slice(0, 200)})`);
}
