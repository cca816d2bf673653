import type { Failure } from './http-error.js';

const routes = ['/v1/chat', '/v1/models', '/v1/embeddings'];

/** Routes whose callers are OpenAI clients and expect their error shape. */
export function isOpenAiRoute(url: string): boolean {
  return routes.some((route) => url === route || url.startsWith(`${route}/`) || url.startsWith(`${route}?`));
}

export function toOpenAiError(failure: Failure) {
  const type = failure.status === 401 ? 'authentication_error' : failure.status === 429 ? 'rate_limit_error' : failure.status < 500 ? 'invalid_request_error' : 'server_error';
  return { error: { message: failure.detail, type, param: failure.errors?.[0]?.path ?? null, code: failure.code } };
}
