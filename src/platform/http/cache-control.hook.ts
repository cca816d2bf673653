import type { FastifyInstance, FastifyRequest } from 'fastify';

/** What differs by caller: kept by nobody but the caller, who asks each time whether it still holds. */
const own = { 'cache-control': 'private, no-cache', vary: 'authorization, x-api-key' };
/** The API's document and the pages that show it are the same for everybody. */
const everybodys = { 'cache-control': 'public, max-age=300' };
const document = /^\/(docs|openapi\.)/;

/**
 * Tells caches on the way what they may keep. Proxies know that answers to `Authorization` are not for others, but nothing of `X-API-Key`.
 * To be hooked after it is known who asks; a route that says something else is not overruled, errors are never kept.
 */
export function tellCaches(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    void reply.headers(headersFor(request));
    done();
  });
}

function headersFor({ method, identity, routeOptions }: FastifyRequest): Record<string, string> {
  const reads = method === 'GET' || method === 'HEAD';
  if (reads && document.test(routeOptions.url ?? '')) return everybodys;
  return reads && identity ? own : { 'cache-control': 'no-store' };
}
