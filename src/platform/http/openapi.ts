import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { z } from 'zod';

const description = `Documents in, cited answers out. Every route needs \`Authorization: Bearer <API key or JWT>\` (or \`X-API-Key\`) unless it says *public*;
\`x-permission\` on an operation names the permission it asks for.

**First question in one minute**

\`\`\`sh
curl -H "Authorization: Bearer $KEY" -H 'Content-Type: application/json' \\
  -d '{"text":"The cache hit rate must stay above seventy percent."}' http://127.0.0.1:3000/rag/ingest
curl -H "Authorization: Bearer $KEY" -H 'Content-Type: application/json' \\
  -d '{"query":"What must the cache hit rate be?"}' http://127.0.0.1:3000/smart-qa/chat
\`\`\`

Errors are RFC 9457 \`application/problem+json\` with a stable \`code\` and a \`trace_id\` that stands in the server's log.
Lists take \`page\` and \`page_size\`. Every POST that creates takes an \`Idempotency-Key\`.`;

/** The OpenAPI document, made from the routes and the schemas that validate them. */
export function createOpenApiDocument(app: INestApplication, version: string): OpenAPIObject {
  const config = new DocumentBuilder()
    .setTitle('AI Stack')
    .setDescription(description)
    .setVersion(version)
    .setLicense('MIT', 'https://opensource.org/license/mit')
    .addBearerAuth({ type: 'http', scheme: 'bearer', description: 'An API key or a JWT from POST /auth/token' })
    .build();
  const document = SwaggerModule.createDocument(app, config, {
    standardSchemaConverter: (schema, { schemaType }) => (schema instanceof z.ZodType ? convert(schema, schemaType) : undefined),
    operationIdFactory: (_controller, method) => method,
  });
  return sortSchemas(document);
}

export function serveOpenApi(app: INestApplication, version: string): void {
  SwaggerModule.setup('docs', app, () => createOpenApiDocument(app, version), {
    jsonDocumentUrl: 'openapi.json',
    yamlDocumentUrl: 'openapi.yaml',
    customSiteTitle: 'AI Stack API',
    swaggerOptions: { persistAuthorization: true, displayRequestDuration: true },
  });
}

/** A zod schema as OpenAPI; schemas with `.meta({ id })` become named components. */
function convert(schema: z.ZodType, io: 'input' | 'output') {
  const json = z.toJSONSchema(schema, { target: 'openapi-3.0', io, unrepresentable: 'any' }) as Record<string, unknown>;
  const { definitions, $defs, ...root } = JSON.parse(JSON.stringify(json).replace(/#\/(?:definitions|\$defs)\//g, '#/components/schemas/')) as Record<string, unknown>;
  const components = { ...(definitions as Record<string, Record<string, unknown>>), ...($defs as Record<string, Record<string, unknown>>) };
  for (const component of Object.values(components)) delete component.id;
  return { schema: root, components };
}

function sortSchemas(document: OpenAPIObject): OpenAPIObject {
  const schemas = document.components?.schemas;
  if (schemas) document.components!.schemas = Object.fromEntries(Object.entries(schemas).sort(([a], [b]) => (a < b ? -1 : 1)));
  return document;
}
