import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Api, inTime, type Json } from '../support/api.js';
import { startServer, type TestServer } from '../support/server.js';

const nowhere = '019aa4c5-8a52-7c3e-9f34-0242ac120002';
/** Entry file of an installed `mem0ai`, which is no dependency here: its peers include a database driver that is downloaded at install. */
const installedClient = process.env.AI_STACK_MEM0_CLIENT;

let server: TestServer;
let api: Api;
let stranger: Api;
let reader: Api;
beforeAll(async () => {
  server = await startServer();
  api = new Api(server.url, server.ownerKey);
  const key = async (permissions: string[]) => api.as((await api.post('/api-keys', { name: permissions.join(), permissions })).body.key);
  stranger = await key(['memories:read', 'memories:write']);
  reader = await key(['memories:read']);
});
afterAll(() => server.stop());

const said = (content: string) => [{ role: 'user', content }];
const memoriesOf = ({ body }: { body: Json }): string[] => body.results.map(({ memory }: Json) => memory);

describe('the self-hosted form of mem0', () => {
  it('adds, lists, searches, changes and deletes', async () => {
    const added = await api.post('/mem0/memories', { messages: said('My name is Ann. What time is it?'), user_id: 'ann', metadata: { from: 'chat' } });
    expect([added.status, added.body]).toEqual([200, { results: [{ id: expect.any(String), memory: 'My name is Ann', event: 'ADD' }] }]);
    const [{ id }] = added.body.results;
    expect(memoriesOf(await api.get('/mem0/memories', { user_id: 'ann' }))).toEqual(['My name is Ann']);
    const hits = await inTime(() => api.post('/mem0/search', { query: 'name', filters: { user_id: 'ann' }, top_k: 3, threshold: 0.1 }));
    expect(hits.body.results[0]).toMatchObject({ id, memory: 'My name is Ann', user_id: 'ann', metadata: { from: 'chat' }, score: expect.any(Number) });
    expect((await api.call('PUT', `/mem0/memories/${id}`, { body: { text: 'My name is Anna' } })).body).toMatchObject({ id, memory: 'My name is Anna' });
    expect((await api.get(`/mem0/memories/${id}/history`)).body.map(({ event }: Json) => event)).toEqual(['ADD', 'UPDATE']);
    expect((await api.call('DELETE', `/mem0/memories/${id}`, { headers: { 'content-type': 'application/json' } })).body.message).toMatch(/deleted/);
    const gone = await api.get(`/mem0/memories/${id}`);
    expect([gone.status, gone.body]).toEqual([404, { detail: `There is no memory ${id}.`, code: 'memory.not_found' }]);
  });

  it('keeps texts as they are with infer false, and apart by agent, app and run', async () => {
    await api.post('/mem0/memories', { messages: 'What is the gate?', agent_id: 'porter', run_id: '1', infer: false });
    await api.post('/mem0/memories', { messages: 'What is the gate?', agent_id: 'porter', run_id: '2', infer: false });
    expect(memoriesOf(await api.get('/mem0/memories', { agent_id: 'porter' }))).toHaveLength(2);
    expect(memoriesOf(await inTime(() => api.post('/mem0/search', { query: 'gate', filters: { AND: [{ agent_id: 'porter' }, { run_id: { in: ['2'] } }] } })))).toHaveLength(1);
    expect((await api.call('DELETE', '/mem0/memories', { query: { run_id: '1' } })).status).toBe(200);
    expect(memoriesOf(await api.get('/mem0/memories', { agent_id: 'porter' }))).toHaveLength(1);
  });

  it('takes a slash off the end of the path, not off a name', async () => {
    for (const user_id of ['acme', 'acme/']) await api.post('/mem0/memories', { messages: `The gate of ${user_id} is blue.`, user_id, infer: false });
    expect((await api.call('DELETE', '/mem0/memories/?user_id=acme/')).status).toBe(200);
    expect(memoriesOf(await api.get('/mem0/memories', { user_id: 'acme/' }))).toEqual([]);
    expect(memoriesOf(await api.call('GET', '/mem0/memories/?user_id=acme'))).toEqual(['The gate of acme is blue.']);
  });

  it('joins what is asked of metadata in several conditions', async () => {
    for (const [category, lang] of [['health', 'en'], ['health', 'de'], ['work', 'en']]) {
      await api.post('/mem0/memories', { messages: `Remember ${category} in ${lang}`, user_id: 'filtered', infer: false, metadata: { category, lang } });
    }
    const filters = { AND: [{ user_id: 'filtered' }, { metadata: { category: 'health' } }, { metadata: { lang: 'en' } }] };
    expect(memoriesOf(await inTime(() => api.post('/mem0/search', { query: 'remember', filters })))).toEqual(['Remember health in en']);
  });

  it('keeps a text that is cut in the middle of a character, and a judgement with half a one', async () => {
    const { status, body } = await api.post('/mem0/v3/memories/add', { messages: said(`${'a'.repeat(7_999)}😀`), user_id: 'cut', infer: false });
    expect(status).toBe(200);
    const [{ id, memory }] = (await api.get(`/mem0/v1/event/${body.event_id}`)).body.results;
    expect(memory).toBe('a'.repeat(7_999));
    expect((await api.post('/mem0/v1/feedback', { memory_id: id, feedback: 'NEGATIVE', feedback_reason: 'half \ud800' })).status).toBe(200);
  });

  it.each([
    ['nobody\'s memories', 'POST', '/mem0/memories', { messages: 'x' }],
    ['everybody\'s memories', 'POST', '/mem0/search', { query: 'x', filters: {} }],
    ['a list of everybody', 'GET', '/mem0/memories', undefined],
    ['the deletion of everybody', 'DELETE', '/mem0/memories', undefined],
    ['a filter that would be ignored', 'POST', '/mem0/search', { query: 'x', filters: { OR: [{ user_id: 'a' }, { user_id: 'b' }] } }],
    ['a condition that is no list', 'POST', '/mem0/search', { query: 'x', filters: { user_id: '*', AND: { run_id: '1' } } }],
    ['two users at once', 'POST', '/mem0/search', { query: 'x', filters: { AND: [{ user_id: 'a' }, { user_id: 'b' }] } }],
    ['two values of a field at once', 'POST', '/mem0/search', { query: 'x', filters: { user_id: 'a', AND: [{ metadata: { lang: 'en' } }, { metadata: { lang: 'de' } }] } }],
    ['a condition that every object has', 'POST', '/mem0/search', { query: 'x', filters: { user_id: 'a', toString: 'x' } }],
    ['a comparison that would be ignored', 'POST', '/mem0/search', { query: 'x', filters: { user_id: { eq: 'a', ne: 'b' } } }],
    ['a filter without end', 'POST', '/mem0/search', { query: 'x', filters: { AND: Array.from({ length: 200_000 }, () => 1) } }],
    ['a name that no database can hold', 'POST', '/mem0/search', { query: 'x', filters: { user_id: 'a\u0000b' } }],
    ['an id that is none', 'GET', '/mem0/memories/1', undefined],
  ])('refuses %s in its own form', async (_what, method, path, body) => {
    const answer = await api.call(method, path, { body });
    expect([answer.status, Object.keys(answer.body)]).toEqual([400, ['detail', 'code']]);
  });
});

/** Every route of both forms, as one who may not would call it. */
const routes: [method: string, path: string, body?: object][] = [
  ...(['/mem0/memories/ID', '/mem0/v1/memories/ID/'] as const).flatMap((path): [string, string, object?][] => [['GET', path], ['PUT', path, { text: 'x' }], ['DELETE', path], ['GET', `${path.replace(/\/$/, '')}/history`]]),
  ['PUT', '/mem0/v1/batch/', { memories: [{ memory_id: 'ID', text: 'x' }] }], ['DELETE', '/mem0/v1/batch/', { memories: [{ memory_id: 'ID' }] }], ['POST', '/mem0/v1/feedback/', { memory_id: 'ID', feedback: 'POSITIVE' }], ['GET', '/mem0/v1/event/EVENT/'],
];
const others: typeof routes = [
  ['POST', '/mem0/memories', { messages: 'x', user_id: 'bo' }], ['GET', '/mem0/memories?user_id=bo'], ['DELETE', '/mem0/memories?user_id=bo'], ['POST', '/mem0/search', { query: 'bees', filters: { user_id: 'bo' } }],
  ['POST', '/mem0/v3/memories/add/', { messages: said('x'), user_id: 'bo' }], ['POST', '/mem0/v3/memories/search/', { query: 'bees', filters: { user_id: 'bo' } }], ['POST', '/mem0/v3/memories/', { filters: { user_id: 'bo' } }],
  ['DELETE', '/mem0/v1/memories/?user_id=bo'], ['GET', '/mem0/v1/entities/'], ['DELETE', '/mem0/v2/entities/user/bo/'], ['GET', '/mem0/v1/ping/'],
];

describe('both forms', () => {
  let id: string;
  let event: string;
  const filled = (value: unknown): Json => JSON.parse(JSON.stringify(value ?? null).replaceAll('ID', id).replaceAll('EVENT', event)) ?? undefined;
  const send = (who: Api, [method, path, body]: (typeof routes)[number], key?: string | null) => who.call(method, filled(path), { body: filled(body), key });
  beforeAll(async () => {
    const add = () => api.post('/mem0/v3/memories/add/', { messages: said('I keep bees.'), user_id: 'bo', infer: false }, { headers: { 'idempotency-key': 'bees-1' } });
    const added = await add();
    expect((await add()).body).toEqual(added.body);
    event = added.body.event_id;
    id = (await api.get(`/mem0/v1/event/${event}/`)).body.results[0].id;
  });

  it('answer 401 without a key, and to a key under a name that other routes do not know', async () => {
    for (const route of [...routes, ...others]) {
      const answer = await send(api, route, null);
      expect([route, answer.status, Object.keys(answer.body)]).toEqual([route, 401, ['detail', 'code']]);
    }
    const token = { key: null, headers: { authorization: `Token ${server.ownerKey}` } };
    expect((await api.call('GET', '/mem0/v1/ping/', token)).body).toEqual({ status: 'ok' });
    expect((await api.call('GET', '/v1/memories', token)).status).toBe(401);
  });

  it('answer 403 to a key that may only read', async () => {
    const writing = [...routes, ...others].filter(([method, path]) => method !== 'GET' && !path.includes('search') && path !== '/mem0/v3/memories/');
    for (const route of writing) expect([route, (await send(reader, route)).body.code]).toEqual([route, 'auth.forbidden']);
  });

  it('answer 404 to another key of the tenant, which finds, lists and deletes nothing either', async () => {
    for (const route of routes) expect([route, (await send(stranger, route)).status]).toEqual([route, 404]);
    for (const route of others) {
      const answer = await send(stranger, route);
      expect([route, answer.text.includes('bees')]).toEqual([route, false]);
    }
    expect(memoriesOf(await api.get('/mem0/memories', { user_id: 'bo' }))).toEqual(['I keep bees.']);
  });

  it('tell what was not found: an event, a route', async () => {
    expect((await api.get(`/mem0/v1/event/${nowhere}/`)).body.code).toBe('memory.event_not_found');
    expect((await api.get('/mem0/v9/nothing/')).body).toMatchObject({ detail: expect.any(String), code: 'http.no_route' });
  });
});

interface MemoryClient {
  ping(): Promise<void>;
  add(messages: object[], options: object): Promise<Json>;
  search(query: string, options: object): Promise<Json>;
  getAll(options: object): Promise<Json>;
  get(id: string): Promise<Json>;
  update(id: string, change: object): Promise<Json>;
  delete(id: string): Promise<Json>;
  deleteAll(options: object): Promise<Json>;
  history(id: string): Promise<Json>;
  batchUpdate(memories: object[]): Promise<Json>;
  batchDelete(ids: string[]): Promise<Json>;
  feedback(data: object): Promise<Json>;
  users(): Promise<Json>;
  deleteUsers(options: object): Promise<Json>;
}

if (!installedClient) console.warn('SKIPPED: AI_STACK_MEM0_CLIENT names no installed mem0ai');
describe.skipIf(!installedClient)('the npm client mem0ai, unmodified (AI_STACK_MEM0_CLIENT)', () => {
  let client: MemoryClient;
  beforeAll(async () => {
    process.env.MEM0_TELEMETRY = 'false';
    const { MemoryClient: Client } = (await import(installedClient ?? '')) as { MemoryClient: new (options: object) => MemoryClient };
    client = new Client({ apiKey: server.ownerKey, host: `${server.url}/mem0` });
  });

  it('adds, searches, lists, reads, changes, judges and deletes', async () => {
    await client.ping();
    const { status, eventId } = await client.add([...said('我叫李雷。我喜欢喝绿茶。'), { role: 'assistant', content: '你好！' }], { userId: 'li', metadata: { from: 'npm' } });
    expect([status, eventId]).toEqual(['PENDING', expect.any(String)]);
    const { count, results } = await client.getAll({ filters: { user_id: 'li' }, page: 1, pageSize: 10 });
    expect([count, results.map(({ memory }: Json) => memory)]).toEqual([2, ['我喜欢喝绿茶', '我叫李雷']]);
    const [tea, name] = results;
    expect((await client.search('绿茶', { filters: { user_id: 'li' }, topK: 5 })).results[0]).toMatchObject({ id: tea.id, userId: 'li', metadata: { from: 'npm' } });
    expect(await client.update(name.id, { text: '我叫韩梅梅' })).toMatchObject({ memory: '我叫韩梅梅' });
    expect(await client.get(name.id)).toMatchObject({ id: name.id, memory: '我叫韩梅梅', userId: 'li' });
    expect((await client.history(name.id)).map(({ oldMemory, newMemory, event }: Json) => [event, oldMemory, newMemory])).toEqual([['ADD', null, '我叫李雷'], ['UPDATE', '我叫李雷', '我叫韩梅梅']]);
    expect((await client.feedback({ memoryId: tea.id, feedback: 'POSITIVE' })).message).toBe('Feedback recorded');
    await client.batchUpdate([{ memoryId: tea.id, text: '我喜欢喝红茶' }, { memoryId: name.id, text: '我叫李雷' }]);
    expect(await client.get(tea.id)).toMatchObject({ memory: '我喜欢喝红茶' });
    await client.delete(name.id);
    await expect(client.get(name.id)).rejects.toThrow();
    await client.batchDelete([tea.id]);
    expect((await client.getAll({ filters: { user_id: 'li' } })).count).toBe(0);
  });

  it('lists and deletes users', async () => {
    await client.add(said('I live in Oslo.'), { userId: 'kari' });
    expect((await client.users()).results.map(({ name }: Json) => name)).toContain('kari');
    await client.deleteAll({ userId: 'kari' });
    await client.add(said('I live in Bergen.'), { userId: 'kari' });
    await client.deleteUsers({ userId: 'kari' });
    expect((await client.users()).results.map(({ name }: Json) => name)).not.toContain('kari');
  });
});
