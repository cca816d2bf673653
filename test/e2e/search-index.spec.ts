import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Api, eventually, type Json } from '../support/api.js';
import { startServer, type TestServer } from '../support/server.js';

const ownerKey = 'owner-key-of-the-index-tests';
let server: TestServer;
let api: Api;

beforeAll(async () => {
  server = await startServer({ env: { AI_STACK_OWNER_KEY: ownerKey } });
  api = new Api(server.url, ownerKey);
});
afterAll(() => server.stop());

describe('the index of a process', () => {
  it('that cannot be opened does not fail what is committed, and serves it when it can', async () => {
    const folder = join(server.dataDirectory, 'processes', '0', 'index');
    mkdirSync(dirname(folder), { recursive: true });
    writeFileSync(folder, 'in the way');
    const { doc_id, seq } = await api.ingest('The lapwing calls over the wet meadow.');
    expect(seq).toBeGreaterThan(0);
    expect((await api.delete(`/rag/documents/${(await api.ingest('The snipe hides in the reeds.')).doc_id}`)).status).toBe(204);
    expect((await api.get('/rag/search', { query: 'lapwing' })).status).toBeGreaterThanOrEqual(500);
    expect((await api.get('/health/ready')).body.details.index).toMatchObject({ status: 'up', failing_replicas: 0 });
    rmSync(folder);
    expect((await api.search('lapwing', { min_seq: seq })).map((item) => item.doc_id)).toEqual([doc_id]);
    expect(await api.search('snipe', { mode: 'keyword' })).toEqual([]);
  });

  it('answers nothing from before the database was set back, though the same seq is given to other changes', async () => {
    await api.ingest('The plover waits on the beach.');
    const lost = await api.ingest('The heron of yesterday stands in the river.', { metadata: { sort: 'wader' } });
    const ask = () => api.post('/rag/search', { query: 'heron', mode: 'keyword', filter: { sort: 'wader' } });
    const found = async () => (await ask()).body.items.map((item: Json) => item.doc_id);
    expect([await found(), await found()]).toEqual([[lost.doc_id], [lost.doc_id]]);
    const client = new pg.Client(server.databaseUrl);
    await client.connect();
    try {
      await client.query('DELETE FROM tenant_default.index_log WHERE seq >= $1', [lost.seq]);
      await client.query('DELETE FROM tenant_default.documents WHERE id = $1', [lost.doc_id]);
      for (const [table, column] of [['index_log', 'seq'], ['documents', 'key'], ['chunks', 'key']]) {
        await client.query(`SELECT setval(pg_get_serial_sequence('tenant_default.${table}', '${column}'), (SELECT max(${column}) FROM tenant_default.${table}))`);
      }
      const other = await api.ingest('The heron of today flies over the river.', { metadata: { sort: 'wader' } });
      expect(other.seq).toBe(lost.seq);
      // A restore breaks the connections; whoever comes back compares its place with the log's.
      await client.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'ai-stack events' AND datname = current_database()`);
      await eventually(found, (ids) => ids.join() === other.doc_id, 30_000);
    } finally {
      await client.end();
    }
  });
});
