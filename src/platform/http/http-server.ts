import compress from '@fastify/compress';
import etag from '@fastify/etag';
import multipart from '@fastify/multipart';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import type { IncomingMessage } from 'node:http';
import { constants } from 'node:zlib';
import { v7 as uuidv7 } from 'uuid';
import { AppError } from '#libs/contracts';
import type { Env } from '../config/env.js';
import { toFailure, toProblem } from './http-error.js';
import { deepestJson, nestsDeeper } from './json-depth.js';
import { withoutTrailingSlash } from './mem0-form.js';

const megabyte = 1024 * 1024;
/** Open at once: more than all streams and WebSockets that a process keeps. */
const mostConnections = 16_384;
const requestIdShape = /^[\w.:-]{1,128}$/;

/** The Fastify instance: limits, request ids, nothing of the features. */
export function createHttpAdapter(env: Env): FastifyAdapter {
  const adapter = new FastifyAdapter({
    logger: false,
    trustProxy: trustedProxies(env.TRUST_PROXY),
    bodyLimit: env.BODY_LIMIT_MB * megabyte,
    routerOptions: { maxParamLength: 300 },
    rewriteUrl: ({ url = '/' }) => withoutTrailingSlash(url),
    // See body-limits.hook.ts: files may take hours.
    requestTimeout: 0,
    keepAliveTimeout: 65_000,
    connectionTimeout: 0,
    forceCloseConnections: 'idle',
    return503OnClosing: true,
    // What Fastify refuses before a route is found, such as a path that cannot be decoded.
    frameworkErrors: (error: FastifyError, request: FastifyRequest, reply: FastifyReply) => {
      void reply.header('x-request-id', request.id).type('application/problem+json');
      void reply.status(error.statusCode ?? 400).send(JSON.stringify(toProblem(toFailure(error), request.id)));
    },
    genReqId: (request: IncomingMessage) => {
      const given = request.headers['x-request-id'];
      return typeof given === 'string' && requestIdShape.test(given) ? given : uuidv7();
    },
  });
  adapter.getInstance().server.maxConnections = mostConnections;
  const parse = adapter.getInstance().getDefaultJsonParser('error', 'error');
  adapter.useBodyParser('application/json', false, { bodyLimit: env.BODY_LIMIT_MB * megabyte }, (request: FastifyRequest, body: Buffer, done: (error: Error | null, parsed?: unknown) => void) => {
    // Clients name the type on requests without a body, too; a route that needs one says what is missing.
    if (body.length === 0) done(null);
    else if (nestsDeeper(body, deepestJson)) done(new AppError('http.too_deep', 'invalid', `The JSON body nests deeper than ${deepestJson} levels.`));
    else void parse(request, body.toString(), done);
  });
  return adapter;
}

/** Fastify's form of it: a list of addresses, or whether to believe what the n-th of them from here wrote. */
function trustedProxies(proxies: Env['TRUST_PROXY']) {
  if (proxies === 0) return false;
  return typeof proxies === 'number' ? (_address: string, hop: number) => hop < proxies : proxies;
}

/** What every request or response passes: compression above 1 kB, ETag and 304, multipart uploads. */
export async function registerHttpPlugins(app: NestFastifyApplication, env: Env): Promise<void> {
  await app.register(etag);
  await app.register(compress, {
    threshold: 1024,
    encodings: ['br', 'gzip', 'deflate'],
    brotliOptions: { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } },
    zlibOptions: { level: 5 },
  });
  await app.register(multipart, {
    limits: { fileSize: env.UPLOAD_LIMIT_MB * megabyte, files: env.UPLOAD_MAX_FILES, fields: 20, fieldSize: 64 * 1024, parts: env.UPLOAD_MAX_FILES + 20 },
  });
}
