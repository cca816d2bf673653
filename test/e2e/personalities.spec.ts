import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Api, eventually, heardMs, type Json } from '../support/api.js';
import { makeDataDirectory, removeDataDirectory, type ServerProcess } from '../support/server-process.js';
import { startServer, type TestServer } from '../support/server.js';
import pg from 'pg';

const ownerKey = 'owner-key-of-the-personality-tests';
const secondDirectory = makeDataDirectory();
let server: TestServer;
let second: ServerProcess;
let api: Api;
let other: Api;

beforeAll(async () => {
  server = await startServer({ env: { AI_STACK_OWNER_KEY: ownerKey } });
  second = await server.restart({ dataDirectory: secondDirectory });
  api = new Api(server.url, ownerKey);
  other = api.as((await api.post('/tenants', { slug: 'other', name: 'Other' })).body.owner_key);
});
afterAll(async () => {
  await second.stop();
  await server.stop();
  removeDataDirectory(secondDirectory);
});

const create = async (name: string, more: object = {}): Promise<Json> => {
  const { status, body, text } = await api.post('/v1/personalities', { name, system_prompt: 'You help.', ...more });
  if (status !== 201) throw new Error(text);
  return body;
};

describe('a personality', () => {
  it('is added, read, changed field by field, listed by name, and deleted', async () => {
    const made = await create('Support', { tone: 'friendly', temperature: 0.2, tools: ['calculator'] });
    expect(made).toMatchObject({ name: 'Support', system_prompt: 'You help.', tone: 'friendly', model: null, temperature: 0.2, tools: ['calculator'], description: null });
    const changed = (await api.call('PATCH', `/v1/personalities/${made.id}`, { body: { tone: null, tools: null, model: 'small' } })).body;
    expect(changed).toMatchObject({ ...made, tone: null, tools: null, model: 'small', updated_at: expect.any(String) });
    expect((await api.get(`/v1/personalities/${made.id}`)).body).toEqual(changed);
    await create('Legal');
    expect((await api.get('/v1/personalities', { page_size: 1 })).body).toMatchObject({ items: [{ name: 'Legal' }], total: 2 });
    expect((await api.delete(`/v1/personalities/${made.id}`)).status).toBe(204);
    for (const answer of [await api.get(`/v1/personalities/${made.id}`), await api.delete(`/v1/personalities/${made.id}`)]) expect(answer).toMatchObject({ status: 404, body: { code: 'engine.personality_not_found' } });
  });

  it.each([
    [{ system_prompt: 'x'.repeat(8_001) }, 'system_prompt'],
    [{ tone: 'x'.repeat(201) }, 'tone'],
    [{ model: 'x'.repeat(256) }, 'model'],
    [{ temperature: 2.1 }, 'temperature'],
    [{ tools: ['calculator', 'steam', 'smoke'] }, 'tools'],
    [{ name: ' ' }, 'name'],
  ])('is refused with %.30o', async (bad, path) => {
    const answer = await api.post('/v1/personalities', { name: 'Bad', system_prompt: 'You help.', ...bad });
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ path }] } });
    if (path === 'tools') expect(answer.body).toMatchObject({ code: 'engine.unknown_tools', detail: expect.stringContaining('"steam", "smoke"') });
    const { id } = (await api.get('/v1/personalities')).body.items[0];
    expect((await api.call('PATCH', `/v1/personalities/${id}`, { body: bad })).status).toBe(400);
  });

  it('has a name of its own in the tenant, also when two are added at once; another tenant may use the same', async () => {
    const attempts = await Promise.all(Array.from({ length: 5 }, () => api.post('/v1/personalities', { name: 'Twin', system_prompt: 'x' })));
    expect(attempts.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409]);
    const { id } = await create('Triplet');
    expect(await api.call('PATCH', `/v1/personalities/${id}`, { body: { name: 'Twin' } })).toMatchObject({ status: 409, body: { code: 'engine.personality_exists' } });
    expect((await other.post('/v1/personalities', { name: 'Twin', system_prompt: 'x' })).status).toBe(201);
  });

  it('changed on one process is changed on the others at once, whatever they had read', async () => {
    const { id } = await create('Shared');
    const elsewhere = new Api(second.url, ownerKey);
    expect((await elsewhere.get(`/v1/personalities/${id}`)).body.tone).toBeNull();
    await api.call('PATCH', `/v1/personalities/${id}`, { body: { tone: 'short' } });
    expect((await api.get(`/v1/personalities/${id}`)).body.tone).toBe('short');
    await eventually(() => elsewhere.get(`/v1/personalities/${id}`), ({ body }) => body.tone === 'short', heardMs);
    await api.delete(`/v1/personalities/${id}`);
    await eventually(() => elsewhere.get(`/v1/personalities/${id}`), ({ status }) => status === 404, heardMs);
  });

  it('leaves a trace of every change, and of none that failed', async () => {
    const { id } = await create('Traced');
    await api.call('PATCH', `/v1/personalities/${id}`, { body: { name: 'Twin' } });
    await api.call('PATCH', `/v1/personalities/${id}`, { body: { tone: 'short', model: null } });
    await api.delete(`/v1/personalities/${id}`);
    const client = new pg.Client({ connectionString: server.databaseUrl });
    await client.connect();
    const { rows } = await client.query<{ action: string; detail: Json; actor: string }>(`SELECT action, detail, actor FROM audit_log WHERE detail ->> 'id' = $1 ORDER BY id`, [id]);
    await client.end();
    expect(rows.map(({ action, detail }) => [action, detail.changed])).toEqual([['engine.personality_created', undefined], ['engine.personality_changed', ['tone', 'model']], ['engine.personality_deleted', undefined]]);
    expect(rows[0]?.actor).toMatch(/^api_key:/);
  });

  it('needs permissions: one to look, another one to change', async () => {
    const looker = api.as((await api.post('/api-keys', { name: 'looks', permissions: ['personalities:read'] })).body.key);
    expect((await looker.get('/v1/personalities')).status).toBe(200);
    expect((await looker.post('/v1/personalities', { name: 'Mine', system_prompt: 'x' })).status).toBe(403);
  });
});

describe('a question', () => {
  const ask = (by: Api, personality: string, more: object = {}) => by.post('/smart-qa/chat', { query: 'When does the ferry leave?', personality_id: personality, ...more });

  it('may choose a personality of its tenant; any other is 404, and nothing is written', async () => {
    const { id } = await create('Captain');
    expect((await ask(api, id)).status).toBe(200);
    expect(await ask(api, '019aa4c5-8a52-7c3e-9f34-0242ac120002', { stream: true })).toMatchObject({ status: 404, body: { code: 'engine.personality_not_found' } });
    expect(await ask(other, id)).toMatchObject({ status: 404, body: { code: 'engine.personality_not_found' } });
    expect((await other.get(`/v1/personalities/${id}`)).status).toBe(404);
    expect((await other.get('/conversations')).body.total).toBe(0);
  });
});
