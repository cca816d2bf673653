import { afterAll, beforeAll, expect, it } from 'vitest';
import { Api, eventually, type Json } from '../support/api.js';
import { startServer, type TestServer } from '../support/server.js';

let server: TestServer;
let api: Api;
beforeAll(async () => {
  server = await startServer();
  api = new Api(server.url, server.ownerKey);
});
afterAll(() => server.stop());

it('creates, shows, changes and deletes a collection', async () => {
  const created = await api.post('/rag/collections', { name: 'handbook', description: 'For everybody', chunking: { max_tokens: 64, overlap_tokens: 8 } });
  expect(created).toMatchObject({ status: 201, body: { name: 'handbook', description: 'For everybody', chunking: { max_tokens: 64, overlap_tokens: 8, min_tokens: 64 }, document_count: 0 } });
  const path = `/rag/collections/${created.body.id}`;
  expect((await api.get(path)).body).toEqual(created.body);
  const changed = await api.call('PATCH', path, { body: { name: 'manual', description: null } });
  expect(changed).toMatchObject({ status: 200, body: { name: 'manual', description: null, chunking: { max_tokens: 64 } } });
  expect((await api.get('/rag/collections')).body.items.map(({ name }: Json) => name)).toContain('manual');
  expect((await api.delete(path)).status).toBe(204);
  for (const answer of [await api.get(path), await api.delete(path), await api.call('PATCH', path, { body: { name: 'x' } })]) {
    expect(answer).toMatchObject({ status: 404, body: { code: 'rag.collection_not_found' } });
  }
});

it('cuts documents by the settings of their collection', async () => {
  const text = Array.from({ length: 60 }, (_, n) => `Sentence number ${n} tells of the long road to the harbour.`).join(' ');
  await api.post('/rag/collections', { name: 'fine', chunking: { max_tokens: 40, overlap_tokens: 0, min_tokens: 0 } });
  await api.post('/rag/collections', { name: 'coarse', chunking: { max_tokens: 2000 } });
  const [fine, coarse] = [await api.ingest(text, { collection: 'fine' }), await api.ingest(text, { collection: 'coarse' })];
  expect(fine.doc_id).not.toBe(coarse.doc_id);
  expect(fine.duplicate || coarse.duplicate).toBe(false);
  expect(coarse.chunk_count).toBe(1);
  expect(fine.chunk_count).toBeGreaterThan(10);
  const { items } = (await api.get(`/rag/documents/${fine.doc_id}/chunks`, { page_size: 200 })).body;
  for (const { token_count } of items) expect(token_count).toBeLessThanOrEqual(40);
});

const settings = [
  { max_tokens: 32 }, { max_tokens: 64 }, { max_tokens: 127 }, { max_tokens: 2048, overlap_tokens: 512, min_tokens: 512 }, { overlap_tokens: 160 }, { overlap_tokens: 200 }, { min_tokens: 320 }, { min_tokens: 400 },
  { max_tokens: 32, overlap_tokens: 16, min_tokens: 32 }, { max_tokens: 33, overlap_tokens: 17 }, { max_tokens: 100, min_tokens: 101 },
];
it('takes only settings by which texts and files can be cut, and names the fault of others', async () => {
  const outcomes = await Promise.all(settings.map(async (chunking, index) => {
    const name = `settings-${index}`;
    const { status, body } = await api.post('/rag/collections', { name, chunking });
    if (status !== 201) return [status, body.errors.map(({ path, message }: Json) => `${path} ${message}`)];
    expect(body.chunking).toMatchObject(chunking);
    const text = await api.post('/rag/ingest', { text: 'One sentence stands here.', collection: name });
    const file = await api.upload([{ name: 'a.txt', content: 'Another sentence stands there.' }], { collection: name, wait: 'true' });
    return [status, text.status, file.body.items[0].status];
  }));
  const [fine, wrong] = [[201, 201, 'ready'], (path: string, most: number, tokens: number) => [400, [`chunking.${path} must be at most ${most} with chunks of ${tokens} tokens`]]];
  expect(outcomes).toEqual([fine, fine, fine, fine, fine, wrong('overlap_tokens', 160, 320), fine, wrong('min_tokens', 320, 320), fine, wrong('overlap_tokens', 16, 33), wrong('min_tokens', 100, 100)]);
});

it('refuses a taken name, wrong settings, and to delete what holds documents', async () => {
  const { body } = await api.post('/rag/collections', { name: 'taken' });
  expect(await api.post('/rag/collections', { name: 'taken' })).toMatchObject({ status: 409, body: { code: 'rag.collection_exists' } });
  const other = (await api.post('/rag/collections', { name: 'other' })).body;
  expect(await api.call('PATCH', `/rag/collections/${other.id}`, { body: { name: 'taken' } })).toMatchObject({ status: 409 });
  for (const wrong of [{ name: '' }, { name: 'a/b' }, { name: 'x', chunking: { max_tokens: 1 } }, { name: 'x', chunking: { max_tokens: 40, overlap_tokens: 40 } }, { name: 'x', unknown: 1 }]) {
    expect((await api.post('/rag/collections', wrong)).status, JSON.stringify(wrong)).toBe(400);
  }
  await api.ingest('Something is in here.', { collection: 'taken' });
  expect((await api.get(`/rag/collections/${body.id}`)).body.document_count).toBe(1);
  expect(await api.delete(`/rag/collections/${body.id}`)).toMatchObject({ status: 409, body: { code: 'rag.collection_not_empty' } });
});

it('keeps the default collection by its name', async () => {
  await api.ingest('Goes to the default collection.');
  const found = (await api.get('/rag/collections')).body.items.find(({ name }: Json) => name === 'default');
  expect(await api.call('PATCH', `/rag/collections/${found.id}`, { body: { name: 'renamed' } })).toMatchObject({ status: 409, body: { code: 'rag.default_collection' } });
});

it('follows a rename at once: documents go by the new name and the old one is unknown', async () => {
  const { body } = await api.post('/rag/collections', { name: 'before' });
  await api.ingest('A page of the book.', { collection: 'before' });
  await api.call('PATCH', `/rag/collections/${body.id}`, { body: { name: 'after' } });
  expect((await api.ingest('Another page of the book.', { collection: 'after' })).status).toBe('ready');
  expect((await api.get(`/rag/collections/${body.id}`)).body.document_count).toBe(2);
  expect((await api.post('/rag/ingest', { text: 'A third page.', collection: 'before' })).status).toBe(404);
  expect((await api.get('/rag/documents', { collection: body.id })).body.total).toBe(2);
});

it('searches the collection that has the name now, remembered results or not', async () => {
  const [live, staging] = [(await api.post('/rag/collections', { name: 'live' })).body, (await api.post('/rag/collections', { name: 'staging' })).body];
  await api.ingest('The old tariff is twelve crowns.', { collection: 'live' });
  await api.ingest('The new tariff is fourteen crowns.', { collection: 'staging' });
  const ask = (headers = {}) => api.call('GET', '/rag/search', { query: { query: 'tariff crowns', collection: 'live' }, headers });
  const before = await ask();
  expect(before.body.items.map(({ text }: Json) => text)).toEqual(['The old tariff is twelve crowns.']);
  await api.call('PATCH', `/rag/collections/${live.id}`, { body: { name: 'retired' } });
  await api.call('PATCH', `/rag/collections/${staging.id}`, { body: { name: 'live' } });
  const after = await ask({ 'if-none-match': before.headers.get('etag') ?? '' });
  expect(after.status).toBe(200);
  expect(after.body.items.map(({ text }: Json) => text)).toEqual(['The new tariff is fourteen crowns.']);
});

it('knows nothing of an empty collection that was deleted, even if it was just searched', async () => {
  const { body } = await api.post('/rag/collections', { name: 'short-lived' });
  const ask = () => api.get('/rag/search', { query: 'tariff', collection: 'short-lived' });
  expect((await ask()).status).toBe(200);
  await api.delete(`/rag/collections/${body.id}`);
  expect((await ask()).status).toBe(404);
});

it('processes its documents anew with changed settings: other chunks, the same ids, found all the while', async () => {
  const { body } = await api.post('/rag/collections', { name: 'recut', chunking: { max_tokens: 2000 } });
  expect(body).toMatchObject({ embedding: { model: 'lexical', dimensions: 1024 }, reprocessing: 0 });
  const path = `/rag/collections/${body.id}`;
  const text = Array.from({ length: 60 }, (_, n) => `Paragraph ${n} of the quay rules names bollard${n}.`).join(' ');
  const typed = (await api.ingest(text, { collection: 'recut' })).doc_id;
  const [{ doc_id: filed }] = (await api.upload([{ name: 'quay.txt', content: `${text} It ends here.` }], { collection: 'recut', wait: 'true' })).body.items;
  const chunksOf = async (id: string) => (await api.get(`/rag/documents/${id}/chunks`, { page_size: 200 })).body.items;
  const before = await Promise.all([typed, filed].map(async (id) => (await api.get(`/rag/documents/${id}`)).body));
  expect(before.map(({ chunk_count }) => chunk_count)).toEqual([1, 1]);
  await api.call('PATCH', path, { body: { chunking: { max_tokens: 40, overlap_tokens: 0, min_tokens: 0 } } });
  const asked = await api.post(`${path}/reprocess`);
  expect(asked).toMatchObject({ status: 202, body: { queued: 2 } });
  await eventually(async () => {
    expect((await api.search('bollard17', { collection: 'recut' })).length).toBeGreaterThan(0);
    const now = (await api.get(path)).body;
    expect(now.document_count).toBe(2);
    expect((await api.get('/rag/documents', { collection: 'recut' })).body.total).toBe(2);
    return now.reprocessing;
  }, (left) => left === 0);
  for (const [at, id] of [typed, filed].entries()) {
    const after = (await api.get(`/rag/documents/${id}`)).body;
    expect(after).toMatchObject({ title: before[at].title, status: 'ready', created_at: before[at].created_at });
    expect(after.chunk_count).toBeGreaterThan(10);
    const { content } = (await api.get(`/rag/documents/${id}/content`)).body;
    for (const chunk of await chunksOf(id)) expect(content.slice(chunk.start, chunk.end)).toBe(chunk.text);
  }
  const found = await api.search('bollard17', { collection: 'recut', mode: 'vector', top_k: 2 });
  expect(new Set(found.map(({ doc_id }) => doc_id))).toEqual(new Set([typed, filed]));
  expect(found.every((item) => item.text.includes('bollard17'))).toBe(true);
  await api.delete(`/rag/documents/${filed}`);
  expect((await api.post('/rag/collections/019aa4c5-8a52-7c3e-9f34-0242ac120002/reprocess')).status).toBe(404);
});
