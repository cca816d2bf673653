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
  const out = new TurnWriter(raw);
  const heartbeat = setInterval(() => raw.write(': keep-alive\n\n'), heartbeatMs);
  try {
    for (let next = await first; !next.done; next = await iterator.next()) await out.write(JSON.stringify(next.value));
    await out.write('[DONE]');
  } catch (error) {
    await out.write(JSON.stringify(toOpenAiError(toFailure(error))));
  } finally {
    clearInterval(heartbeat);
    await iterator.return?.();
    out.flush();
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

/** What comes in one turn of the event loop leaves in one piece: a fast model has several tokens in each packet. */
class TurnWriter {
  private pending = '';

  constructor(private readonly raw: FastifyReply['raw']) {}

  /** Waits while the client does not read. */
  async write(data: string): Promise<void> {
    if (this.raw.destroyed) return;
    if (this.pending === '') setImmediate(() => this.flush());
    this.pending += `data: ${data}\n\n`;
    if (this.raw.writableNeedDrain) await Promise.race([once(this.raw, 'drain'), once(this.raw, 'close')]);
  }

  flush(): void {
    if (this.pending !== '' && !this.raw.destroyed) this.raw.write(this.pending);
    this.pending = '';
  }
}
