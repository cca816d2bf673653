import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Api, eventually, heardMs, type Answer, type Json } from '../support/api.js';
import { expectProblem } from '../support/problems.js';
import { startServer, type TestServer } from '../support/server.js';
import { listen } from '../support/web-socket.js';

let server: TestServer;
let api: Api;
beforeAll(async () => {
  server = await startServer();
  api = new Api(server.url, server.ownerKey);
});
afterAll(() => server.stop());

const makeKey = async (permissions: string[]): Promise<Json> => (await api.post('/api-keys', { name: 'test', permissions })).body;
const tokenFor = (id: string, secret: string) => api.call('POST', '/auth/token', { key: null, body: { grant_type: 'client_credentials', client_id: id, client_secret: secret } });

describe('tokens', () => {
  it('are issued for a key, as JSON and as form, and carry its permissions', async () => {
    const { id, key } = await makeKey(['search:query', 'documents:read']);
    const json = await tokenFor(id, key);
    expect(json).toMatchObject({ status: 200, body: { token_type: 'Bearer', expires_in: 900 } });
    const form = await api.call('POST', '/auth/token', {
      key: null,
      body: new URLSearchParams({ grant_type: 'client_credentials', client_id: id, client_secret: key }).toString(),
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    expect(form.status, form.text).toBe(200);
    for (const { body } of [json, form]) {
      expect((await api.call('GET', '/rag/search?query=x', { key: body.access_token })).status).toBe(200);
      expect((await api.call('POST', '/rag/ingest', { key: body.access_token, body: { text: 'x' } })).status).toBe(403);
    }
    expect(JSON.parse(Buffer.from(json.body.access_token.split('.')[1], 'base64url').toString())).toMatchObject({ iss: 'ai-stack', sub: id, exp: expect.any(Number) });
  });

  it('are refused when changed, unsigned, or given to a wrong pair', async () => {
    const [one, two] = [await makeKey(['search:query']), await makeKey(['*'])];
    const { access_token: token } = (await tokenFor(one.id, one.key)).body;
    const [header, payload, signature] = token.split('.');
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString());
    const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    for (const forged of [
      `${header}.${encode({ ...claims, sub: two.id })}.${signature}`,
      `${encode({ alg: 'none', typ: 'JWT' })}.${encode({ ...claims, sub: two.id })}.`,
      `${header}.${payload}.${signature.slice(0, -4)}AAAA`,
      `${encode({ alg: 'HS256' })}.${payload}.${signature}`,
    ]) expect((await api.call('GET', '/auth/me', { key: forged })).status).toBe(401);
    expectProblem(await tokenFor(two.id, one.key), 401, 'auth.invalid_client');
    expect((await tokenFor(one.id, `${one.key}x`)).status).toBe(401);
    expect((await api.call('POST', '/auth/token', { key: null, body: { grant_type: 'password', username: 'a', password: 'b' } })).status).toBe(400);
  });

  it('end with the key they were issued for', async () => {
    const { id, key } = await makeKey(['search:query']);
    const { access_token: token } = (await tokenFor(id, key)).body;
    expect((await api.call('GET', '/auth/me', { key: token })).status).toBe(200);
    await api.delete(`/api-keys/${id}`);
    await eventually(() => api.call('GET', '/auth/me', { key: token }), ({ status }) => status === 401, heardMs);
    expect((await tokenFor(id, key)).status).toBe(401);
  });
});

describe('OAuth 2', () => {
  const form = (path: string, fields: Record<string, string>, authorization?: string) =>
    api.call('POST', path, { key: null, body: new URLSearchParams(fields).toString(), headers: { 'content-type': 'application/x-www-form-urlencoded', ...(authorization ? { authorization } : {}) } });
  const basic = (id: string, secret: string) => `Basic ${Buffer.from(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`).toString('base64')}`;
  const grant = { grant_type: 'client_credentials' };

  it('clients name themselves by Basic or in the body, and nothing of it is cached', async () => {
    const { id, key } = await makeKey(['search:query']);
    const answer = await form('/auth/token', grant, basic(id, key));
    expect(answer).toMatchObject({ status: 200, body: { token_type: 'Bearer', scope: 'search:query' } });
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect((await api.call('GET', '/rag/search?query=x', { key: answer.body.access_token })).status).toBe(200);
    const refusals: [Answer, number, string, string][] = [
      [await form('/auth/token', grant, basic(id, `${key}x`)), 401, 'auth.invalid_client', 'invalid_client'],
      [await form('/auth/token', grant, basic('%', key)), 401, 'auth.invalid_client', 'invalid_client'],
      [await form('/auth/token', grant), 401, 'auth.invalid_client', 'invalid_client'],
      [await form('/auth/token', { ...grant, client_secret: key }, basic(id, key)), 400, 'auth.two_credentials', 'invalid_request'],
      [await form('/auth/token', { grant_type: 'password' }, basic(id, key)), 400, 'http.invalid_request', 'unsupported_grant_type'],
      [await form('/auth/token', {}, basic(id, key)), 400, 'http.invalid_request', 'invalid_request'],
      [await form('/auth/token', { ...grant, scope: 'search:query documents:read' }, basic(id, key)), 400, 'auth.invalid_scope', 'invalid_scope'],
    ];
    for (const [refused, status, code, error] of refusals) {
      expectProblem(refused, status, code);
      expect(refused.body.error).toBe(error);
      expect(refused.headers.get('cache-control')).toBe('no-store');
      if (status === 401) expect(refused.headers.get('www-authenticate')).toMatch(/^Basic/);
    }
  });

  it('a token has the scope that was asked for, and never more than the key has by then', async () => {
    const { id, key } = await makeKey(['documents:*', 'search:query']);
    const { body } = await form('/auth/token', { ...grant, scope: 'documents:read documents:write' }, basic(id, key));
    expect(body.scope).toBe('documents:read documents:write');
    const permissions = async () => (await api.call('GET', '/auth/me', { key: body.access_token })).body.permissions;
    expect(await permissions()).toEqual(['documents:read', 'documents:write']);
    expect((await api.call('GET', '/rag/search?query=x', { key: body.access_token })).status).toBe(403);
    await api.call('PATCH', `/api-keys/${id}`, { body: { permissions: ['documents:read', 'search:query'] } });
    await eventually(permissions, (now) => now.join() === 'documents:read', heardMs);
  });

  it('a token is ended by the key that it was issued for, and takes its WebSocket with it', async () => {
    const { id, key } = await makeKey(['dashboard:read', 'analytics:read', 'engines:read', 'documents:read']);
    const [token, other] = [(await tokenFor(id, key)).body.access_token, (await tokenFor(id, key)).body.access_token];
    const listener = await listen(server.url, token);
    const stranger = await makeKey(['search:query']);
    expectProblem(await form('/auth/revoke', { token }, basic(stranger.id, stranger.key)), 400, 'auth.foreign_token');
    expectProblem(await form('/auth/revoke', { token }), 401, 'auth.invalid_client');
    expect((await api.call('GET', '/auth/me', { key: token })).status).toBe(200);
    for (const ended of [token, token, 'no-token', key]) {
      const answer = await form('/auth/revoke', { token: ended, token_type_hint: 'access_token' }, basic(id, key));
      expect(answer).toMatchObject({ status: 200, body: { active: false } });
    }
    await eventually(() => api.call('GET', '/auth/me', { key: token }), ({ status }) => status === 401, heardMs);
    expect((await listener.closed).code).toBe(3000);
    for (const good of [other, key]) expect((await api.call('GET', '/auth/me', { key: good })).status).toBe(200);
  });
});
