import type { OpenAPIObject } from '@nestjs/swagger';
import { toOpenApiSchema } from './openapi-schema.js';
import { openAiErrorSchema, toOpenAiError } from './openai-error.js';
import { errorResponses, problemSchema } from './problem-responses.js';

type Components = NonNullable<OpenAPIObject['components']>;

export const reference = (kind: 'headers' | 'parameters' | 'responses' | 'schemas', name: string) => ({ $ref: `#/components/${kind}/${name}` });

/** Headers of the responses that have them. */
const headers: Components['headers'] = {
  'X-Request-Id': { description: 'Id of the request, as sent or made here; `trace_id` of problems and the log carry it', schema: { type: 'string' }, example: '019aa4c5-8a52-7c3e-9f34-0242ac12000f' },
  'RateLimit-Limit': { description: 'Requests that the key may make a minute', schema: { type: 'integer' }, example: 60_000 },
  'RateLimit-Remaining': { description: 'What is left of them', schema: { type: 'integer' }, example: 59_999 },
  'RateLimit-Reset': { description: 'Seconds until all are there again', schema: { type: 'integer' }, example: 60 },
  'Retry-After': { description: 'Seconds to wait before asking again', schema: { type: 'integer' }, example: 12 },
  'WWW-Authenticate': { description: 'How to sign in', schema: { type: 'string' }, example: 'Bearer realm="ai-stack"' },
  'X-Cache': { description: '`HIT`: the answer was remembered. `MISS`: it was computed. `STALE`: remembered, and being computed anew', schema: { type: 'string', enum: ['HIT', 'MISS', 'STALE'] }, example: 'HIT' },
  'Cache-Control': { description: 'What differs by caller is kept by nobody else (`private, no-cache`), secrets and what changes something by nobody (`no-store`)', schema: { type: 'string' }, example: 'private, no-cache' },
  ETag: { description: 'Stands for this body; send it as `If-None-Match` to get 304 while it holds', schema: { type: 'string' }, example: '"V91KjXSTBb6qIk5xntI3xHHpd84="' },
  'Idempotency-Replayed': { description: '`true` when an earlier request with this `Idempotency-Key` was answered again', schema: { type: 'string', enum: ['true'] }, example: 'true' },
};

const parameters: Components['parameters'] = {
  'If-None-Match': {
    name: 'If-None-Match',
    in: 'header',
    required: false,
    description: 'The `ETag` of an earlier answer: 304 without a body while it still holds',
    schema: { type: 'string' },
    example: '"V91KjXSTBb6qIk5xntI3xHHpd84="',
  },
};

/** What operations share: the problem document, the error responses, the headers, the conditional GET. */
export function sharedComponents(): Components {
  const problem = toOpenApiSchema(problemSchema, 'output');
  const openAiError = toOpenApiSchema(openAiErrorSchema, 'output');
  const responses = Object.values(errorResponses).map(({ name, description, example, headers: own = [] }) => [
    name,
    {
      description,
      headers: headerReferences(['X-Request-Id', ...own]),
      content: { 'application/problem+json': { schema: reference('schemas', 'Problem'), example } },
    },
  ]);
  return {
    schemas: { Problem: problem.components.Problem ?? problem.schema, OpenAiError: openAiError.components.OpenAiError ?? openAiError.schema },
    responses: {
      ...(Object.fromEntries(responses) as Components['responses']),
      NotModified: { description: 'What the client has is still right; there is no body', headers: headerReferences(['X-Request-Id', 'Cache-Control', 'ETag']) },
    },
    parameters,
    headers,
  };
}

/** The error of a status on a route of the OpenAI form. */
export function openAiErrorResponse(status: number) {
  const { description, example, headers: own = [] } = errorResponses[status] ?? errorResponses[500];
  const failure = { status, code: example.code, detail: example.detail, errors: example.errors, unexpected: status === 500 };
  return { description, headers: headerReferences(['X-Request-Id', ...own]), content: { 'application/json': { schema: reference('schemas', 'OpenAiError'), example: toOpenAiError(failure) } } };
}

export function headerReferences(names: string[]) {
  return Object.fromEntries(names.map((name) => [name, reference('headers', name)]));
}
