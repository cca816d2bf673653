import multipart from '@fastify/multipart';
import Fastify from 'fastify';
import { once } from 'node:events';
import { createConnection, type AddressInfo, type Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { limitBodies } from './body-limits.hook.js';

const fastify = Fastify();
beforeAll(async () => {
  // Time passes when send() says so: how fast this machine is does not matter.
  vi.useFakeTimers({ toFake: ['Date', 'setInterval', 'clearInterval'] });
  limitBodies(fastify, { silentMs: 400, wholeMs: 900, lookEveryMs: 20 });
  await fastify.register(multipart);
  fastify.post('/json', async (request) => {
    const begunAt = Date.now();
    // Longer than any body may be silent.
    while (Date.now() - begunAt < 700) await nextTurn();
    return request.body;
  });
  fastify.post('/refused', { onRequest: async (_request, reply) => reply.code(401).send() }, () => undefined);
  fastify.post('/files', async (request) => {
    const file = await request.file();
    return { size: (await file?.toBuffer())?.length };
  });
  await fastify.listen({ port: 0, host: '127.0.0.1' });
});
afterAll(async () => {
  await fastify.close();
  vi.useRealTimers();
});

interface Sent {
  /** '' when the connection was closed instead. */
  answer: string;
  /** How many pieces came through before it was closed. */
  taken: number;
}

/** Sends the pieces one after the other, 200 ms apart, and waits for the end of the connection. */
async function send(path: string, type: string, length: number, pieces: string[], connection = 'close'): Promise<Sent> {
  const accepted = once(fastify.server, 'connection') as Promise<[Socket]>;
  const socket = createConnection((fastify.server.address() as AddressInfo).port, '127.0.0.1');
  let answer = '';
  let closed = false;
  socket.on('data', (chunk: Buffer) => (answer += chunk.toString())).on('close', () => (closed = true));
  socket.on('error', () => socket.destroy());
  const [there] = await accepted;
  let sent = 0;
  const give = async (text: string) => {
    socket.write(text);
    sent += Buffer.byteLength(text);
    await expect.poll(() => there.destroyed || there.bytesRead >= sent, { interval: 1 }).toBe(true);
  };
  await give(`POST ${path} HTTP/1.1\r\nHost: x\r\nConnection: ${connection}\r\nContent-Type: ${type}\r\nContent-Length: ${length}\r\n\r\n`);
  let taken = 0;
  for (; taken < pieces.length && !there.destroyed; taken++) {
    await give(pieces[taken] ?? '');
    vi.advanceTimersByTime(200);
  }
  for (const waitingSince = performance.now(); !closed; await nextTurn()) {
    vi.advanceTimersByTime(20);
    if (performance.now() - waitingSince < 60_000) continue;
    socket.destroy();
    throw new Error('The connection stays open');
  }
  return { answer, taken };
}

describe(limitBodies.name, () => {
  it('closes the connection of a body that comes no further', async () => {
    expect((await send('/json', 'application/json', 20, ['{"a":'])).answer).toBe('');
    expect((await send('/files', 'multipart/form-data; boundary=x', 20, ['--x\r\n'])).answer).toBe('');
  });

  it('gives files all the time they need, and other bodies a limited one', async () => {
    const slow = Array.from({ length: 10 }, () => 'ab');
    const form = ['--x\r\nContent-Disposition: form-data; name="f"; filename="f"\r\n\r\n', ...slow, '\r\n--x--\r\n'];
    expect((await send('/files', 'multipart/form-data; boundary=x', form.join('').length, form)).answer).toContain('{"size":20}');
    expect((await send('/json', 'application/json', 22, ['"', ...slow, '"'])).answer).toBe('');
  });

  it('does not take a body that is answered for ever', async () => {
    const { answer, taken } = await send('/refused', 'multipart/form-data; boundary=x', 1_000, Array.from({ length: 30 }, () => 'ab'), 'keep-alive');
    expect(answer).toMatch(/^HTTP\/1\.1 401 /);
    // Each of the pieces comes in time.
    expect(taken).toBeLessThan(10);
  });

  it('asks no more than the body of the client: the answer may take its time', async () => {
    expect((await send('/json', 'application/json', 2, ['42'])).answer).toContain('42');
  });
});
