import { once } from 'node:events';
import { createConnection } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Api, eventually, type Json } from '../support/api.js';
import { makeDataDirectory, removeDataDirectory, type ServerProcess } from '../support/server-process.js';
import { startServer, type TestServer } from '../support/server.js';
import { listen, refusal } from '../support/web-socket.js';

const secondDirectory = makeDataDirectory();
let server: TestServer;
let second: ServerProcess;
let api: Api;
let other: Api;

beforeAll(async () => {
  server = await startServer({ env: { WEBSOCKET_ORIGINS: 'https://board.example' } });
  second = await server.restart({ dataDirectory: secondDirectory, env: { AI_STACK_OWNER_KEY: server.ownerKey } });
  api = new Api(server.url, server.ownerKey);
  other = api.as((await api.post('/tenants', { slug: 'other', name: 'Other Ltd.' })).body.owner_key);
});
afterAll(async () => {
  await second.stop();
  await server.stop();
  removeDataDirectory(secondDirectory);
});

const newKey = async (permissions: string[], more: object = {}): Promise<Json> => (await api.post('/api-keys', { name: 'watcher', permissions, ...more })).body;
const realtime = async (of: Api): Promise<Json> => (await of.get('/v1/dashboard/realtime')).body;

describe('GET /v1/dashboard/realtime', () => {
  it('tells of requests, engines, queues and the process', async () => {
    await api.ingest('The lighthouse keeper rests on Sundays.');
    await api.post('/smart-qa/chat', { query: 'When does the lighthouse keeper rest?' });
    await api.get('/rag/search', { query: 'lighthouse' });
    await api.get('/rag/search', { query: 'lighthouse' });
    await api.get('/rag/documents/none');
    const frame = await realtime(api);
    expect(Date.parse(frame.timestamp)).toBeGreaterThan(Date.now() - 60_000);
    expect(frame.statistics.summary).toMatchObject({ total_requests: expect.any(Number), error_count: 1 });
    expect(frame.statistics.summary.total_requests).toBeGreaterThanOrEqual(7);
    expect(frame.statistics.total_time.p95).toBeGreaterThan(0);
    expect(frame.statistics.cache).toEqual({ hit_rate: 0.5, hits: 1, lookups: 2 });
    expect(frame.statistics.last_minute.total_requests).toBeLessThanOrEqual(frame.statistics.summary.total_requests);
    expect(frame.recent_requests[0]).toMatchObject({ endpoint: '/rag/documents/:id', method: 'GET', status_code: 400 });
    expect(frame.engines).toMatchObject([{ engine: 'chat', model: 'extractive', runs: 1, failed: 0 }]);
    expect(frame.queues).toEqual([{ name: 'documents', waiting: 0, active: 0 }]);
    expect(frame.system.memory_usage).toBeGreaterThan(0);
    expect(frame.system.cpu_usage).toBeGreaterThan(0);
  });

  it('tells of requests to another process, at most 50, the newest first', async () => {
    const there = new Api(second.url, server.ownerKey);
    for (let n = 0; n < 55; n++) await there.get('/auth/me');
    const { recent_requests: recent } = await eventually(() => realtime(api), (frame) => frame.recent_requests.every(({ endpoint }: Json) => ['/auth/me', '/v1/dashboard/realtime'].includes(endpoint)));
    expect(recent).toHaveLength(50);
    const times = recent.map(({ timestamp }: Json) => timestamp);
    expect(times).toEqual(times.toSorted().reverse());
  });

  it('tells of answers given by another process, as GET /v1/engines/performance does', async () => {
    await new Api(second.url, server.ownerKey).post('/smart-qa/chat', { query: 'Who rests on Sundays?' });
    const { engines } = await eventually(() => realtime(api), (frame) => frame.engines[0]?.runs === 2);
    const { body } = await api.get('/v1/engines/performance', { window: '1h' });
    expect(body.engines).toMatchObject([{ engine: 'chat', runs: 2, avg_ms: engines[0].avg_ms, p95_ms: engines[0].p95_ms, prompt_tokens: engines[0].prompt_tokens }]);
    expect(body.recent.map(({ engine, status, tokens_estimated }: Json) => [engine, status, tokens_estimated])).toEqual([['chat', 'ok', true], ['chat', 'ok', true]]);
    expect(Object.keys(body.recent[0])).toEqual(expect.arrayContaining(['total_ms', 'first_token_ms', 'retrieval_ms', 'memory_ms', 'generation_ms', 'prompt_tokens', 'completion_tokens', 'cost']));
  });

  it('tells another tenant nothing of this one', async () => {
    const frame = await realtime(other);
    expect(frame.statistics.summary.total_requests).toBeLessThanOrEqual(2);
    expect(frame.recent_requests.filter(({ endpoint }: Json) => endpoint !== '/v1/dashboard/realtime')).toEqual([]);
    expect(frame.engines).toEqual([]);
  });
});

describe('WS /ws/dashboard', () => {
  it('sends at once, and then the same as the route every second', async () => {
    const begin = Date.now();
    const { next, socket } = await listen(server.url, api.key);
    const first = await next();
    expect(Object.keys(first)).toEqual(Object.keys(await realtime(api)));
    for (let seconds = 1; seconds <= 3; seconds++) {
      await next();
      expect(Date.now() - begin).toBeGreaterThan(seconds * 1_000 - 100);
    }
    await api.get('/auth/me');
    const latest = await eventually(next, ({ recent_requests: recent }) => recent.some(({ endpoint }: Json) => endpoint === '/auth/me'));
    expect(latest.recent_requests.find(({ endpoint }: Json) => endpoint === '/ws/dashboard')).toMatchObject({ status_code: 101 });
    socket.close();
  });

  it('lets in by header, X-API-Key, a token, and the subprotocol of pages, which never comes back', async () => {
    const { id, key } = await newKey(['dashboard:read']);
    const { access_token } = (await api.call('POST', '/auth/token', { key: null, body: { grant_type: 'client_credentials', client_id: id, client_secret: key } })).body;
    const listeners = await Promise.all([
      listen(server.url, access_token),
      listen(server.url, undefined, { headers: { 'x-api-key': key } }),
      listen(server.url, undefined, { protocols: ['ai-stack.v1', `bearer.${key}`] }),
      listen(server.url, undefined, { protocols: [`bearer.${access_token}`, 'ai-stack.v1'], origin: server.url }),
      listen(server.url, key, { origin: 'https://board.example' }),
    ]);
    expect(listeners.map(({ socket }) => socket.protocol)).toEqual(['', '', 'ai-stack.v1', 'ai-stack.v1', '']);
    for (const { next, socket } of listeners) {
      expect((await next()).statistics).toBeDefined();
      socket.close();
    }
  });

  it('refuses before it opens: no key, a wrong one, a key in the URL, a lack of permission, a foreign page, no WebSocket, another route', async () => {
    const { key } = await newKey(['analytics:read', 'engines:read']);
    expect(await refusal(server.url, undefined)).toMatchObject({ status: 401, body: { code: 'auth.no_key' } });
    expect(await refusal(server.url, 'ask_wrong')).toMatchObject({ status: 401, body: { code: 'auth.invalid_key' } });
    expect(await refusal(server.url, undefined, { path: `/ws/dashboard?key=${api.key}&token=${api.key}` })).toMatchObject({ status: 401 });
    expect(await refusal(server.url, undefined, { protocols: ['ai-stack.v1', 'bearer.ask_wrong'] })).toMatchObject({ status: 401, body: { code: 'auth.invalid_key' } });
    expect(await refusal(server.url, key)).toMatchObject({ status: 403, body: { code: 'auth.forbidden' } });
    for (const origin of ['https://evil.example', 'null']) expect(await refusal(server.url, api.key, { origin })).toMatchObject({ status: 403, body: { code: 'websocket.origin_refused' } });
    expect(await refusal(server.url, api.key, { path: '/ws/nothing' })).toMatchObject({ status: 404 });
    const plain = await api.get('/ws/dashboard');
    expect([plain.status, plain.headers.get('upgrade')]).toEqual([426, 'websocket']);
  });

  it('answers a broken handshake with 400 and stays', async () => {
    for (const headers of ['', 'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: short\r\n', 'Sec-WebSocket-Version: 7\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n']) {
      const socket = createConnection(Number(new URL(server.url).port), '127.0.0.1');
      socket.write(`GET /ws/dashboard HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nAuthorization: Bearer ${api.key}\r\n${headers}\r\n`);
      let answer = '';
      socket.on('data', (chunk: Buffer) => (answer += chunk.toString()));
      await once(socket, 'close');
      expect(answer).toMatch(/^HTTP\/1\.1 4(00|26) /);
    }
    expect((await api.get('/auth/me')).status).toBe(200);
  });

  it('sends each tenant its own', async () => {
    const mine = await listen(server.url, api.key);
    const theirs = await listen(server.url, other.key);
    await api.get('/cache/stats');
    const seen = (frame: Json, endpoint: string) => frame.recent_requests.some((request: Json) => request.endpoint === endpoint);
    await eventually(() => mine.next(), (frame) => seen(frame, '/cache/stats'));
    await theirs.next();
    const frame = await theirs.next();
    expect(seen(frame, '/cache/stats')).toBe(false);
    expect(JSON.stringify(frame)).not.toContain((await api.get('/auth/me')).body.id);
    mine.socket.close();
    theirs.socket.close();
  });

  it('ends when the key is revoked, here or on another process, and when it or its token expires', async () => {
    const revoked = await newKey(['dashboard:read']);
    const here = await listen(server.url, revoked.key);
    const there = await listen(second.url, revoked.key);
    const shortly = await newKey(['dashboard:read'], { expires_at: new Date(Date.now() + 6_000).toISOString() });
    const expiring = await listen(server.url, shortly.key);
    await api.delete(`/api-keys/${revoked.id}`);
    const begin = Date.now();
    expect((await Promise.all([here.closed, there.closed])).map(({ code }) => code)).toEqual([3000, 3000]);
    expect((await expiring.closed).code).toBe(3000);
    expect(Date.now() - begin).toBeLessThan(60_000);
  });

  it('ends with a client that says too much, or something large, and lives on with one that says a little', async () => {
    const quiet = await listen(server.url, api.key);
    quiet.socket.send('hello');
    const loud = await listen(server.url, api.key);
    for (let n = 0; n < 300; n++) loud.socket.send('hello');
    const large = await listen(server.url, api.key);
    large.socket.send('x'.repeat(2_000));
    expect((await loud.closed).code).toBe(1008);
    expect((await large.closed).code).toBe(1009);
    await quiet.next();
    await quiet.next();
    expect(quiet.socket.readyState).toBe(quiet.socket.OPEN);
    quiet.socket.close();
  });

  it('lets one key open 20', async () => {
    const { key } = await newKey(['dashboard:read']);
    const open = await Promise.all(Array.from({ length: 20 }, () => listen(server.url, key)));
    expect(await refusal(server.url, key)).toMatchObject({ status: 429, body: { code: 'websocket.too_many' } });
    open[0]?.socket.close();
    await open[0]?.closed;
    open[0] = await eventually(() => listen(server.url, key).catch(() => undefined), (socket) => socket !== undefined) ?? (undefined as never);
    for (const { socket } of open) socket.terminate();
  });

  it('gives a client that does not read one frame and then the newest, while others stay on time', async () => {
    const slow = await listen(server.url, api.key);
    const quick = await listen(server.url, api.key);
    await slow.next();
    slow.socket.pause();
    quick.frames.length = 0;
    await eventually(() => Promise.resolve(quick.frames.length), (count) => count >= 5);
    const [before, newest] = [slow.frames.length, quick.frames.at(-1)?.frame.timestamp];
    slow.socket.resume();
    await eventually(() => Promise.resolve(slow.frames.length - before), (count) => count >= 3);
    const stale = slow.frames.slice(before).filter(({ frame }) => Date.parse(frame.timestamp) < Date.parse(newest));
    expect(stale.length).toBeLessThanOrEqual(1);
    slow.socket.close();
    quick.socket.close();
  });

  it('ends with 1001 when the server stops, which it does not hold up', async () => {
    const stopping = await server.restart({ dataDirectory: secondDirectory, env: { AI_STACK_OWNER_KEY: server.ownerKey, WEBSOCKET_ORIGINS: '' } });
    const reading = await listen(stopping.url, api.key);
    const deaf = await listen(stopping.url, api.key);
    await deaf.next();
    deaf.socket.pause();
    const begin = Date.now();
    const ended = stopping.stop();
    expect((await reading.closed).code).toBe(1001);
    expect(await ended).toBe(0);
    // The one that does not read would be cut off for its silence only after 45 s.
    expect(Date.now() - begin).toBeLessThan(30_000);
    deaf.socket.terminate();
  });
});

it('a request for another protocol before the one ahead of it is answered ends its connection alone', async () => {
  const first = ['GET /health/ready HTTP/1.1\r\nHost: x\r\n\r\n', 'GET / HTTP/1.1\r\nHost: x\r\n\r\n', `POST /rag/search HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${api.key}\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}`];
  const second = ['websocket', 'h2c'].map((protocol) => `GET /ws/dashboard HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: ${protocol}\r\n\r\n`);
  for (const requests of first.flatMap((ahead) => second.map((asking) => ahead + asking))) {
    const socket = createConnection(Number(new URL(server.url).port), '127.0.0.1', () => socket.write(requests));
    socket.on('error', () => socket.destroy()).resume();
    await once(socket, 'close', { signal: AbortSignal.timeout(60_000) });
  }
  expect((await api.get('/health/live')).status).toBe(200);
});

it('a client that offers another protocol is answered as if it had not', async () => {
  const body = JSON.stringify({ query: 'lighthouse' });
  const socket = createConnection(Number(new URL(server.url).port), '127.0.0.1');
  const head = (connection: string) => `POST /rag/search HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${api.key}\r\n${connection}Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
  socket.write(head('Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n'));
  let answer = '';
  socket.on('data', (chunk: Buffer) => (answer += chunk.toString()));
  await eventually(() => Promise.resolve(answer), (text) => text.includes('"items"'));
  expect(answer).toMatch(/^HTTP\/1\.1 200 /);
  answer = '';
  socket.write(head(''));
  await eventually(() => Promise.resolve(answer), (text) => text.includes('"items"'));
  socket.destroy();
});
