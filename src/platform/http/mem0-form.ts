import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Failure } from './http-error.js';

/** Routes whose callers are mem0 clients and expect their error shape. */
export function isMem0Route(url: string): boolean {
  return url === '/mem0' || url.startsWith('/mem0/');
}

/** mem0's clients show `detail`; `code` is ours. */
export function toMem0Error({ detail, code }: Failure) {
  return { detail, code };
}

/** mem0's clients end every path with a slash, which the router would take for another route. */
export function withoutTrailingSlash(url: string): string {
  return isMem0Route(url) ? url.replace(/\/(?=\?|$)/, '') : url;
}

/** mem0's clients name a content type on a DELETE without a body, which Fastify refuses. */
export function forgetTypeOfNoBody({ method, url, headers }: FastifyRequest, _reply: FastifyReply, done: () => void): void {
  const empty = (headers['content-length'] ?? '0') === '0' && headers['transfer-encoding'] === undefined;
  if (method === 'DELETE' && empty && isMem0Route(url)) delete headers['content-type'];
  done();
}
