import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { RequestCompleted } from '#libs/contracts';
import type { LocalEventBus } from '../events/local-event-bus.js';
import type { Identity } from '../security/identity.js';
import { runWithContext } from '../tenancy/tenant-context.js';

declare module 'fastify' {
  interface FastifyRequest {
    arrivedAt: number;
    identity: Identity | undefined;
  }
}

/** What logs and statistics call a request whose client did not wait for the answer; never sent. */
const clientGone = 499;
/** Its response is over when the WebSocket begins. */
const becameWebSocket = 101;

/**
 * What wraps every request: its id goes out with the response, its caller and tenant go into the context that services and
 * adapters read, and its end is told to whoever counts requests.
 */
export function hookRequests(fastify: FastifyInstance, events: LocalEventBus): void {
  fastify.decorateRequest('arrivedAt', 0);
  fastify.decorateRequest('identity', undefined);

  fastify.addHook('onRequest', (request, reply, done) => {
    request.arrivedAt = Date.now();
    void reply.header('x-request-id', request.id).header('x-content-type-options', 'nosniff').header('referrer-policy', 'no-referrer').header('x-frame-options', 'DENY');
    // A connection that is closed has no address any more.
    const ip = request.ip ?? '';
    // Not Fastify's onResponse: it is not called when the client goes away first.
    reply.raw.once('close', () => events.emit('request.completed', describe(request, reply, ip)));
    done();
  });

  // After the body was read: a context entered earlier can get lost in the body's stream callbacks.
  fastify.addHook('preHandler', (request, _reply, done) => {
    runWithContext({ requestId: request.id, tenant: request.identity?.tenant, principal: request.identity?.principal }, done);
  });
}

function describe(request: FastifyRequest, reply: FastifyReply, ip: string): RequestCompleted {
  const cache = reply.getHeader('x-cache');
  return {
    tenant: request.identity?.tenant,
    requestId: request.id,
    endpoint: request.routeOptions.url ?? '(no route)',
    method: request.method,
    ip,
    statusCode: reply.raw.writableFinished || reply.raw.statusCode === becameWebSocket ? reply.raw.statusCode : clientGone,
    durationMs: reply.elapsedTime,
    principalId: request.identity?.principal.id,
    cache: cache === 'HIT' || cache === 'MISS' || cache === 'STALE' ? cache : undefined,
    at: request.arrivedAt,
  };
}
