import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { IncomingMessage, ServerResponse } from 'node:http';

interface BodyLimits {
  /** Without a byte for so long, the rest of a body is not waited for. */
  silentMs: number;
  /** What a whole body may take; files may take longer, until they are answered. */
  wholeMs: number;
  lookEveryMs: number;
}

const usual: BodyLimits = { silentMs: 30_000, wholeMs: 120_000, lookEveryMs: 5_000 };

interface Coming {
  isUpload: boolean;
  response: ServerResponse;
  begunAt: number;
  /** When the connection was last seen to have got on, and how far it was then. */
  aliveAt: number;
  bytesRead: number;
}

export function announcesBody({ headers }: FastifyRequest): boolean {
  return headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0';
}

/**
 * Closes the connections of bodies that do not come to an end. Node limits the time of a whole request or none, and files may take
 * hours. Bodies are looked at from outside: nothing is put between them and their reader.
 */
export function limitBodies(fastify: FastifyInstance, limits: BodyLimits = usual): void {
  const bodies = new Map<IncomingMessage, Coming>();

  fastify.addHook('onRequest', (request, reply, done) => {
    const { raw, headers } = request;
    const isUpload = headers['content-type']?.startsWith('multipart/') ?? false;
    if (announcesBody(request)) bodies.set(raw, { isUpload, response: reply.raw, begunAt: Date.now(), aliveAt: Date.now(), bytesRead: raw.socket.bytesRead });
    done();
  });
  fastify.addHook('preHandler', ({ raw }, _reply, done) => {
    if (raw.complete) bodies.delete(raw);
    done();
  });

  const timer = setInterval(() => {
    for (const [request, body] of bodies) {
      if (request.complete || request.destroyed) bodies.delete(request);
      else if (isOver(request, body, limits)) request.destroy();
    }
  }, limits.lookEveryMs).unref();
  fastify.addHook('onClose', (_fastify, done) => {
    clearInterval(timer);
    done();
  });
}

function isOver({ socket, readableLength }: IncomingMessage, body: Coming, { silentMs, wholeMs }: BodyLimits): boolean {
  // What lies unread waits for its reader here, not for the client.
  if (socket.bytesRead !== body.bytesRead || readableLength > 0) Object.assign(body, { aliveAt: Date.now(), bytesRead: socket.bytesRead });
  const mayBeLong = body.isUpload && !body.response.writableEnded;
  return Date.now() - body.aliveAt > silentMs || (!mayBeLong && Date.now() - body.begunAt > wholeMs);
}
