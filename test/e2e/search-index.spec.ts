import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Api } from '../support/api.js';
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
});
