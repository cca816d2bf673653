import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { AppModule } from './app.module.js';
import type { Env } from './platform/config/env.js';
import { LocalEventBus } from './platform/events/local-event-bus.js';
import { admitRequests } from './platform/http/admission.hook.js';
import { limitBodies } from './platform/http/body-limits.hook.js';
import { tellCaches } from './platform/http/cache-control.hook.js';
import { createHttpAdapter, registerHttpPlugins } from './platform/http/http-server.js';
import { serveOpenApi } from './platform/http/openapi.js';
import { hookRequests } from './platform/http/request-context.hook.js';
import { NestLogger } from './platform/observability/logger.js';
import { logRequests } from './platform/observability/request-log.js';
import { Authenticator } from './platform/security/authenticator.js';
import { RateLimiter } from './platform/security/rate-limiter.js';
import { routeUpgrades } from './platform/websocket/upgrade.hook.js';

/** Written by `npm run generate`; the compiled file lies two folders below the project. */
const openApiFile = new URL('../../libs/sdk/openapi.json', import.meta.url);

/** The whole HTTP application, ready to listen. The caller owns the database behind the URL. */
export async function createApp(env: Env, databaseUrl: string, logger: Logger): Promise<NestFastifyApplication> {
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.register(env, databaseUrl), createHttpAdapter(env), {
    logger: new NestLogger(logger),
    abortOnError: false,
  });
  const fastify = app.getHttpAdapter().getInstance() as unknown as FastifyInstance;
  const events = app.get(LocalEventBus);
  hookRequests(fastify, events);
  limitBodies(fastify);
  admitRequests(fastify, { authenticator: app.get(Authenticator), limits: app.get(RateLimiter) });
  tellCaches(fastify);
  logRequests(events, logger);
  routeUpgrades(fastify);
  await registerHttpPlugins(app, env);
  serveOpenApi(app, openApiFile);
  fastify.get('/', (_request, reply) => reply.redirect('/docs'));
  await app.init();
  await fastify.ready();
  return app;
}
