import type { FastifyReply } from 'fastify';

/** Aborted when the client goes away before it has the whole response. */
export function clientGone({ raw }: FastifyReply): AbortSignal {
  const gone = new AbortController();
  // Of the response: the request is closed already when its body has been read.
  raw.once('close', () => {
    if (!raw.writableEnded) gone.abort();
  });
  return gone.signal;
}
