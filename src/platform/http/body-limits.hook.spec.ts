import multipart from '@fastify/multipart';
import Fastify from 'fastify';
import { once } from 'node:events';
import { createConnection, type AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { limitBodies } from './body-limits.hook.js';

const fastify = Fastify();
beforeAll(async () => {
  limitBodies(fastify, { silentMs: 2_000, wholeMs: 3_000, lookEveryMs: 20 });
  await fastify.register(multipart);
  fastify.post('/json', async (request) => {
    // Longer than any body may be silent.
    await delay(2_500);
    return request.body;
  });
  fastify.post('/refused', { onRequest: async (_request, reply) => reply.code(401).send() }, () => undefined);
  fastify.post('/files', async (request) => {
    const file = await request.file();
    return { size: (await file?.toBuffer())?.length };
  });
  await fastify.listen({ port: 0 });
});
afterAll(() => fastify.close());

/** Sends the pieces one after the other, 100 ms apart. @returns the answer, '' when the connection was closed instead, and how many pieces were taken */
async function send(path: string, type: string, length: number, pieces: string[], connection = 'close'): Promise<{ answer: string; taken: number }> {
  const socket = createConnection((fastify.server.address() as AddressInfo).port);
  let answer = '';
  socket.on('data', (chunk: Buffer) => (answer += chunk.toString()));
  socket.on('error', () => socket.destroy());
  const closed = once(socket, 'close', { signal: AbortSignal.timeout(120_000) });
  socket.write(`POST ${path} HTTP/1.1\r\nHost: x\r\nConnection: ${connection}\r\nContent-Type: ${type}\r\nContent-Length: ${length}\r\n\r\n`);
  let taken = 0;
  for (const piece of pieces) {
    if (!socket.writable) break;
    socket.write(piece);
    taken += 1;
    await delay(100);
  }
  await closed;
  return { answer, taken };
}

describe(limitBodies.name, () => {
  it('closes the connection of a body that comes no further', async () => {
    expect((await send('/json', 'application/json', 20, ['{"a":'])).answer).toBe('');
    expect((await send('/files', 'multipart/form-data; boundary=x', 20, ['--x\r\n'])).answer).toBe('');
  });

  it('gives files all the time they need, and other bodies a limited one', async () => {
    const slow = Array.from({ length: 40 }, () => 'ab');
    const form = ['--x\r\nContent-Disposition: form-data; name="f"; filename="f"\r\n\r\n', ...slow, '\r\n--x--\r\n'];
    expect((await send('/files', 'multipart/form-data; boundary=x', form.join('').length, form)).answer).toContain('{"size":80}');
    expect((await send('/json', 'application/json', 82, ['"', ...slow, '"'])).answer).toBe('');
  });

  it('does not take a body that is answered for ever', async () => {
    const { answer, taken } = await send('/refused', 'multipart/form-data; boundary=x', 1_000, Array.from({ length: 200 }, () => 'ab'), 'keep-alive');
    expect(answer).toMatch(/^HTTP\/1\.1 401 /);
    // The pieces would take 20 s, and each comes in time.
    expect(taken).toBeLessThan(200);
  });

  it('asks no more than the body of the client: the answer may take its time', async () => {
    expect((await send('/json', 'application/json', 2, ['42'])).answer).toContain('42');
  });
});
