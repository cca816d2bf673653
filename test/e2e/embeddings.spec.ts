import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { Api, eventually } from '../support/api.js';
import { startEmbeddingServer, type EmbeddingServer } from '../support/embedding-server.js';
import { startServer, type TestServer } from '../support/server.js';

const dimensions = 1024;
let model: EmbeddingServer;
let server: TestServer;
let api: Api;
beforeAll(async () => {
  model = await startEmbeddingServer(dimensions);
  server = await startServer({ env: { EMBEDDING_BASE_URL: model.url, EMBEDDING_MODEL: 'scripted-embedding', EMBEDDING_DIMENSIONS: String(dimensions) } });
  api = new Api(server.url, server.ownerKey);
});
afterAll(async () => {
  await server.stop();
  await model.stop();
});
beforeEach(() => model.behave({}));

it('embeds chunks and questions with the configured model, which the statistics name', async () => {
  const { doc_id } = await api.ingest('The ferry to the island leaves at nine.');
  expect(model.batches.flat().join(' ')).toContain('The ferry to the island leaves at nine.');
  const items = await api.search('ferry island', { mode: 'vector' });
  expect(items[0]).toMatchObject({ doc_id });
  expect(items[0].vector_score).toBeGreaterThan(0);
  expect((await api.get('/rag/stats')).body).toMatchObject({ embedding_model: `scripted-embedding@openai/${dimensions}`, chunks: 1, vectors: 1 });
});

it('sends many chunks in few requests, each text to its own vector', async () => {
  const from = model.batches.length;
  const text = Array.from({ length: 150 }, (_, n) => `## Part ${n}\n\n${`Signal number${n} means number${n} and again number${n} on the coast. `.repeat(6)}`).join('\n\n');
  const { chunk_count } = await api.ingest(text);
  const sent = model.batches.slice(from);
  expect(sent.flat()).toHaveLength(chunk_count);
  expect(sent.length).toBeLessThanOrEqual(Math.ceil(chunk_count / 8));
  for (const batch of sent) expect(batch.length).toBeLessThanOrEqual(64);
  const stats = (await api.get('/rag/stats')).body;
  expect(stats.vectors).toBe(stats.chunks);
  for (const wanted of ['number3', 'number77', 'number149']) {
    expect((await api.search(wanted, { mode: 'vector', top_k: 3 })).map((item) => item.text).join()).toContain(`${wanted} means`);
  }
});

it('tries again when the endpoint is overloaded for a moment', async () => {
  model.fail(500, 429, 503);
  expect(await api.ingest('The bakery opens at six in spite of trouble.')).toMatchObject({ status: 'ready' });
});

it('answers a text with 503 and no trace while the endpoint is down', async () => {
  model.behave({ down: true });
  const before = (await api.get('/rag/documents')).body.total;
  const answer = await api.post('/rag/ingest', { text: 'This one comes while the model is away.' });
  expect(answer).toMatchObject({ status: 503, body: { code: 'search.embedding_unavailable' } });
  expect(answer.body.detail).toContain('EMBEDDING_BASE_URL');
  expect((await api.get('/rag/documents')).body.total).toBe(before);
  // Words are still found without it.
  expect((await api.search('ferry', { mode: 'keyword' })).length).toBe(1);
  expect((await api.post('/rag/search', { query: 'a question never asked before', mode: 'vector' })).status).toBe(503);
  const ready = await api.call('GET', '/health/ready', { key: null });
  expect(ready).toMatchObject({ status: 200, body: { status: 'degraded', details: { embedding: { status: 'degraded', failed_at: expect.any(String) } } } });
  expect(ready.text).not.toContain(new URL(model.url).host);
  model.behave({});
  await api.search('a question that it answers again');
  await eventually(() => api.get('/health/ready'), ({ body }) => body.details.embedding.status === 'up');
});

it('does not confirm with 304 what was found by words alone once the endpoint is back', async () => {
  await api.ingest('Herring gulls follow the trawlers at dusk.');
  const ask = (headers = {}) => api.call('GET', '/rag/search', { query: { query: 'gulls behind trawlers' }, headers });
  model.behave({ down: true });
  const poor = await ask();
  expect(poor.body.mode).toBe('keyword');
  model.behave({});
  const full = await ask({ 'if-none-match': poor.headers.get('etag') ?? '' });
  expect(full).toMatchObject({ status: 200, body: { mode: 'hybrid' } });
  expect((await ask({ 'if-none-match': full.headers.get('etag') ?? '' })).status).toBe(304);
});

it('keeps an uploaded file queued while the endpoint is down, and finishes it afterwards', async () => {
  model.behave({ down: true });
  const { status, body } = await api.upload([{ name: 'patient.txt', content: 'The patient heron waits until the model is back.' }]);
  expect(status).toBe(202);
  const path = `/rag/documents/${body.items[0].doc_id}`;
  await new Promise((resolve) => setTimeout(resolve, 4_000));
  expect(['queued', 'processing']).toContain((await api.get(path)).body.status);
  model.behave({});
  await eventually(() => api.get(path), (answer) => answer.body.status === 'ready');
  await eventually(() => api.search('patient heron', { mode: 'vector', top_k: 1 }), ([found]) => found?.doc_id === body.items[0].doc_id);
});

it('keeps an upload of the same content as a text whose request fails', async () => {
  let answerNow: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (answerNow = resolve));
  let asked = false;
  model.behave({ hold: () => {
    asked = true;
    return held;
  } });
  const content = 'One clerk types the letter while another one scans it.';
  const typed = api.post('/rag/ingest', { text: content });
  await eventually(() => Promise.resolve(asked), (done) => done);
  const { status, body } = await api.upload([{ name: 'letter.txt', content }]);
  expect(status).toBe(202);
  model.behave({ down: true });
  answerNow();
  expect((await typed).status).toBe(503);
  model.behave({});
  await eventually(() => api.get(`/rag/documents/${body.items[0].doc_id}`), (answer) => answer.body.status === 'ready');
  await eventually(() => api.search('clerk letter', { top_k: 1 }), ([found]) => found?.doc_id === body.items[0].doc_id);
});

it('answers texts while a file is in work, refuses more than it can answer soon, and drops those that nobody waits for', async () => {
  let letGo: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (letGo = resolve));
  model.behave({ hold: (request) => (request.includes('anchor') ? held : undefined) });
  const file = (await api.upload([{ name: 'slow.txt', content: 'The anchor of the file holds.' }])).body.items[0];
  await eventually(() => api.get(`/rag/documents/${file.doc_id}`), ({ body }) => body.progress?.stage === 'parsing');
  expect(await api.ingest('A tug passes while the ship lies still. '.repeat(100))).toMatchObject({ status: 'ready' });

  const leaving = new AbortController();
  const left = api.post('/rag/ingest', { text: 'The anchor of somebody who leaves holds.' }, { signal: leaving.signal }).catch(() => 'left');
  const answers = Array.from({ length: 53 }, (_, n) => api.post('/rag/ingest', { text: `The anchor number ${n} holds.` }));
  const refused = await Promise.race(answers);
  expect(refused).toMatchObject({ status: 503, body: { code: 'rag.ingest_busy' } });
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  leaving.abort();
  expect(await left).toBe('left');
  await eventually(() => api.get('/rag/documents', { q: 'somebody who leaves' }), ({ body }) => body.total === 0);
  letGo();
  const statuses = (await Promise.all(answers)).map(({ status }) => status);
  expect([...new Set(statuses)].sort()).toEqual([201, 503]);
  expect((await api.get('/rag/documents', { q: 'The anchor number' })).body.total).toBe(statuses.filter((status) => status === 201).length);
  await eventually(() => api.get(`/rag/documents/${file.doc_id}`), ({ body }) => body.status === 'ready');
});

it('names the wrong number of dimensions and how to set it', async () => {
  model.behave({ dimensions: dimensions + 1 });
  const answer = await api.post('/rag/ingest', { text: 'A vector of another length.' });
  expect(answer).toMatchObject({ status: 503, body: { code: 'search.embedding_dimensions' } });
  expect(answer.body.detail).toContain(`Set it to ${dimensions + 1}`);
});
