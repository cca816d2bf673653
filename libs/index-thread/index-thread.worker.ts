import { parentPort } from 'node:worker_threads';
import { HostedReplica } from './hosted-replica.js';
import type { News, Reply, Request, SentError } from './thread-messages.js';

/** Entry of the index thread: passes what is asked on to its replicas and sends the answers back. */
const replicas = new Map<number, HostedReplica>();
const newsMs = 1_000;

function send(message: Reply | News): void {
  parentPort?.postMessage(message);
}

async function answer({ replica: number, name, arguments: given }: Request): Promise<unknown> {
  if (name === 'open') replicas.set(number, new HostedReplica((error) => send({ replica: number, error: sent(error) })));
  const replica = replicas.get(number);
  if (!replica) throw new Error('The index replica is closed.');
  try {
    return await replica.answer(name, given);
  } catch (error) {
    if (name === 'open') replicas.delete(number);
    throw error;
  } finally {
    if (name === 'close') replicas.delete(number);
  }
}

function sent(error: unknown): SentError {
  return error instanceof Error ? { name: error.name, message: error.message, stack: error.stack } : { name: 'Error', message: String(error) };
}

parentPort?.on('message', (request: Request) => {
  answer(request).then(
    (result) => send({ id: request.id, answer: result }),
    (error: unknown) => send({ id: request.id, error: sent(error) }),
  );
});

// Background work changes what a replica holds without being asked.
setInterval(() => {
  for (const [number, replica] of replicas) {
    const condition = replica.changed();
    if (condition) send({ replica: number, condition });
  }
}, newsMs).unref();
