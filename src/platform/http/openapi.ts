import { readFileSync } from 'node:fs';
import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { z } from 'zod';
import { sharedComponents } from './openapi-components.js';
import { completeOperations } from './openapi-operations.js';
import { namedConverter } from './openapi-schema.js';

const description = `Documents in, cited answers out. Every route needs \`Authorization: Bearer <API key or JWT>\` (or \`X-API-Key\`) unless it says *public*;
\`x-permission\` on an operation names the permission it asks for.

**First question in one minute**

\`\`\`sh
curl -H "Authorization: Bearer $KEY" -H 'Content-Type: application/json' \\
  -d '{"text":"The cache hit rate must stay above seventy percent."}' http://127.0.0.1:3000/rag/ingest
curl -H "Authorization: Bearer $KEY" -H 'Content-Type: application/json' \\
  -d '{"query":"What must the cache hit rate be?"}' http://127.0.0.1:3000/smart-qa/chat
\`\`\`

* Errors are RFC 9457 \`application/problem+json\` with a stable \`code\` and a \`trace_id\` that stands in the server's log.
* Lists take \`page\` and \`page_size\` and answer \`{items, total, page, page_size}\`. Names are snake_case, times RFC 3339 in UTC, ids UUIDs.
* Every POST that creates takes an \`Idempotency-Key\`: repeat it with the same key after a lost connection.
* GET answers carry an \`ETag\`; send it back as \`If-None-Match\` and get 304 without a body while nothing changed. \`Cache-Control\` lets nobody but you keep them.
* Answers may get new fields at any time: ignore those you do not know.`;

/** What the reader of the document should know of a group of operations. */
export interface ApiTag {
  name: string;
  description: string;
}

/** The OpenAPI document, made from the routes and the schemas that validate them; the same for the same code, byte for byte. */
export function createOpenApiDocument(app: INestApplication, version: string, tags: readonly ApiTag[] = []): OpenAPIObject {
  const builder = new DocumentBuilder()
    .setTitle('AI Stack')
    .setDescription(description)
    .setVersion(version)
    .setLicense('MIT', 'https://opensource.org/license/mit')
    .addServer('/', 'The server that this document comes from')
    .addBearerAuth({ type: 'http', scheme: 'bearer', description: 'An API key, or a JWT from POST /auth/token' }, 'bearer')
    .addApiKey({ type: 'apiKey', in: 'header', name: 'X-API-Key', description: 'The same key, where Authorization is taken' }, 'api_key');
  for (const tag of tags) builder.addTag(tag.name, tag.description);
  const convert = namedConverter();
  const document = SwaggerModule.createDocument(app, builder.build(), {
    standardSchemaConverter: (schema, { schemaType }) => (schema instanceof z.ZodType ? convert(schema, schemaType) : undefined),
    operationIdFactory: (_controller, method) => method,
  });
  completeOperations(document);
  const shared = sharedComponents();
  document.components = { ...document.components, ...shared, schemas: sorted({ ...document.components?.schemas, ...shared.schemas }) };
  document.paths = sorted(document.paths);
  return document;
}

/**
 * Serves the written document at /openapi.json (and .yaml) and Swagger UI at /docs. A test holds the file against the routes;
 * making it anew would hold the event loop for half a second and keep its classes in memory.
 */
export function serveOpenApi(app: INestApplication, file: URL): void {
  const document = () => JSON.parse(readFileSync(file, 'utf8')) as OpenAPIObject;
  SwaggerModule.setup('docs', app, document, {
    jsonDocumentUrl: 'openapi.json',
    yamlDocumentUrl: 'openapi.yaml',
    customSiteTitle: 'AI Stack API',
    swaggerOptions: { persistAuthorization: true, displayRequestDuration: true, docExpansion: 'list', filter: true },
  });
}

function sorted<T>(record: Record<string, T>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}
