import { z } from 'zod';
import type { Failure } from './http-error.js';

/** What OpenAI clients make their exceptions of. */
export const openAiErrorSchema = z
  .object({
    error: z.object({
      message: z.string().describe('What happened and what to do about it, for a person'),
      type: z.enum(['invalid_request_error', 'authentication_error', 'rate_limit_error', 'server_error']),
      param: z.string().nullable().describe('The faulty field, dots go deeper'),
      code: z.string().describe('`<module>.<reason>`: stable, for programs'),
    }),
  })
  .meta({ id: 'OpenAiError', example: { error: { message: 'There is no model "gpt-4".', type: 'invalid_request_error', param: 'model', code: 'openai.model_not_found' } } });

export type OpenAiError = z.infer<typeof openAiErrorSchema>;

const routes = ['/v1/chat', '/v1/models', '/v1/embeddings'];

/** Routes whose callers are OpenAI clients and expect their error shape. */
export function isOpenAiRoute(url: string): boolean {
  return routes.some((route) => url === route || url.startsWith(`${route}/`) || url.startsWith(`${route}?`));
}

export function toOpenAiError(failure: Failure): OpenAiError {
  const type = failure.status === 401 ? 'authentication_error' : failure.status === 429 ? 'rate_limit_error' : failure.status < 500 ? 'invalid_request_error' : 'server_error';
  return { error: { message: failure.detail, type, param: failure.errors?.[0]?.path ?? null, code: failure.code } };
}
