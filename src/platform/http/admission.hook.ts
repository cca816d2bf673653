import { NotFoundException } from '@nestjs/common';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { unauthenticated } from '../security/access.guard.js';
import type { Authenticator } from '../security/authenticator.js';
import { credentialOf } from '../security/credential.js';
import type { Budget } from '../security/rate-limit.errors.js';
import type { RateLimiter } from '../security/rate-limiter.js';
import { announcesBody } from './body-limits.hook.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Set by `@Public()`. */
    public?: true;
    /** Bytes of a body where the usual limit is far more than the route can mean; set by `@RouteConfig()`. */
    bodyLimit?: number;
  }
}

/** Bytes of a body that anybody may send. */
const publicBodyLimit = 4_096;

interface Parts {
  authenticator: Authenticator;
  limits: RateLimiter;
}

/**
 * What the head of a request decides, before its body is read: who asks, whether there is room for the request, and that nobody but
 * known callers sends a body, save to a public route. Probes pass untouched: they must answer however busy or broken the rest is.
 */
export function admitRequests(fastify: FastifyInstance, { authenticator, limits }: Parts): void {
  fastify.addHook('onRoute', (route) => {
    const limit = route.config?.public ? publicBodyLimit : route.config?.bodyLimit;
    if (limit !== undefined) route.bodyLimit = limit;
  });

  fastify.addHook('onRequest', async (request, reply) => {
    if (isProbe(request)) return;
    // A connection that is closed has no address any more.
    const address = request.ip ?? '';
    const credential = credentialOf(request);
    request.identity = credential === undefined ? undefined : await authenticator.identify(credential, address);
    const budget = limits.count(request.identity, address);
    if (budget) void reply.headers(rateLimitHeaders(budget));
    if (announcesBody(request)) refuseBodyOfStrangers(request);
  });
}

/** As the throttling of most APIs has them (draft-ietf-httpapi-ratelimit-headers-06). */
export function rateLimitHeaders({ limit, remaining, resetSeconds }: Budget): Parameters<FastifyReply['headers']>[0] {
  return { 'ratelimit-limit': limit, 'ratelimit-remaining': remaining, 'ratelimit-reset': resetSeconds };
}

function isProbe({ routeOptions }: FastifyRequest): boolean {
  return routeOptions.url?.startsWith('/health/') ?? false;
}

function refuseBodyOfStrangers(request: FastifyRequest): void {
  if (request.is404) throw new NotFoundException(`Cannot ${request.method} ${request.url}`);
  if (!request.identity && !request.routeOptions.config.public) throw unauthenticated(request);
}
