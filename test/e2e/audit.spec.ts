import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Api, type Json } from '../support/api.js';
import { startServer, type TestServer } from '../support/server.js';

let server: TestServer;
let api: Api;
let me: string;
beforeAll(async () => {
  server = await startServer();
  api = new Api(server.url, server.ownerKey);
  me = `api_key:${(await api.get('/auth/me')).body.id}`;
});
afterAll(() => server.stop());

const trail = async (query: Record<string, string | number> = {}, of = api): Promise<Json> => (await of.get('/audit-logs', query)).body;

describe('the audit trail', () => {
  it('tells of keys, tokens, engines, personalities and tenants, the newest first, with who did it', async () => {
    const begin = new Date().toISOString();
    const key = (await api.post('/api-keys', { name: 'reader', permissions: ['search:query'] })).body;
    await api.call('POST', '/auth/token', { key: null, body: { grant_type: 'client_credentials', client_id: key.id, client_secret: key.key } });
    await api.call('POST', '/auth/token', { key: null, body: { grant_type: 'client_credentials', client_id: key.id, client_secret: 'ask_of_somebody_else' } });
    await api.delete(`/api-keys/${key.id}`);
    await api.delete(`/api-keys/${key.id}`);
    await api.post('/v1/engines/switch', { engine: 'extractive' });
    const tenant = (await api.post('/tenants', { slug: 'acme', name: 'Acme Ltd.' })).body;
    const { items, total } = await trail({ from: begin });
    expect(total).toBe(5);
    expect(items.map(({ action, actor, subject }: Json) => [action, actor, subject])).toEqual([
      ['tenants.created', me, 'acme'],
      ['engine.switched', me, 'extractive'],
      ['keys.revoked', me, key.id],
      ['auth.token_issued', `api_key:${key.id}`, key.id],
      ['keys.created', me, key.id],
    ]);
    expect(items[4].detail).toEqual({ name: 'reader', prefix: key.key.slice(0, 12), permissions: ['search:query'], expires_at: null });
    expect(JSON.stringify(items)).not.toContain(key.key);

    // The other tenant sees its own beginning, and neither the trail nor the keys of this one.
    const theirs = await trail({}, api.as(tenant.owner_key));
    expect(theirs.items).toMatchObject([{ action: 'keys.created', actor: 'system:operator', detail: { name: 'owner', permissions: ['*'] } }]);
    expect(await trail({ cursor: items[2].id }, api.as(tenant.owner_key))).toMatchObject({ items: [] });
  });

  it('is narrowed by action, subject, actor and time, and read page by page while it grows', async () => {
    for (const engine of ['chat', 'extractive', 'chat', 'extractive', 'chat']) await api.post('/v1/engines/switch', { engine });
    const all = (await trail({ action: 'engine.switched' })).items;
    expect(all).toHaveLength(6);
    expect((await trail({ action: 'engine.switched', subject: 'chat', actor: me })).total).toBe(3);
    expect((await trail({ actor: 'api_key:nobody' })).items).toEqual([]);
    expect((await trail({ action: 'engine.switched', to: all[1].at, from: all[3].at })).items.map(({ id }: Json) => id)).toEqual([all[2].id, all[3].id]);

    const seen: string[] = [];
    let page = await trail({ action: 'engine.switched', page_size: 2 });
    for (;;) {
      seen.push(...page.items.map(({ id }: Json) => id));
      if (page.next_cursor === null) break;
      await api.post('/v1/engines/switch', { engine: 'extractive' });
      page = await trail({ action: 'engine.switched', page_size: 2, cursor: page.next_cursor });
    }
    expect(seen).toEqual(all.map(({ id }: Json) => id));
    expect((await trail({ action: 'engine.switched', page_size: 3, page: 2 })).items.map(({ subject }: Json) => subject)).toHaveLength(3);
    const wrong: Record<string, string | number>[] = [{ cursor: 'x' }, { from: 'yesterday' }, { page_size: 201 }, { action: '' }];
    for (const query of wrong) expect((await api.get('/audit-logs', query)).status, JSON.stringify(query)).toBe(400);
  });

  it('cannot be rewritten, not even by who owns the table', async () => {
    const client = new pg.Client({ connectionString: server.databaseUrl });
    await client.connect();
    try {
      for (const statement of [`UPDATE audit_log SET actor = 'nobody'`, 'DELETE FROM audit_log', 'TRUNCATE audit_log']) await expect(client.query(statement)).rejects.toThrow(/append-only/);
    } finally {
      await client.end();
    }
  });
});
