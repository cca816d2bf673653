import { afterAll, beforeAll, expect, it } from 'vitest';
import { Api } from '../support/api.js';
import { startServer, type TestServer } from '../support/server.js';

let server: TestServer;
let api: Api;
beforeAll(async () => {
  server = await startServer();
  api = new Api(server.url, server.ownerKey);
});
afterAll(() => server.stop());

it('passes the scenario of the plan as it is written', async () => {
  const ingested = await api.post('/rag/ingest', { text: '测试文档' });
  expect(ingested.status).toBe(201);
  expect(ingested.body).toMatchObject({ doc_id: expect.any(String), status: 'ready', chunk_count: 1, duplicate: false });

  const found = await api.get('/rag/search?query=测试');
  expect(found.status).toBe(200);
  expect(found.body.items[0]).toMatchObject({ doc_id: ingested.body.doc_id, text: '测试文档' });

  const answered = await api.post('/smart-qa/chat', { query: '测试文档说什么?' });
  expect(answered.status).toBe(200);
  expect(answered.body).toMatchObject({ refused: false, citations: [{ doc_id: ingested.body.doc_id, quote: '测试文档' }], conversation_id: expect.any(String) });

  const overview = await api.get('/analytics/overview');
  expect(overview.status).toBe(200);
  expect(overview.body.total_requests).toBeGreaterThanOrEqual(4);
});

it('leads from / to the documentation and serves what it documents', async () => {
  const root = await api.call('GET', '/', { key: null });
  expect([301, 302, 307]).toContain(root.status);
  expect(root.headers.get('location')).toBe('/docs');
  const docs = await api.call('GET', '/docs', { key: null });
  expect(docs.status).toBe(200);
  expect(docs.headers.get('content-type')).toContain('text/html');
  const openapi = await api.call('GET', '/openapi.json', { key: null });
  expect(openapi.body.openapi).toMatch(/^3\./);
});
