import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Api, eventually, heardMs, readEvents } from '../support/api.js';
import { startLlmServer, type LlmServer, type LlmStep } from '../support/llm-server.js';
import { makeDataDirectory, removeDataDirectory, type ServerProcess } from '../support/server-process.js';
import { startServer, type TestServer } from '../support/server.js';

const ownerKey = 'owner-key-of-the-process-tests';
const secondDirectory = makeDataDirectory();
let llm: LlmServer;
let server: TestServer;
let second: ServerProcess;
let one: Api;
let two: Api;

beforeAll(async () => {
  llm = await startLlmServer();
  server = await startServer({ env: { AI_STACK_OWNER_KEY: ownerKey, LLM_BASE_URL: llm.url, LLM_MODEL: 'scripted' } });
  second = await server.restart({ dataDirectory: secondDirectory });
  one = new Api(server.url, ownerKey);
  two = new Api(second.url, ownerKey);
});
afterAll(async () => {
  await second.stop();
  await server.stop();
  await llm.stop();
  removeDataDirectory(secondDirectory);
});

describe('two processes on one database', () => {
  const found = async (api: Api, query: string) => (await api.search(query, { mode: 'keyword' })).map((item) => item.doc_id);

  it('see each other\'s texts and deletions soon', async () => {
    await two.search('warm up');
    for (const [from, to, word] of [[one, two, 'albatross'], [two, one, 'cormorant']] as const) {
      expect(await found(to, word)).toEqual([]);
      const { doc_id } = await from.ingest(`The ${word} circles over the harbour.`);
      await eventually(() => found(to, word), (ids) => ids.includes(doc_id));
      await from.delete(`/rag/documents/${doc_id}`);
      await eventually(() => found(to, word), (ids) => ids.length === 0);
    }
  });

  it('read their own writes on the other one by min_seq', async () => {
    const { doc_id } = await one.ingest('The kittiwake nests on the cliff.');
    const { seq } = (await one.get('/rag/stats')).body.index;
    expect((await two.search('kittiwake', { mode: 'keyword', min_seq: seq }))[0].doc_id).toBe(doc_id);
  });

  it('share keys, their end, idempotency and statistics', async () => {
    const { id, key } = (await one.post('/api-keys', { name: 'shared', permissions: ['search:query'] })).body;
    const search = () => two.call('GET', '/rag/search?query=x', { key });
    expect((await search()).status).toBe(200);
    await one.delete(`/api-keys/${id}`);
    await eventually(search, ({ status }) => status === 401, heardMs);
    const send = (api: Api) => api.post('/rag/ingest', { text: 'Sent to both.' }, { headers: { 'idempotency-key': 'both-1' } });
    const [first, again] = [await send(one), await send(two)];
    expect(again.body).toEqual(first.body);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    const total = (await one.get('/analytics/overview')).body.total_requests;
    await eventually(() => two.get('/analytics/overview'), ({ body }) => body.total_requests >= total);
  });

  it('sign, check and end each other\'s tokens', async () => {
    const { id, key } = (await one.post('/api-keys', { name: 'token', permissions: ['search:query'] })).body;
    const { access_token } = (await one.call('POST', '/auth/token', { key: null, body: { grant_type: 'client_credentials', client_id: id, client_secret: key } })).body;
    const onTwo = () => two.call('GET', '/auth/me', { key: access_token });
    expect((await onTwo()).status).toBe(200);
    await one.call('POST', '/auth/revoke', { key: null, body: { token: access_token, client_id: id, client_secret: key } });
    await eventually(onTwo, ({ status }) => status === 401, heardMs);
  });

  it('process each the files that lie in their own folder', async () => {
    const files = (name: string) => Array.from({ length: 8 }, (_, index) => ({ name: `${name}-${index}.txt`, content: `File ${index} of ${name} tells of the ${name} gull.` }));
    const receipts = await Promise.all([one.upload(files('first'), { wait: 'true' }), two.upload(files('second'), { wait: 'true' })]);
    const items = receipts.flatMap(({ body }) => body.items as { status: string; error: unknown }[]);
    expect(items).toHaveLength(16);
    expect(items.filter(({ status, error }) => status !== 'ready' || error !== null)).toEqual([]);
  });

  it('store a text once, whichever gets it', async () => {
    const answers = await Promise.all(Array.from({ length: 10 }, (_, n) => (n % 2 ? one : two).ingest('Ten callers on two processes send this sentence.')));
    expect(new Set(answers.map(({ doc_id }) => doc_id)).size).toBe(1);
  });
});

describe('a process', () => {
  it('answers what it accepted before it ends, and takes nothing new', async () => {
    const stopping = await server.restart({ dataDirectory: secondDirectory });
    const api = new Api(stopping.url, ownerKey);
    await api.ingest('The drawbridge opens at noon for the tall ships.');
    const pieces = ['The drawbridge ', 'opens ', 'at noon ', '[1].'];
    let finish: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (finish = resolve));
    const slowly: LlmStep = { kind: 'answer', pieces, before: (piece) => (piece < pieces.length - 1 ? Promise.resolve() : held) };
    llm.script(slowly, slowly);
    const waiting = api.post('/smart-qa/chat', { query: 'When does the drawbridge open?' });
    const streaming = api.open('POST', '/smart-qa/chat', { body: { query: 'When does the drawbridge open?', stream: true } });
    await eventually(() => Promise.resolve(llm.requests.filter(({ messages }) => messages.at(-1)?.content.includes('When does the drawbridge')).length), (count) => count >= 2);
    const ended = stopping.stop();
    await eventually(() => api.get('/auth/me').then(({ status }) => status === 503, () => true), (refused) => refused);
    finish();
    expect(await waiting).toMatchObject({ status: 200, body: { answer: pieces.join('') } });
    const events = [];
    for await (const { event } of readEvents(await streaming)) events.push(event);
    expect(events.at(-1)).toBe('done');
    expect(await ended).toBe(0);
  });

  it('killed at once keeps everything it acknowledged; its successor is the same to callers', async () => {
    const victim = await startServer({ env: { AI_STACK_OWNER_KEY: ownerKey } });
    const api = new Api(victim.url, ownerKey);
    const { doc_id } = await api.ingest('The tide gauge was read at dawn.');
    const sent = await api.post('/rag/ingest', { text: 'Idempotent before the kill.' }, { headers: { 'idempotency-key': 'kill-1' } });
    const upload = await api.upload([{ name: 'kill.txt', content: 'An upload that the kill interrupts, about a mooring line.' }]);
    await victim.kill();
    const successor = await victim.restart();
    const next = new Api(successor.url, ownerKey);
    expect((await next.search('tide gauge', { mode: 'keyword' }))[0].doc_id).toBe(doc_id);
    const again = await next.post('/rag/ingest', { text: 'Idempotent before the kill.' }, { headers: { 'idempotency-key': 'kill-1' } });
    expect(again.body).toEqual(sent.body);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(['queued', 'processing', 'ready']).toContain((await next.get(`/rag/documents/${upload.body.items[0].doc_id}`)).body.status);
    expect(await successor.stop()).toBe(0);
    await victim.stop();
  });

  it('killed while it made a tenant has a successor that finishes it, when asked again', async () => {
    const victim = await startServer({ env: { AI_STACK_OWNER_KEY: ownerKey } });
    // Holds the process up between the tenant's row and its schema.
    const brake = new pg.Client({ connectionString: victim.databaseUrl });
    await brake.connect();
    await brake.query(`SELECT pg_advisory_lock(hashtextextended('migrate:tenant_acme', 0))`);
    const api = new Api(victim.url, ownerKey);
    const making = expect(api.post('/tenants', { slug: 'acme', name: 'Acme' })).rejects.toThrow();
    await eventually(() => api.get('/tenants'), ({ body }) => body.total === 2);
    await victim.kill();
    await making;
    await brake.end();
    const next = new Api((await victim.restart()).url, ownerKey);
    const made = await next.post('/tenants', { slug: 'acme', name: 'Acme' });
    expect(made.status, made.text).toBe(201);
    expect((await next.as(made.body.owner_key).get('/auth/me')).body).toMatchObject({ tenant: 'acme', permissions: ['*'] });
    expect((await next.post('/tenants', { slug: 'acme', name: 'Acme' })).status).toBe(409);
    await victim.stop();
  });
});

describe('rate limits', () => {
  it('count by key, say when to come back, and leave the probes alone', async () => {
    const limited = await server.restart({ dataDirectory: secondDirectory, env: { RATE_LIMIT_PER_MINUTE: '5', RATE_LIMIT_ANONYMOUS_PER_MINUTE: '3', TRUST_PROXY: '1' } });
    try {
      const api = new Api(limited.url, ownerKey);
      const newKey = async () => (await one.post('/api-keys', { name: 'other', permissions: ['search:query'] })).body.key;
      const [other, unseen] = [await newKey(), await newKey()];
      const answers = [];
      for (let count = 0; count < 7; count += 1) answers.push(await api.get('/auth/me'));
      expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 429, 429]);
      expect(answers.slice(0, 5).map(({ headers }) => headers.get('ratelimit-remaining'))).toEqual(['4', '3', '2', '1', '0']);
      const refused = answers.at(-1);
      expect(refused?.body).toMatchObject({ code: 'http.rate_limited', status: 429 });
      expect([refused?.headers.get('ratelimit-limit'), refused?.headers.get('ratelimit-remaining')]).toEqual(['5', '0']);
      expect(Number(refused?.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(Number(refused?.headers.get('retry-after'))).toBeLessThanOrEqual(60);
      expect((await api.call('GET', '/rag/search?query=x', { key: other })).status).toBe(200);
      for (let count = 0; count < 8; count += 1) expect((await api.call('GET', '/health/live', { key: null })).status).toBe(200);
      const anonymous = [];
      for (let count = 0; count < 5; count += 1) anonymous.push((await api.call('GET', count === 0 ? '/nowhere' : '/auth/me', { key: `ask_guess_${count}` })).status);
      expect(anonymous).toEqual([404, 401, 401, 429, 429]);
      const through = async (addresses: string) => (await api.call('GET', '/auth/me', { key: null, headers: { 'x-forwarded-for': addresses } })).status;
      const spoofing = [];
      for (let count = 0; count < 5; count += 1) spoofing.push(await through(`192.0.2.${count}, 10.0.0.1`));
      expect(spoofing).toEqual([401, 401, 401, 429, 429]);
      expect(await through('10.0.0.2')).toBe(401);
      const guesses = async (...addresses: string[]) => {
        const statuses = [];
        for (const address of addresses) statuses.push((await api.call('GET', '/auth/me', { key: `ask_guess_${address}`, headers: { 'x-forwarded-for': address } })).status);
        return statuses;
      };
      expect(await guesses('2001:db8:1:2::1', '2001:db8:1:2::2', '2001:db8:1:2:3::', '2001:db8:1:2:ffff::4', '2001:db8:1:3::1')).toEqual([401, 401, 401, 429, 401]);
      expect(await guesses('198.51.100.1', '::ffff:198.51.100.1', '::ffff:c633:6401', '::ffff:198.51.100.1', '::ffff:198.51.100.2')).toEqual([401, 401, 401, 429, 401]);
      // Nothing of this address is looked up any more, and those who were known before are let in.
      expect((await api.call('GET', '/rag/search?query=x', { key: unseen })).status).toBe(429);
      expect((await api.call('GET', '/rag/search?query=x', { key: other })).status).toBe(200);
    } finally {
      await limited.stop();
    }
  });
});
