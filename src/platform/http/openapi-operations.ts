import type { OpenAPIObject } from '@nestjs/swagger';
import { isOpenAiRoute } from './openai-error.js';
import { headerReferences, openAiErrorResponse, reference } from './openapi-components.js';
import { errorResponses } from './problem-responses.js';
import { streamExtension, type EventStream } from './respond.js';

type Path = OpenAPIObject['paths'][string];
type Operation = NonNullable<Path['get']> & { 'x-permission'?: string; [streamExtension]?: EventStream };
type Response = { description?: string; headers?: object; content?: Record<string, object> };
type Parameter = { name: string; in: string; description?: string; example?: unknown; schema?: { description?: string; example?: unknown } };

const methods = ['get', 'post', 'put', 'patch', 'delete'] as const;
const rateLimitHeaders = ['RateLimit-Limit', 'RateLimit-Remaining', 'RateLimit-Reset'];

/** Adds to every operation what follows from being one: who may call it, the errors of the way in, the headers of the way out. */
export function completeOperations(document: OpenAPIObject): void {
  for (const [path, item] of Object.entries(document.paths)) {
    for (const method of methods) {
      const operation = item[method] as Operation | undefined;
      if (operation) item[method] = complete(operation, { reads: method === 'get', probe: path.startsWith('/health/'), openAi: isOpenAiRoute(path) });
    }
  }
}

interface Traits {
  reads: boolean;
  /** Probes have no rate limit, and nobody keeps their answers. */
  probe: boolean;
  /** Its errors have the shape that OpenAI clients know. */
  openAi: boolean;
}

function complete(operation: Operation, traits: Traits): Operation {
  const { [streamExtension]: stream, ...rest } = operation;
  const open = rest['x-permission'] === 'public';
  const responses = { ...(rest.responses as Record<string, Response>) };
  for (const status of commonErrors(rest, traits)) responses[status] ??= {};
  for (const [status, response] of Object.entries(responses)) responses[status] = completeResponse(Number(status), response, rest, traits);
  const conditional = traits.reads && !traits.probe;
  if (conditional) responses['304'] = reference('responses', 'NotModified') as Response;
  if (stream) addStream(responses['200'], stream);
  return {
    ...rest,
    description: [rest.description, whoMayCall(rest['x-permission'])].filter(Boolean).join('\n\n'),
    parameters: [...((rest.parameters ?? []) as Parameter[]).map(completeParameter), ...(conditional ? [reference('parameters', 'If-None-Match')] : [])] as Operation['parameters'],
    responses: responses as Operation['responses'],
    security: open ? [] : [{ bearer: [] }, { api_key: [] }],
  };
}

function whoMayCall(permission: string | undefined): string {
  if (permission === 'public') return 'Public: needs no key.';
  return permission === 'signed-in' ? 'Needs any valid key or token.' : `Needs the permission \`${permission}\`.`;
}

/** Failures that can happen before a route's own code, or in what every route needs. */
function commonErrors({ parameters = [], requestBody, 'x-permission': permission }: Operation, { probe }: Traits): number[] {
  const open = permission === 'public';
  return [
    ...(parameters.length > 0 || requestBody ? [400] : []),
    ...(open ? [] : [401]),
    ...(open || permission === 'signed-in' ? [] : [403]),
    ...(isRepeatable(parameters) ? [409] : []),
    ...(requestBody ? [413, 415] : []),
    ...(probe ? [] : [429, 503]),
    500,
  ];
}

function completeResponse(status: number, response: Response, { parameters = [] }: Operation, { reads, probe, openAi }: Traits): object {
  const shared = errorResponses[status];
  if (openAi && status >= 400) return openAiErrorResponse(status);
  if (status >= 400 && !response.content && shared) return reference('responses', shared.name);
  const names = [
    'X-Request-Id',
    ...(probe ? [] : rateLimitHeaders),
    ...(status < 300 ? ['Cache-Control'] : []),
    ...(reads && !probe && status === 200 ? ['ETag'] : []),
    ...(status < 300 && isRepeatable(parameters) ? ['Idempotency-Replayed'] : []),
  ];
  return { ...response, headers: { ...headerReferences(names), ...response.headers } };
}

function isRepeatable(parameters: readonly object[]): boolean {
  return parameters.some((parameter) => 'name' in parameter && parameter.name === 'Idempotency-Key');
}

function addStream(response: Response | undefined, { description, example }: EventStream): void {
  if (response?.content) response.content['text/event-stream'] = { schema: { type: 'string', description }, example };
}

/** Says once, on the parameter, what its schema says too. */
function completeParameter(parameter: Parameter): Parameter {
  if (!parameter.schema) return parameter;
  const { description, example, ...schema } = parameter.schema;
  return { ...parameter, description: parameter.description ?? description, ...(example === undefined ? {} : { example }), schema };
}
