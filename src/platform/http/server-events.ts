import type { FastifyReply } from 'fastify';
import { once } from 'node:events';
import { toFailure, toProblem } from './http-error.js';

export interface ServerEvent {
  event: string;
  data: unknown;
}

const heartbeatMs = 15_000;

/**
 * Sends server-sent events with `id:` on each, waiting for the client when it reads slowly. A failure before the first
 * event becomes an ordinary error response; after it, an `error` event that ends the stream. When the client goes away the
 * events are still read to their end: whoever makes them is told by the signal of the request, and has something to keep.
 */
export async function sendEvents(reply: FastifyReply, events: AsyncIterable<ServerEvent>): Promise<void> {
  const iterator = events[Symbol.asyncIterator]();
  let next = await iterator.next();
  const { raw } = reply;
  reply.hijack();
  raw.writeHead(200, { ...reply.getHeaders(), 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache, no-transform', 'x-accel-buffering': 'no' } as Record<string, string>);
  const heartbeat = setInterval(() => raw.write(': keep-alive\n\n'), heartbeatMs);
  let id = 0;
  try {
    while (!next.done) {
      if (!raw.destroyed) await write(raw, frame(++id, next.value));
      next = await iterator.next();
    }
  } catch (error) {
    if (!raw.destroyed) raw.write(frame(++id, { event: 'error', data: toProblem(toFailure(error), reply.request.id) }));
  } finally {
    clearInterval(heartbeat);
    await iterator.return?.();
    raw.end();
  }
}

function frame(id: number, { event, data }: ServerEvent): string {
  return `id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}

async function write(raw: FastifyReply['raw'], text: string): Promise<void> {
  if (raw.write(text) || raw.destroyed) return;
  await Promise.race([once(raw, 'drain'), once(raw, 'close')]);
}
