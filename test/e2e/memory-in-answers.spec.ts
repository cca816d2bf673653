import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Api, eventually, type Json } from '../support/api.js';
import { startLlmServer, type LlmServer } from '../support/llm-server.js';
import { startMem0Server, type Mem0Server } from '../support/mem0-server.js';
import { startServer, type TestServer } from '../support/server.js';

let llm: LlmServer;
let mem0: Mem0Server;
let server: TestServer;
let api: Api;
beforeAll(async () => {
  llm = await startLlmServer();
  mem0 = await startMem0Server('key-of-mem0');
  server = await startServer({ env: { LLM_BASE_URL: llm.url, LLM_MODEL: 'scripted', MEM0_BASE_URL: mem0.url, MEM0_API_KEY: 'key-of-mem0', ENGINE_HEALTH_SECONDS: '1' } });
  api = new Api(server.url, server.ownerKey);
  await api.ingest('The lease of the warehouse in Hamburg ends on 31 March 2027.');
});
afterAll(async () => {
  await server.stop();
  await Promise.all([llm.stop(), mem0.stop()]);
});

const ask = async (query: string, more: object = {}): Promise<Json> => (await api.post('/smart-qa/chat', { query, ...more })).body;
/** Asks again while what is known was not found within its 300 ms. */
const askWithMemory = (query: string, more: object = {}): Promise<Json> => eventually(() => ask(query, more), ({ memory }) => memory.missed === undefined);
const queued = async (who = api): Promise<number> => (await who.get('/v1/memories/queue')).body.queued;
const system = () => (llm.requests.at(-1)?.messages ?? []).filter(({ role }) => role === 'system').map(({ content }) => content).join('\n');

describe('memory in answers', () => {
  it('is made of what was told in an earlier conversation, and shown to the model fenced, outside of the question', async () => {
    expect((await ask('My name is Ann and I am allergic to peanuts. When does the lease end?')).memory).toMatchObject({ found: 0 });
    await eventually(queued, (count) => count === 0);
    const { memory } = await askWithMemory('Which foods am I allergic to, and when does the lease end?');
    expect(memory.found).toBeGreaterThanOrEqual(1);
    expect(system()).toMatch(/<<(memor[\w-]*)[^>]*>>[\s\S]*allergic to peanuts[\s\S]*<<end \1[^>]*>>/);
    expect(llm.requests.at(-1)?.messages.at(-1)?.content).not.toContain('peanuts');
    await eventually(queued, (count) => count === 0);
    expect((await api.get('/v1/memories')).body.total).toBe(1);
  });

  it('belongs to the key: another one of the tenant has none', async () => {
    const other = api.as((await api.post('/api-keys', { name: 'other', permissions: ['*'] })).body.key);
    const answer = (await other.post('/smart-qa/chat', { query: 'Which foods am I allergic to?' })).body;
    expect(answer.memory).toMatchObject({ found: 0 });
    expect(system()).not.toContain('peanuts');
  });

  it('is kept by the mem0 server with the engine mem0_proxy, which answers without it while it is down', async () => {
    await ask('I prefer aisle seats. When does the lease end?', { engine: 'mem0_proxy' });
    await eventually(() => Promise.resolve(mem0.added.count), (count) => count === 1);
    const answer = await askWithMemory('Which seats do I prefer?', { engine: 'mem0_proxy' });
    expect([answer.engine, answer.memory]).toEqual(['mem0_proxy', expect.objectContaining({ found: 1 })]);
    expect(system()).toContain('aisle seats');
    await api.post('/v1/engines/switch', { engine: 'mem0_proxy' });
    mem0.behave('failing');
    await eventually(() => api.get('/v1/engines/mem0_proxy/health'), ({ body }) => body.degraded === true);
    const ready = await eventually(() => api.get('/health/ready'), ({ body }) => body.details.engines.states.mem0_proxy === 'degraded');
    expect(ready).toMatchObject({ status: 200, body: { details: { engines: { status: 'degraded', states: { chat: 'up' } } } } });
    // Three looks at its health and more: it is not avoided for its memories.
    await new Promise((resolve) => setTimeout(resolve, 4_500));
    // Its refusal may come after the 300 ms at first; then it is not waited for at all.
    const without = await eventually(() => ask('Which seats do I prefer?'), ({ memory }) => memory.missed === 'failed');
    expect([without.engine, without.engine_reason, without.memory.found]).toEqual(['mem0_proxy', 'tenant', 0]);
    mem0.behave('well');
    await api.post('/v1/engines/switch', { engine: 'chat' });
  });

  it('loses no turn that was accepted when the process is killed, and learns from it once', async () => {
    const client = new Client({ connectionString: server.databaseUrl });
    client.on('error', () => undefined);
    await client.connect();
    // Nobody may take a turn meanwhile: the kill comes before the first word is learnt.
    await client.query('BEGIN');
    await client.query('LOCK TABLE tenant_default.memory_versions IN ACCESS EXCLUSIVE MODE');
    const told = ['I live in Lisbon.', 'I like green tea.', 'I prefer window seats.'];
    for (const fact of told) await ask(`${fact} When does the lease end?`);
    await server.kill();
    await client.query('ROLLBACK');
    const { rows } = await client.query<{ n: string }>(`SELECT count(*) AS n FROM tenant_default.memory_turns WHERE target = 'own'`);
    expect(Number(rows[0]?.n)).toBe(3);
    // Its claims would end within a minute.
    await client.query('UPDATE tenant_default.memory_turns SET run_after = now()');
    await client.end();
    const next = await server.restart();
    const after = new Api(next.url, next.ownerKey);
    await eventually(() => queued(after), (count) => count === 0);
    const { items } = (await after.get('/v1/memories', { page_size: 100 })).body as { items: { text: string }[] };
    const kept = items.map(({ text }) => text);
    for (const fact of told) expect(kept.filter((text) => text === fact.slice(0, -1))).toHaveLength(1);
  });
});

describe('what the language model finds worth remembering', () => {
  it('is learnt from turns of conversations, and only when the user said it', async () => {
    const facts = ['Our standup moved to nine on Mondays', 'I am the king of Hamburg'];
    const model = await startLlmServer(({ response_format }) => ({ kind: 'answer', pieces: response_format ? [JSON.stringify({ facts })] : ['It ends in March ', '[1].'] }));
    const learning = await startServer({ env: { LLM_BASE_URL: model.url, LLM_MODEL: 'scripted', MEMORY_EXTRACTION: 'llm' } });
    const who = new Api(learning.url, learning.ownerKey);
    await who.ingest('The lease of the warehouse in Hamburg ends on 31 March 2027.');
    await who.post('/smart-qa/chat', { query: 'Our standup moved to nine on Mondays, by the way. When does the lease end?' });
    await eventually(() => who.get('/v1/memories'), ({ body }) => body.total > 0);
    expect((await who.get('/v1/memories')).body.items.map(({ text }: Json) => text)).toEqual([facts[0]]);
    await who.post('/smart-qa/chat', { query: 'When does the lease end?' });
    await eventually(() => queued(who), (count) => count === 0);
    expect(model.requests.filter(({ response_format }) => response_format)).toHaveLength(1);
    await learning.stop();
    await model.stop();
  });
});
