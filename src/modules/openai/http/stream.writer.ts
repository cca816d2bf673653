import type { FastifyReply } from 'fastify';
import { once } from 'node:events';
import { toFailure } from '../../../platform/http/http-error.js';
import { toOpenAiError } from '../../../platform/http/openai-error.js';

const heartbeatMs = 15_000;
const headers = { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache, no-transform', 'x-accel-buffering': 'no' };

/**
 * Sends each object as `data: {json}` and `data: [DONE]` last, waiting for a client that reads slowly. A failure before the first object
 * is thrown and becomes an ordinary error response, unless it takes longer than a heartbeat: then, as after it, it is
 * `data: {"error": …}` and the end. When the client goes away the objects are read to their end: the signal of the request stops their maker.
 */
export async function sendChunks(reply: FastifyReply, chunks: AsyncIterable<object>): Promise<void> {
  const iterator = chunks[Symbol.asyncIterator]();
  const first = iterator.next();
  await beginning(first);
  const { raw } = reply;
  reply.hijack();
  raw.writeHead(200, { ...reply.getHeaders(), ...headers } as Record<string, string>);
  raw.flushHeaders();
  const heartbeat = setInterval(() => raw.write(': keep-alive\n\n'), heartbeatMs);
  try {
    for (let next = await first; !next.done; next = await iterator.next()) await write(raw, JSON.stringify(next.value));
    await write(raw, '[DONE]');
  } catch (error) {
    await write(raw, JSON.stringify(toOpenAiError(toFailure(error))));
  } finally {
    clearInterval(heartbeat);
    await iterator.return?.();
    raw.end();
  }
}

/** Resolves with the first object, or when a proxy would begin to wonder. */
async function beginning(first: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise((resolve) => {
    timer = setTimeout(resolve, heartbeatMs);
  });
  try {
    await Promise.race([first, late]);
  } finally {
    clearTimeout(timer);
  }
}

async function write(raw: FastifyReply['raw'], data: string): Promise<void> {
  if (raw.destroyed || raw.write(`data: ${data}\n\n`) || raw.destroyed) return;
  await Promise.race([once(raw, 'drain'), once(raw, 'close')]);
}
