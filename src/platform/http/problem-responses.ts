import { z } from 'zod';
import { toProblem, type Problem } from './http-error.js';

/** RFC 9457. */
export const problemSchema = z
  .object({
    type: z.string().describe('`urn:ai-stack:error:` and the code'),
    title: z.string().describe('The status in words'),
    status: z.int().describe('The status of the response'),
    detail: z.string().describe('What happened and what to do about it, for a person'),
    code: z.string().describe('`<module>.<reason>`: stable, for programs'),
    trace_id: z.string().describe('The `X-Request-Id` of the response; the log of the server has it'),
    errors: z
      .array(z.object({ path: z.string().describe('The field, dots go deeper'), message: z.string() }))
      .optional()
      .describe('One for each fault of the request'),
    error: z.string().optional().describe('On `/auth/token` and `/auth/revoke`: the code of OAuth 2, such as `invalid_client`'),
  })
  .meta({ id: 'Problem', example: exampleOf(404, 'rag.document_not_found', 'There is no document 019aa4c5-8a52-7c3e-9f34-0242ac120002.') });

/** What a status means on every route that can answer it; `name` is the response component. */
interface ErrorResponse {
  name: string;
  description: string;
  example: Problem;
  headers?: string[];
}

export const errorResponses: Record<number, ErrorResponse> & { 500: ErrorResponse } = {
  400: {
    name: 'BadRequest',
    description: 'The request is not valid; `errors` names each fault.',
    example: { ...exampleOf(400, 'http.invalid_request', 'The request is not valid: page_size: must be at most 200'), errors: [{ path: 'page_size', message: 'must be at most 200' }] },
  },
  401: {
    name: 'Unauthorized',
    description: 'No key, or one that is not (or no longer) valid.',
    example: exampleOf(401, 'auth.invalid_key', 'This key or token is not valid, has expired or was revoked.'),
    headers: ['WWW-Authenticate'],
  },
  403: { name: 'Forbidden', description: 'The key lacks the permission.', example: exampleOf(403, 'auth.forbidden', 'This key lacks the permission documents:write.') },
  404: { name: 'NotFound', description: 'Not there, or not yours.', example: exampleOf(404, 'rag.document_not_found', 'There is no document 019aa4c5-8a52-7c3e-9f34-0242ac120002.') },
  409: { name: 'Conflict', description: 'It contradicts what is there.', example: exampleOf(409, 'rag.collection_exists', 'There is a collection "handbook" already.') },
  413: { name: 'TooLarge', description: 'The body or a file of it is larger than the server takes.', example: exampleOf(413, 'http.too_large', 'The body is larger than the server takes (BODY_LIMIT_MB).') },
  415: { name: 'UnsupportedMediaType', description: 'The server does not read this kind of content.', example: exampleOf(415, 'http.unsupported_media_type', 'Send the files as multipart/form-data under the name "files".') },
  422: { name: 'Unprocessable', description: 'Understood, but it cannot be done.', example: exampleOf(422, 'rag.no_text', 'The text holds nothing that could be found.') },
  429: {
    name: 'TooManyRequests',
    description: 'The rate limit of the key (or, without a key, of the address) is used up.',
    example: exampleOf(429, 'http.rate_limited', 'More than 60000 requests in a minute. Wait 12 s, or ask the operator for a higher limit.'),
    headers: ['Retry-After', 'RateLimit-Limit', 'RateLimit-Remaining', 'RateLimit-Reset'],
  },
  500: { name: 'InternalError', description: 'A fault of the server; its log has it under the `trace_id`.', example: exampleOf(500, 'http.internal', 'Something went wrong on our side. The server log has the cause under this trace_id.') },
  503: { name: 'Unavailable', description: 'A part that is needed (database, language model) is down; ask again.', example: exampleOf(503, 'engine.unavailable', 'The language model did not answer: connection refused.') },
  504: { name: 'Timeout', description: 'A part that is needed did not answer in time.', example: exampleOf(504, 'engine.timeout', 'The language model was silent for 60 s (LLM_TIMEOUT_SECONDS).') },
};

/** A problem as the filter writes it. */
function exampleOf(status: number, code: string, detail: string): Problem {
  return toProblem({ status, code, detail, unexpected: status === 500 }, '019aa4c5-8a52-7c3e-9f34-0242ac12000f');
}
