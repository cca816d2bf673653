import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Api, eventually, heardMs, type Answer, type Json } from '../support/api.js';
import { expectProblem } from '../support/problems.js';
import { startServer, type TestServer } from '../support/server.js';

let server: TestServer;
let api: Api;
beforeAll(async () => {
  server = await startServer();
  api = new Api(server.url, server.ownerKey);
});
afterAll(() => server.stop());

const makeKey = async (permissions: string[], more: object = {}, by = api): Promise<Json> => (await by.post('/api-keys', { name: 'test', permissions, ...more })).body;
const tokenFor = (id: string, secret: string) => api.call('POST', '/auth/token', { key: null, body: { grant_type: 'client_credentials', client_id: id, client_secret: secret } });

describe('a caller', () => {
  it('without a key is told how to send one', async () => {
    const answer = await api.call('GET', '/rag/documents', { key: null });
    expectProblem(answer, 401, 'auth.no_key');
    expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer/);
  });

  it.each(['ask_wrong', 'eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.', 'eyJx.y.z', `ask_${'x'.repeat(5_000)}`])('with a wrong key gets 401: %.40s', async (key) => {
    const answer = await api.call('GET', '/rag/documents', { key });
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer/);
  });

  it('may use either header, and Bearer in any case', async () => {
    const forms: Record<string, string>[] = [{ 'x-api-key': server.ownerKey }, { authorization: `bearer ${server.ownerKey}` }, { authorization: `Bearer  ${server.ownerKey} ` }];
    for (const headers of forms) expect((await api.call('GET', '/auth/me', { key: null, headers })).status).toBe(200);
    const basic = `Basic ${Buffer.from(`x:${server.ownerKey}`).toString('base64')}`;
    expect((await api.call('GET', '/auth/me', { key: null, headers: { authorization: basic } })).status).toBe(401);
    expect((await api.call('GET', `/auth/me?key=${server.ownerKey}`, { key: null })).status).toBe(401);
  });

  it('learns who it is', async () => {
    expect((await api.get('/auth/me')).body).toMatchObject({ kind: 'api_key', tenant: 'default', permissions: ['*'] });
  });

  it('without the permission gets 403 that names it, and does nothing', async () => {
    const reader = await makeKey(['documents:read']);
    const answer = await api.call('POST', '/rag/ingest', { key: reader.key, body: { text: 'Must not be stored.' } });
    expectProblem(answer, 403, 'auth.forbidden');
    expect(answer.body.detail).toContain('documents:write');
    expect((await api.get('/rag/documents', { q: 'Must not be stored' })).body.total).toBe(0);
    expect((await api.call('GET', '/rag/documents', { key: reader.key })).status).toBe(200);
    // The permission is asked for before the request is read: a wrong body tells nothing.
    expect((await api.call('POST', '/rag/ingest', { key: reader.key, body: { nonsense: 1 } })).status).toBe(403);
  });

  it('with all of one subject may use that subject only', async () => {
    const { key } = await makeKey(['documents:*']);
    expect((await api.call('POST', '/rag/ingest', { key, body: { text: 'By a key for documents.' } })).status).toBe(201);
    expect((await api.call('GET', '/rag/search?query=x', { key })).status).toBe(403);
  });
});

describe('API keys', () => {
  it('are shown once, listed without their secret, and end when revoked', async () => {
    const created = await api.post('/api-keys', { name: 'nightly', permissions: ['search:query'], expires_at: '2099-01-01T00:00:00Z' });
    expect(created).toMatchObject({ status: 201, body: { name: 'nightly', permissions: ['search:query'], expires_at: '2099-01-01T00:00:00.000Z', revoked_at: null } });
    const { id, key, prefix } = created.body;
    expect(key.startsWith(prefix)).toBe(true);
    const listed = await api.get('/api-keys');
    expect(listed.text).not.toContain(key);
    expect(listed.body.items.find((item: Json) => item.id === id)).toMatchObject({ name: 'nightly', prefix });
    expect((await api.call('GET', '/rag/search?query=x', { key })).status).toBe(200);
    expect((await api.delete(`/api-keys/${id}`)).status).toBe(204);
    await eventually(() => api.call('GET', '/rag/search?query=x', { key }), ({ status }) => status === 401, heardMs);
    expect((await api.get('/api-keys')).body.items.find((item: Json) => item.id === id).revoked_at).toEqual(expect.any(String));
    expect((await api.delete('/api-keys/019aa4c5-8a52-7c3e-9f34-0242ac120002')).status).toBe(404);
  });

  it('end when they expire', async () => {
    const soon = await makeKey(['search:query'], { expires_at: new Date(Date.now() + 5_000).toISOString() });
    const search = () => api.call('GET', '/rag/search?query=x', { key: soon.key });
    expect((await search()).status).toBe(200);
    await eventually(search, ({ status }) => status === 401, heardMs);
    expect((await tokenFor(soon.id, soon.key)).status).toBe(401);
    expect((await api.post('/api-keys', { name: 'past', permissions: ['search:query'], expires_at: '2020-01-01T00:00:00Z' })).status).toBe(400);
  });

  it('and all that comes from them end when they expire: tokens, and the keys that they make', async () => {
    const end = new Date(Date.now() + 600_000).toISOString();
    const soon = await makeKey(['keys:manage', 'search:query'], { expires_at: end });
    const token = await tokenFor(soon.id, soon.key);
    expect(token.body.expires_in).toBeLessThanOrEqual(600);
    for (const by of [api.as(soon.key), api.as(token.body.access_token)]) {
      expect((await makeKey(['search:query'], {}, by)).expires_at).toBe(end);
      expectProblem(await by.post('/api-keys', { name: 'longer', permissions: ['search:query'], expires_at: '2099-01-01T00:00:00Z' }), 400, 'keys.outlives_creator');
      expectProblem(await by.call('PATCH', `/api-keys/${soon.id}`, { body: { expires_at: null } }), 400, 'keys.outlives_creator');
    }
    await api.call('PATCH', `/api-keys/${soon.id}`, { body: { expires_at: new Date(Date.now() + 5_000).toISOString() } });
    const byToken = () => api.call('GET', '/auth/me', { key: token.body.access_token });
    expect((await byToken()).status).toBe(200);
    await eventually(byToken, ({ status }) => status === 401, heardMs);
  });

  it('are changed and keep working; nobody gives or takes more than what is their own', async () => {
    const manager = await makeKey(['keys:manage', 'documents:read']);
    const as = api.as(manager.key);
    const change = (by: Api, id: string, body: object) => by.call('PATCH', `/api-keys/${id}`, { body });
    const weak = await makeKey(['documents:read'], {}, as);
    const strong = await makeKey(['documents:*']);
    const owner = (await api.get('/auth/me')).body.id;
    for (const body of [{ permissions: ['search:query'] }, { permissions: ['*'] }]) expectProblem(await change(as, weak.id, body), 403, 'auth.forbidden');
    for (const id of [strong.id, owner]) expectProblem(await change(as, id, { name: 'mine' }), 403, 'auth.forbidden');
    for (const id of [strong.id, owner]) expectProblem(await as.delete(`/api-keys/${id}`), 403, 'auth.forbidden');
    for (const body of [{ permissions: [] }, { expires_at: '2020-01-01T00:00:00Z' }, { name: ' ' }, { key: 'x' }]) expect((await change(api, weak.id, body)).status, JSON.stringify(body)).toBe(400);
    const wider = await change(api, weak.id, { name: 'wider', permissions: ['search:query'], expires_at: '2099-01-01T00:00:00Z' });
    expect(wider).toMatchObject({ status: 200, body: { id: weak.id, name: 'wider', permissions: ['search:query'], expires_at: '2099-01-01T00:00:00.000Z' } });
    expect((await api.get(`/api-keys/${weak.id}`)).body).toEqual(wider.body);
    await eventually(() => api.call('GET', '/rag/search?query=x', { key: weak.key }), ({ status }) => status === 200, heardMs);
    expect((await change(api, weak.id, { expires_at: null })).body.expires_at).toBeNull();
    // One's own key may always be given up.
    expect((await as.delete(`/api-keys/${manager.id}`)).status).toBe(204);
    expectProblem(await change(api, manager.id, { name: 'back' }), 409, 'keys.revoked');
    for (const answer of [await change(api, '019aa4c5-8a52-7c3e-9f34-0242ac120002', { name: 'x' }), await api.get('/api-keys/019aa4c5-8a52-7c3e-9f34-0242ac120002')]) expectProblem(answer, 404, 'keys.not_found');
  });

  it('end with the keys that they made only when that is asked for', async () => {
    const parent = await makeKey(['keys:manage', 'search:query']);
    const child = await makeKey(['keys:manage', 'search:query'], {}, api.as(parent.key));
    const grandchild = await makeKey(['search:query'], {}, api.as(child.key));
    const status = async (key: string) => (await api.call('GET', '/rag/search?query=x', { key })).status;
    await api.delete(`/api-keys/${parent.id}`);
    await eventually(() => status(parent.key), (now) => now === 401, heardMs);
    expect(await status(grandchild.key)).toBe(200);
    expect((await api.delete(`/api-keys/${parent.id}?with_children=true`)).status).toBe(204);
    for (const { key } of [child, grandchild]) await eventually(() => status(key), (now) => now === 401, heardMs);
  });

  it('cannot grant what their maker lacks, by any spelling', async () => {
    const manager = await makeKey(['keys:manage', 'documents:read']);
    const as = api.as(manager.key);
    for (const permissions of [['*'], ['documents:*'], ['documents:write'], ['documents:read', 'search:query'], ['keys:*']]) {
      expectProblem(await as.post('/api-keys', { name: 'climb', permissions }), 403, 'auth.forbidden');
    }
    for (const permissions of [[], ['everything'], ['**'], ['documents:read:write'], 'documents:read']) {
      expect((await as.post('/api-keys', { name: 'climb', permissions })).status).toBe(400);
    }
    const child = await makeKey(['documents:read'], {}, as);
    expect((await api.call('GET', '/rag/documents', { key: child.key })).status).toBe(200);
  });

  it('created under an Idempotency-Key are the same key again, for its caller alone', async () => {
    const send = (key: string) => api.call('POST', '/api-keys', { key, body: { name: 'once', permissions: ['search:query'] }, headers: { 'idempotency-key': 'key-1' } });
    const [first, again] = [await send(server.ownerKey), await send(server.ownerKey)];
    expect(again.body.key).toBe(first.body.key);
    const other = await makeKey(['*']);
    expect((await send(other.key)).body.key).not.toBe(first.body.key);
    // Tokens of the key are the same caller.
    const owner = (await api.get('/auth/me')).body.id;
    for (const renewed of [await tokenFor(owner, server.ownerKey), await tokenFor(owner, server.ownerKey)]) {
      expect(await send(renewed.body.access_token)).toMatchObject({ status: 201, body: { key: first.body.key } });
    }
  });
});

describe('tenants', () => {
  it('are made by the operator alone, each with a key of its own', async () => {
    const made = await api.post('/tenants', { slug: 'acme', name: 'Acme' });
    expect(made).toMatchObject({ status: 201, body: { slug: 'acme', name: 'Acme', status: 'active', owner_key: expect.any(String) } });
    const acme = api.as(made.body.owner_key);
    expect((await acme.get('/auth/me')).body).toMatchObject({ tenant: 'acme', tenant_id: made.body.id, permissions: ['*'] });
    for (const answer of [await acme.get('/tenants'), await acme.post('/tenants', { slug: 'sub', name: 'Sub' }), await acme.get(`/tenants/${made.body.id}`)]) expectProblem(answer, 403, 'tenants.operator_only');
    expect((await api.get(`/tenants/${made.body.id}`)).body).not.toHaveProperty('owner_key');
    expectProblem(await api.post('/tenants', { slug: 'acme', name: 'Again' }), 409, 'tenants.slug_taken');
    for (const slug of ['Acme', 'a-b', '1a', 'public"; drop schema public', '', 'x'.repeat(41)]) expect((await api.post('/tenants', { slug, name: 'x' })).status).toBe(400);
    // The last key that may do everything stays, also when two of them are ended at once.
    const { id } = (await acme.get('/auth/me')).body;
    expectProblem(await acme.delete(`/api-keys/${id}`), 409, 'keys.last_owner');
    expectProblem(await acme.call('PATCH', `/api-keys/${id}`, { body: { permissions: ['keys:manage'] } }), 409, 'keys.last_owner');
    const issued = await api.post(`/tenants/${made.body.id}/owner-key`);
    expect((await acme.as(issued.body.owner_key).get('/auth/me')).body).toMatchObject({ tenant: 'acme', id: issued.body.id, permissions: ['*'] });
    const owners = [acme, acme.as(issued.body.owner_key)];
    const ended = await Promise.all([owners[0]?.delete(`/api-keys/${id}`), owners[1]?.delete(`/api-keys/${issued.body.id}`)]);
    expect(ended.map((answer) => answer?.status).sort()).toEqual([204, 409]);
    const left = owners[ended.findIndex((answer) => answer?.status === 409)];
    const clerk = api.as((await makeKey(['tenants:manage'])).key);
    expectProblem(await clerk.post(`/tenants/${made.body.id}/owner-key`), 403, 'auth.forbidden');
    expectProblem((await left?.post(`/tenants/${made.body.id}/owner-key`)) as Answer, 403, 'tenants.operator_only');
    expectProblem(await api.post('/tenants/019aa4c5-8a52-7c3e-9f34-0242ac120002/owner-key'), 404, 'tenants.not_found');
    const both = await Promise.all([1, 2, 3].map(() => api.post('/tenants', { slug: 'raced', name: 'Raced' })));
    expect(both.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
  });
});
