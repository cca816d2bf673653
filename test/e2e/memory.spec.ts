import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Api, inTime } from '../support/api.js';
import { startServer, type TestServer } from '../support/server.js';

let server: TestServer;
let api: Api;
let colleague: Api;
beforeAll(async () => {
  server = await startServer();
  api = new Api(server.url, server.ownerKey);
  colleague = api.as((await api.post('/api-keys', { name: 'colleague', permissions: ['memories:read', 'memories:write'] })).body.key);
});
afterAll(() => server.stop());

const found = async (who: Api, query: string, more: object = {}) => (await inTime(() => who.post('/v1/memories/search', { query, ...more }))).body.items.map(({ text }: { text: string }) => text);

describe('/v1/memories', () => {
  it('keeps what a turn is worth, finds, changes and forgets it, and tells its history', async () => {
    const turn = [{ role: 'user', content: '你好，我叫李雷。我对花生过敏。今天天气怎么样？' }, { role: 'assistant', content: '你好！' }];
    const added = await api.post('/v1/memories', { messages: turn, metadata: { channel: 'chat' } });
    expect([added.status, added.body.items.map(({ text, event }: Record<string, string>) => [text, event])]).toEqual([201, [['我叫李雷', 'ADD'], ['我对花生过敏', 'ADD']]]);
    expect((await api.post('/v1/memories', { messages: turn })).body.items).toEqual([]);
    expect(await found(api, '花生')).toEqual(['我对花生过敏']);
    const [{ id }] = added.body.items;
    const renamed = await api.call('PATCH', `/v1/memories/${id}`, { body: { text: '我叫韩梅梅' } });
    expect(renamed.body).toMatchObject({ id, text: '我叫韩梅梅', metadata: { channel: 'chat' }, user_id: null });
    expect((await api.delete(`/v1/memories/${id}`)).status).toBe(204);
    expect((await api.get(`/v1/memories/${id}`)).body.code).toBe('memory.not_found');
    expect((await api.get(`/v1/memories/${id}/history`)).body.items.map(({ event }: { event: string }) => event)).toEqual(['ADD', 'UPDATE', 'DELETE']);
    expect((await api.delete('/v1/memories')).body).toEqual({ deleted: 1 });
    expect((await api.get('/v1/memories')).body.total).toBe(0);
  });

  it('belongs to the key that wrote it, and to the user whom that key named', async () => {
    const { id } = (await api.post('/v1/memories', { text: 'Ann keeps bees', user_id: 'ann' })).body.items[0];
    for (const attempt of [() => colleague.get(`/v1/memories/${id}`), () => colleague.delete(`/v1/memories/${id}`), () => colleague.call('PATCH', `/v1/memories/${id}`, { body: { text: 'x' } }), () => colleague.get(`/v1/memories/${id}/history`)]) {
      expect((await attempt()).status).toBe(404);
    }
    expect((await colleague.call('DELETE', '/v1/memories', { query: { user_id: 'ann' } })).body.deleted).toBe(0);
    expect([await found(colleague, 'bees', { user_id: 'ann' }), await found(api, 'bees'), await found(api, 'bees', { user_id: 'bob' })]).toEqual([[], [], []]);
    expect(await found(api, 'bees', { user_id: 'ann' })).toEqual(['Ann keeps bees']);
  });

  it('is forgotten of one or of all whom the key serves, as it says', async () => {
    const keep = (who: Api) => Promise.all([undefined, 'carl', 'dora'].map((user_id) => who.post('/v1/memories', { text: 'Collects stamps', user_id })));
    const left = async () => (await Promise.all([undefined, 'carl', 'dora'].map((user_id) => found(colleague, 'stamps', { user_id })))).flat().length;
    await keep(colleague);
    const forget = (query: Record<string, string>) => colleague.call('DELETE', '/v1/memories', { query });
    expect([(await forget({ user_id: 'carl', all: 'true' })).status, await left()]).toEqual([400, 3]);
    expect([(await forget({ user_id: 'carl' })).body, await left()]).toEqual([{ deleted: 1 }, 2]);
    expect([(await forget({})).body, await left()]).toEqual([{ deleted: 1 }, 1]);
    await keep(colleague);
    expect([(await forget({ all: 'true' })).body, await left()]).toEqual([{ deleted: 3 }, 0]);
    expect(await found(api, 'bees', { user_id: 'ann' })).toEqual(['Ann keeps bees']);
  });

  it('refuses what it cannot keep, and keeps once what is sent twice under one key', async () => {
    for (const body of [{}, { text: '' }, { text: 'a', messages: [{ role: 'user', content: 'b' }] }, { text: 'a', expires_at: 'tomorrow' }]) expect((await api.post('/v1/memories', body)).status).toBe(400);
    const once = { headers: { 'idempotency-key': 'memory-1' } };
    const [one, two] = [await api.post('/v1/memories', { text: 'Takes tea' }, once), await api.post('/v1/memories', { text: 'Takes tea' }, once)];
    expect(two.body).toEqual(one.body);
    expect((await api.post('/v1/memories', { text: 'Gone already', expires_at: '2020-01-01T00:00:00Z' })).status).toBe(201);
    expect(await found(api, 'gone already')).toEqual([]);
  });
});
