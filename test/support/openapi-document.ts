import { readFileSync } from 'node:fs';
import { z } from 'zod';

export type Json = Record<string, unknown>;

export interface Media {
  schema: Json;
  example?: unknown;
}

export interface Response {
  $ref?: string;
  description: string;
  headers?: Record<string, Json>;
  content?: Record<string, Media>;
}

export interface Parameter {
  name: string;
  in: string;
  description?: string;
  example?: unknown;
  schema: Json;
}

export interface Operation {
  operationId: string;
  summary?: string;
  description?: string;
  tags?: string[];
  security?: object[];
  parameters?: Parameter[];
  requestBody?: { content: Record<string, Media> };
  responses: Record<string, Response>;
  'x-permission'?: string;
}

export interface ApiDocument {
  openapi: string;
  tags: { name: string; description: string }[];
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Json>; parameters: Record<string, Json>; responses: Record<string, Response>; headers: Record<string, Json>; securitySchemes: Record<string, Json> };
}

/** The committed document; test/architecture/generated.spec.ts proves that it is the one of today's code. */
export const apiDocument = JSON.parse(readFileSync('libs/sdk/openapi.json', 'utf8')) as ApiDocument;

/** Each with its route, like `GET /rag/documents/{id}`. */
export const operations = Object.entries(apiDocument.paths).flatMap(([path, item]) =>
  Object.entries(item).map(([method, operation]) => ({ route: `${method.toUpperCase()} ${path}`, operation })),
);

/** What a reference stands for; undefined when it dangles. Anything else is itself. */
export function resolve<T extends object>(value: T): T {
  const reference = (value as Json).$ref;
  if (typeof reference !== 'string') return value;
  return reference.split('/').slice(1).reduce<unknown>((node, key) => (node as Json | undefined)?.[key.replaceAll('~1', '/').replaceAll('~0', '~')], apiDocument) as T;
}

const definitions = JSON.parse(JSON.stringify(apiDocument.components.schemas).replaceAll('#/components/schemas/', '#/definitions/')) as Record<string, Json>;
const closedDefinitions = Object.fromEntries(Object.entries(definitions).map(([name, schema]) => [name, close(schema) as Json]));

/**
 * A checker of values against a schema of the document.
 * @param options.closed also refuse fields that the document does not name, though clients must bear them
 * @returns what is wrong, undefined when nothing is
 */
export function checkerOf(schema: Json, { closed = false } = {}): (value: unknown) => string | undefined {
  const local = JSON.parse(JSON.stringify(schema).replaceAll('#/components/schemas/', '#/definitions/')) as Json;
  const type = z.fromJSONSchema({ ...(closed ? (close(local) as Json) : local), definitions: closed ? closedDefinitions : definitions } as never, { defaultTarget: 'openapi-3.0' });
  return (value) => {
    const parsed = type.safeParse(value);
    return parsed.success ? undefined : z.prettifyError(parsed.error);
  };
}

function close(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(close);
  if (typeof schema !== 'object' || schema === null) return schema;
  const copy = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, key === 'example' ? value : close(value)]));
  return copy.type === 'object' && copy.properties && copy.additionalProperties === undefined ? { ...copy, additionalProperties: false } : copy;
}
