import { validate } from '@readme/openapi-parser';
import { describe, expect, it } from 'vitest';
import { apiDocument as document, checkerOf, operations, resolve, type Json, type Operation } from '../support/openapi-document.js';

const routes = operations.map(({ route }) => route);

/** Names of the operations that break a rule: an empty list reads best when it fails. */
const breaking = (rule: (operation: Operation, route: string) => boolean) => operations.filter(({ operation, route }) => !rule(operation, route)).map(({ route }) => route);

/** Every object inside, with where it stands. */
function* everyObject(value: unknown, path = '#'): Generator<[path: string, object: Json]> {
  if (typeof value !== 'object' || value === null) return;
  if (!Array.isArray(value)) yield [path, value as Json];
  for (const [key, inner] of Object.entries(value)) if (key !== 'example' && key !== 'examples') yield* everyObject(inner, `${path}/${key}`);
}

const mediaOf = ({ requestBody, responses }: Operation) => [...Object.entries(requestBody?.content ?? {}), ...Object.values(responses).flatMap((response) => Object.entries(resolve(response).content ?? {}))];
const statusesOf = (route: string) => Object.keys(operations.find((one) => one.route === route)?.operation.responses ?? {});

describe('the OpenAPI document', () => {
  it('is valid OpenAPI 3.0', async () => {
    const result = await validate(structuredClone(document) as never);
    expect(result).toMatchObject({ valid: true, specification: 'OpenAPI' });
    expect(document.openapi).toMatch(/^3\.0\./);
  });

  it('refers to nothing that is not there', () => {
    const dangling = [...everyObject(document)].filter(([, object]) => typeof object.$ref === 'string' && resolve(object) === undefined).map(([path, { $ref }]) => `${path}: ${String($ref)}`);
    expect(dangling).toEqual([]);
  });

  it('has a component for each named schema, and none that nobody uses', () => {
    const text = JSON.stringify(document);
    const unused = Object.entries(document.components)
      .filter(([kind]) => kind !== 'securitySchemes')
      .flatMap(([kind, components]) => Object.keys(components).map((name) => `#/components/${kind}/${name}`))
      .filter((reference) => !text.includes(`"$ref":"${reference}"`));
    expect(unused).toEqual([]);
  });

  it('describes every group of operations', () => {
    const described = document.tags.filter(({ description }) => description.length > 20).map(({ name }) => name);
    const used = new Set(operations.flatMap(({ operation }) => operation.tags ?? []));
    expect(described.toSorted()).toEqual([...used].toSorted());
  });
});

describe('every operation', () => {
  it('has a unique camelCase operationId, which generators make method names of', () => {
    expect(breaking(({ operationId }) => /^[a-z]+([A-Z][a-z]*)*$/.test(operationId))).toEqual([]);
    const ids = operations.map(({ operation }) => operation.operationId);
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
  });

  it('has one tag and a summary', () => {
    expect(breaking(({ tags, summary }) => tags?.length === 1 && (summary ?? '').length > 3)).toEqual([]);
  });

  it('says who may call it: a permission and the ways to sign in, or that it is public', () => {
    const schemes = Object.keys(document.components.securitySchemes);
    expect(schemes.toSorted()).toEqual(['api_key', 'bearer']);
    expect(
      breaking(({ 'x-permission': permission, security }) => {
        if (permission === 'public') return security?.length === 0;
        return /^(signed-in|[a-z]+:[a-z]+)$/.test(permission ?? '') && security?.length === schemes.length && security.every((one) => schemes.includes(Object.keys(one)[0] ?? ''));
      }),
    ).toEqual([]);
  });

  it('answers with one success at least, which has a body with a named schema unless it is 204 or a file', () => {
    expect(
      breaking(({ responses }) => {
        const successes = Object.entries(responses).filter(([status]) => status.startsWith('2'));
        return successes.length > 0 && successes.every(([status, { content }]) => (status === '204' ? content === undefined : content?.['*/*']?.schema.format === 'binary' || typeof content?.['application/json']?.schema.$ref === 'string'));
      }),
    ).toEqual([]);
  });

  it('lists the errors of the way in: 401 and 403 behind a key, 400 with input, 413 and 415 with a body, 429 and 503, and 500', () => {
    expect(
      breaking(({ responses, parameters, requestBody, 'x-permission': permission }, route) => {
        const wanted = [
          ...(permission === 'public' ? [] : ['401']),
          ...(permission?.includes(':') ? ['403'] : []),
          ...(parameters?.some(({ name }) => name) || requestBody ? ['400'] : []),
          ...(requestBody ? ['413', '415'] : []),
          ...(route.includes('/health/') ? [] : ['429', '503']),
          ...(route.includes('{id}') ? ['404'] : []),
          '500',
        ];
        return wanted.every((status) => status in responses);
      }),
    ).toEqual([]);
  });

  it('answers errors with a Problem (RFC 9457), in the OpenAI form with its error, and an example of it', () => {
    expect(
      breaking(({ responses, tags }, route) => {
        const [type, name] = tags?.[0] === 'openai' ? ['application/json', 'OpenAiError'] : ['application/problem+json', 'Problem'];
        return Object.entries(responses)
          .filter(([status]) => Number(status) >= 400 && !(route.includes('/health/') && status === '503'))
          .every(([, response]) => {
            const { content } = resolve(response);
            return content?.[type]?.schema.$ref === `#/components/schemas/${name}` && content[type].example !== undefined;
          });
      }),
    ).toEqual([]);
  });

  it('documents X-Request-Id, and outside of the probes the rate limit', () => {
    expect(
      breaking(({ responses }, route) =>
        Object.entries(responses).every(([status, response]) => {
          const headers = Object.keys(resolve(response).headers ?? {});
          return headers.includes('X-Request-Id') && (Number(status) >= 300 || route.includes('/health/') || headers.includes('RateLimit-Remaining'));
        }),
      ),
    ).toEqual([]);
    expect(Object.keys(document.components.responses.TooManyRequests?.headers ?? {})).toContain('Retry-After');
  });

  it('shows an example of each body', () => {
    expect(breaking((operation) => mediaOf(operation).every(([type, { schema, example }]) => type === 'multipart/form-data' || (example ?? resolve(schema).example) !== undefined))).toEqual([]);
  });

  it('describes each parameter, with an example unless a default or a list of values shows one', () => {
    const poor = operations.flatMap(({ route, operation }) =>
      (operation.parameters ?? [])
        .map(resolve)
        .filter(({ description, example, schema }) => !description || (example ?? schema.default ?? schema.enum) === undefined)
        .map(({ name }) => `${route} ${name}`),
    );
    expect(poor).toEqual([]);
  });
});

describe('every schema', () => {
  const schemas = Object.entries(document.components.schemas);

  it('says what it allows', () => {
    const places = [...everyObject(document)].filter(([path]) => /\/(schema|items|additionalProperties|properties\/[^/]+)$/.test(path) && !/\/properties\/(items|schema)$/.test(path));
    expect(places.filter(([, object]) => Object.keys(object).length === 0).map(([path]) => path)).toEqual([]);
    expect(schemas.filter(([, schema]) => !('type' in schema || 'allOf' in schema || 'anyOf' in schema || 'oneOf' in schema)).map(([name]) => name)).toEqual([]);
  });

  it('is matched by its own example', () => {
    const wrong = schemas
      .filter(([, { example }]) => example !== undefined)
      .flatMap(([name, { example }]) => {
        const fault = checkerOf({ $ref: `#/components/schemas/${name}` }, { closed: true })(example);
        return fault ? [`${name}: ${fault}`] : [];
      });
    expect(wrong).toEqual([]);
  });

  it('does not require what has a default', () => {
    const wrong = [...everyObject(document.components.schemas)].flatMap(([path, { properties = {}, required = [] }]) =>
      (required as string[]).filter((name) => (properties as Record<string, Json | undefined>)[name]?.default !== undefined).map((name) => `${path}/${name}`),
    );
    expect(wrong).toEqual([]);
  });

  it('of an answer may grow: only requests refuse fields that they do not know', () => {
    const requests = new Set(operations.flatMap(({ operation }) => Object.values(operation.requestBody?.content ?? {}).map(({ schema }) => String(schema.$ref).split('/').at(-1))));
    const closed = schemas.filter(([name, schema]) => schema.additionalProperties === false && !requests.has(name)).map(([name]) => name);
    expect(closed).toEqual([]);
  });
});

describe('single routes', () => {
  it('POST /rag/documents takes multipart files and answers 202, or 200 with wait=true', () => {
    const { requestBody } = document.paths['/rag/documents']?.post ?? {};
    expect(requestBody?.content['multipart/form-data']?.schema).toMatchObject({ properties: { files: { type: 'array', items: { type: 'string', format: 'binary' } } } });
    expect(statusesOf('POST /rag/documents')).toEqual(expect.arrayContaining(['200', '202', '409', '413', '415']));
  });

  it('POST /rag/documents/batch-delete answers 207 when some were not there', () => {
    expect(statusesOf('POST /rag/documents/batch-delete')).toEqual(expect.arrayContaining(['200', '207']));
  });

  it('POST /smart-qa/chat answers JSON or server-sent events', () => {
    const content = document.paths['/smart-qa/chat']?.post?.responses['200']?.content ?? {};
    expect(Object.keys(content)).toEqual(['application/json', 'text/event-stream']);
    for (const event of ['delta', 'citation', 'quality', 'done']) expect(content['text/event-stream']?.example).toContain(`event: ${event}\n`);
  });

  it('POST /v1/chat/completions answers JSON or chunks that end with [DONE]', () => {
    const content = document.paths['/v1/chat/completions']?.post?.responses['200']?.content ?? {};
    expect(Object.keys(content)).toEqual(['application/json', 'text/event-stream']);
    expect(content['text/event-stream']?.example).toMatch(/^(id: [-\w]+\.\d+\ndata: \{.*\}\n\n)+id: [-\w]+\.\d+\ndata: \[DONE\]\n\n$/);
  });

  it('POST /auth/token takes JSON and a form, and refuses a wrong secret with 401', () => {
    expect(Object.keys(document.paths['/auth/token']?.post?.requestBody?.content ?? {})).toEqual(['application/json', 'application/x-www-form-urlencoded']);
    expect(statusesOf('POST /auth/token')).toContain('401');
  });

  it('every GET outside of the probes can be conditional: ETag, If-None-Match, 304', () => {
    const without = operations
      .filter(({ route }) => route.startsWith('GET') && !route.includes('/health/'))
      .filter(({ operation: { responses, parameters = [] } }) => !(responses['304'] && responses['200']?.headers?.ETag && parameters.map(resolve).some(({ name }) => name === 'If-None-Match')));
    expect(without.map(({ route }) => route)).toEqual([]);
  });

  it('searches say whether the cache answered', () => {
    for (const method of ['get', 'post']) expect(document.paths['/rag/search']?.[method]?.responses['200']?.headers).toHaveProperty('X-Cache');
  });

  it('every POST that creates takes an Idempotency-Key', () => {
    const creating = operations.filter(({ route, operation }) => route.startsWith('POST') && '201' in operation.responses);
    const without = creating.filter(({ operation }) => !operation.parameters?.some(({ name }) => name === 'Idempotency-Key')).map(({ route }) => route);
    expect(without).toEqual([]);
  });
});

describe('the public contract', () => {
  it.each([
    ...['GET /health/live', 'GET /health/ready', 'GET /health/startup'],
    ...['POST /rag/ingest', 'POST /rag/documents', 'GET /rag/documents', 'POST /rag/documents/batch-delete'],
    ...['GET /rag/documents/{id}', 'GET /rag/documents/{id}/chunks', 'GET /rag/documents/{id}/content', 'DELETE /rag/documents/{id}'],
    ...['GET /rag/search', 'POST /rag/search', 'POST /rag/search/batch', 'GET /rag/stats'],
    ...['GET /rag/collections', 'POST /rag/collections', 'GET /rag/collections/{id}', 'PATCH /rag/collections/{id}', 'DELETE /rag/collections/{id}'],
    ...['POST /smart-qa/chat', 'POST /smart-qa/messages/{id}/feedback'],
    ...['GET /conversations', 'GET /conversations/{id}', 'GET /conversations/{id}/messages', 'PATCH /conversations/{id}', 'DELETE /conversations/{id}'],
    ...['GET /analytics/overview', 'GET /analytics/timeseries', 'GET /analytics/endpoints'],
    ...['GET /v1/dashboard/realtime'],
    ...['POST /v1/chat/completions', 'GET /v1/models', 'GET /v1/models/{id}', 'POST /v1/embeddings'],
    ...['POST /auth/token', 'POST /auth/revoke', 'GET /auth/me', 'GET /audit-logs'],
    ...['GET /api-keys', 'POST /api-keys', 'GET /api-keys/{id}', 'PATCH /api-keys/{id}', 'DELETE /api-keys/{id}'],
    ...['GET /tenants', 'POST /tenants', 'GET /cache/stats', 'GET /cache/keys', 'DELETE /cache'],
  ])('has %s', (route) => expect(routes).toContain(route));
});
