import { rmSync } from 'node:fs';
import { basename } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Api, type Json } from '../support/api.js';
import { startServer, type TestServer } from '../support/server.js';
import { storedFiles } from '../support/stored-files.js';

let server: TestServer;
let api: Api;
beforeAll(async () => {
  server = await startServer();
  api = new Api(server.url, server.ownerKey);
});
afterAll(() => server.stop());

const missing = '019aa4c5-8a52-7c3e-9f34-0242ac120002';
const handbook = Array.from({ length: 40 }, (_, part) => `## Section ${part + 1}\n\nRule ${part + 1} of the handbook says that lantern number ${part + 1} hangs in the hall. ${'It is lit every evening by the keeper. '.repeat(8)}`).join('\n\n');

describe('texts', () => {
  it('are stored once, whoever sends them twice', async () => {
    const first = await api.ingest('The lighthouse keeper counts the ships twice a day.');
    const second = await api.ingest('The lighthouse keeper counts the ships twice a day.');
    expect(first).toMatchObject({ status: 'ready', duplicate: false });
    expect(second).toMatchObject({ doc_id: first.doc_id, chunk_count: first.chunk_count, duplicate: true });
    const together = await Promise.all(Array.from({ length: 6 }, () => api.ingest('Six clerks file the same letter at the same moment.')));
    expect(new Set(together.map((receipt) => receipt.doc_id)).size).toBe(1);
    expect(together.filter((receipt) => !receipt.duplicate)).toHaveLength(1);
  });

  it('are called ready when they are, also for the second of two who send a long one at once', async () => {
    const text = `A long report on buoys. ${'The buoy rings in the fog and is heard on the pier. '.repeat(200)}`;
    const receipts = await Promise.all([1, 2, 3].map(async () => {
      const receipt = await api.ingest(text);
      expect((await api.get(`/rag/documents/${receipt.doc_id}`)).body).toMatchObject({ status: 'ready', chunk_count: receipt.chunk_count });
      return receipt;
    }));
    expect(new Set(receipts.map((receipt) => `${receipt.doc_id} ${receipt.chunk_count}`)).size).toBe(1);
    expect(receipts.filter((receipt) => !receipt.duplicate)).toHaveLength(1);
  });

  it('keep title, source and metadata, and take a title from the first line', async () => {
    const { doc_id } = await api.ingest('# Tide tables\n\nHigh water at noon.', { source: 'https://example.com/tides', metadata: { port: 'Brest', year: 2026, nested: { a: [1, null] } } });
    const { body } = await api.get(`/rag/documents/${doc_id}`);
    expect(body).toMatchObject({
      doc_id, title: 'Tide tables', source: 'https://example.com/tides', mime: 'text/markdown', collection: 'default', status: 'ready', error: null, progress: null,
      metadata: { port: 'Brest', year: 2026, nested: { a: [1, null] } }, bytes: Buffer.byteLength('# Tide tables\n\nHigh water at noon.'),
    });
    const titled = await api.ingest('Low water at six.', { title: 'Evening' });
    expect((await api.get(`/rag/documents/${titled.doc_id}`)).body.title).toBe('Evening');
  });

  it.each([
    ['one paragraph', 'Only one sentence stands here.'],
    ['a long handbook', handbook],
    ['Chinese with emoji', `${'第一章 灯塔管理员每天记录船只。🚢👩‍🚀 '.repeat(120)}\n\n${'第二章 潮汐表由港务局发布。'.repeat(200)}`],
    ['Windows line ends', 'First line\r\nSecond line\r\n\r\n\tThird, after a tab\r\n'],
  ])('give chunks whose ranges cut the content exactly: %s', async (_name, text) => {
    const { doc_id, chunk_count } = await api.ingest(text);
    const { content, length } = (await api.get(`/rag/documents/${doc_id}/content`)).body;
    expect(content).toBe(text);
    expect(length).toBe(text.length);
    const chunks = await allChunks(doc_id);
    expect(chunks).toHaveLength(chunk_count);
    expect(chunks.map(({ ordinal }) => ordinal)).toEqual(chunks.map((_chunk, index) => index));
    for (const { start, end, text: part } of chunks) expect(content.slice(start, end)).toBe(part);
    // No letter of the document is outside of all chunks.
    const covered = new Uint8Array(content.length);
    for (const { start, end } of chunks) covered.fill(1, start, end);
    const left = [...content].length === 0 ? '' : Array.from({ length: content.length }, (_, at) => (covered[at] ? '' : content[at])).join('');
    expect(left.replace(/[\s#]/g, '')).toBe('');
  });
});

describe('the list of documents', () => {
  it('filters by collection, status and words, and pages without loss', async () => {
    await api.post('/rag/collections', { name: 'harbour' });
    const ids: string[] = [];
    for (let number = 1; number <= 5; number += 1) ids.push((await api.ingest(`Berth ${number} is free.`, { collection: 'harbour', title: `Berth report ${number}%` })).doc_id);
    const all = (await api.get('/rag/documents', { collection: 'harbour' })).body;
    expect(all.items.map((item: Json) => item.doc_id)).toEqual([...ids].reverse());
    expect(all).toMatchObject({ total: 5, page: 1, page_size: 20 });
    const pages = await Promise.all([1, 2, 3, 4].map((page) => api.get('/rag/documents', { collection: 'harbour', page, page_size: 2 })));
    expect(pages.flatMap(({ body }) => body.items.map((item: Json) => item.doc_id))).toEqual([...ids].reverse());
    expect((await api.get('/rag/documents', { collection: 'harbour', q: 'report 3%' })).body.items).toHaveLength(1);
    expect((await api.get('/rag/documents', { collection: 'harbour', q: 'report _' })).body.items).toHaveLength(0);
    expect((await api.get('/rag/documents', { collection: 'harbour', status: 'failed' })).body.total).toBe(0);
    expect((await api.get('/rag/documents', { status: 'sideways' })).status).toBe(400);
    expect((await api.get('/rag/documents', { page_size: 201 })).status).toBe(400);
    expect((await api.get('/rag/documents', { page: 0 })).status).toBe(400);
  });
});

describe('deleting', () => {
  it('leaves no trace: search, chunks, content, file and counts', async () => {
    await api.post('/rag/collections', { name: 'to-delete' });
    const before = (await api.get('/rag/stats')).body;
    const { body } = await api.upload([{ name: 'quokka.txt', content: 'The quokka smiles at visitors of the island.' }], { wait: 'true', collection: 'to-delete' });
    const id = body.items[0].doc_id;
    expect(body.items[0].status).toBe('ready');
    expect(await api.search('quokka', { mode: 'keyword' })).toHaveLength(1);
    expect((await api.search('quokka'))[0].doc_id).toBe(id);
    expect(filesOnDisk()).toContain(id);
    expect((await api.get('/rag/stats')).body).toMatchObject({ documents: before.documents + 1, index: { documents: before.index.documents + 1 } });

    expect((await api.delete(`/rag/documents/${id}`)).status).toBe(204);

    expect(await api.search('quokka', { mode: 'keyword' })).toHaveLength(0);
    for (const mode of ['hybrid', 'vector']) expect((await api.search('quokka', { mode, top_k: 100 })).map((item) => item.doc_id)).not.toContain(id);
    for (const path of ['', '/chunks', '/content']) expect((await api.get(`/rag/documents/${id}${path}`)).status).toBe(404);
    expect((await api.delete(`/rag/documents/${id}`)).status).toBe(404);
    expect(filesOnDisk()).not.toContain(id);
    const after = (await api.get('/rag/stats')).body;
    expect(after).toMatchObject({ documents: before.documents, chunks: before.chunks, vectors: before.vectors, bytes: before.bytes });
    expect(after.index.documents).toBe(before.index.documents);
    // What was deleted may come again.
    expect((await api.upload([{ name: 'quokka.txt', content: 'The quokka smiles at visitors of the island.' }], { wait: 'true' })).body.items[0]).toMatchObject({ status: 'ready', duplicate: false });
  });

  it('of many answers 207 with a result each when some were not there', async () => {
    const [one, two] = [await api.ingest('A walrus sleeps.'), await api.ingest('A narwhal dives.')];
    const mixed = await api.post('/rag/documents/batch-delete', { items: [one.doc_id, missing, two.doc_id] });
    expect(mixed.status).toBe(207);
    expect(mixed.body).toEqual({
      items: [{ index: 0, doc_id: one.doc_id, status: 'deleted' }, { index: 1, doc_id: missing, status: 'not_found' }, { index: 2, doc_id: two.doc_id, status: 'deleted' }],
      succeeded: 2,
      failed: 1,
    });
    expect(await api.search('walrus narwhal', { mode: 'keyword' })).toHaveLength(0);
    const again = await api.ingest('A walrus sleeps.');
    expect((await api.post('/rag/documents/batch-delete', { items: [again.doc_id] })).status).toBe(200);
    expect((await api.post('/rag/documents/batch-delete', { items: [] })).status).toBe(400);
  });
});

describe('an Idempotency-Key', () => {
  const send = (key: string, body: object) => api.post('/rag/ingest', body, { headers: { 'idempotency-key': key } });

  it('gives the first answer again, and refuses another body', async () => {
    const first = await send('letter-1', { text: 'A letter that is sent once.' });
    const again = await send('letter-1', { text: 'A letter that is sent once.' });
    expect(first.status).toBe(201);
    expect(first.headers.get('idempotency-replayed')).toBeNull();
    expect(again).toMatchObject({ status: 201, body: first.body });
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    const other = await send('letter-1', { text: 'Another letter.' });
    expect(other).toMatchObject({ status: 409, body: { code: 'idempotency.key_reused' } });
    expect((await send('spaces are wrong', { text: 'x' })).status).toBe(400);
  });

  it('does not keep a failure: the corrected request passes', async () => {
    expect((await send('letter-2', { text: 'To a place that is not there.', collection: 'nowhere' })).status).toBe(404);
    expect((await send('letter-2', { text: 'To a place that is there.' })).status).toBe(201);
  });

  it('refuses or repeats while the first is at work, but never does the work twice', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => send('letter-3', { text: 'Eight couriers carry the same letter.' })));
    expect(answers.map(({ status }) => status).every((status) => status === 201 || status === 409)).toBe(true);
    expect(new Set(answers.filter(({ status }) => status === 201).map(({ body }) => JSON.stringify(body))).size).toBe(1);
  });
});

async function allChunks(id: string): Promise<{ ordinal: number; start: number; end: number; text: string }[]> {
  const { items, total } = (await api.get(`/rag/documents/${id}/chunks`, { page_size: 200 })).body;
  expect(items).toHaveLength(total);
  return items;
}

function filesOnDisk(): string[] {
  return storedFiles(server.dataDirectory).map((path) => basename(path));
}

describe('changes', () => {
  const change = (id: string, body: object) => api.call('PATCH', `/rag/documents/${id}`, { body });
  const found = async (scope: object) => (await api.search('the cormorant dries', { mode: 'keyword', ...scope })).map((item: Json) => item.doc_id);

  it('of metadata, source and collection are in searches at once, remembered ones too', async () => {
    await api.post('/rag/collections', { name: 'birds' });
    const { doc_id } = await api.ingest('The cormorant dries its wings on the breakwater.', { metadata: { year: 2025, colour: 'black' }, source: 'log' });
    expect([await found({ filter: { year: 2025 } }), await found({ filter: { year: 2026 } }), await found({ collection: 'birds' })]).toEqual([[doc_id], [], []]);
    const changed = await change(doc_id, { metadata: { year: 2026 }, source: null, collection: 'birds' });
    expect(changed).toMatchObject({ status: 200, body: { metadata: { year: 2026 }, source: null, collection: 'birds', status: 'ready' } });
    expect([await found({ filter: { year: 2025 } }), await found({ filter: { year: 2026 } }), await found({ collection: 'birds' })]).toEqual([[], [doc_id], [doc_id]]);
    expect((await change(doc_id, { source: 'again' })).body).toMatchObject({ metadata: { year: 2026 }, source: 'again', collection: 'birds' });
  });

  it('are refused where the collection has the content already, or is not there', async () => {
    await api.post('/rag/collections', { name: 'copies' });
    const [one, other] = [await api.ingest('One and the same sentence.'), await api.ingest('One and the same sentence.', { collection: 'copies' })];
    expect(await change(one.doc_id, { collection: 'copies' })).toMatchObject({ status: 409, body: { code: 'rag.document_exists' } });
    expect((await api.get(`/rag/documents/${other.doc_id}`)).body.collection).toBe('copies');
    expect(await change(one.doc_id, { collection: 'atlantis' })).toMatchObject({ status: 404, body: { code: 'rag.collection_not_found' } });
    expect(await change(missing, { source: null })).toMatchObject({ status: 404, body: { code: 'rag.document_not_found' } });
    for (const wrong of [{}, { title: 'x' }, { metadata: null }]) expect((await change(one.doc_id, wrong)).status, JSON.stringify(wrong)).toBe(400);
  });
});

describe('originals', () => {
  const original = (id: string, headers: Record<string, string> = {}) => api.open('GET', `/rag/documents/${id}/file`, { headers });

  it('come back byte for byte, as a download of the detected type that no browser runs', async () => {
    const content = Buffer.concat([Buffer.from('<!doctype html><title>Evil</title><p>The heron stands.</p><script>alert(1)</script>'), Buffer.from([0xff, 0x00, 0xfe])]);
    const name = 'Bericht "Größe" 报告\u2028.html';
    const { doc_id } = (await api.upload([{ name, content: content.subarray(0, -3), type: 'image/png' }], { wait: 'true' })).body.items[0];
    const response = await original(doc_id, { 'accept-encoding': 'identity' });
    expect(Buffer.from(await response.arrayBuffer())).toEqual(content.subarray(0, -3));
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'text/html', 'content-length': String(content.length - 3), 'x-content-type-options': 'nosniff', 'content-security-policy': "default-src 'none'; sandbox",
    });
    const disposition = response.headers.get('content-disposition') ?? '';
    expect(disposition).toMatch(/^attachment; filename="Bericht [\w ()-]*\.html"; filename\*=UTF-8''[\w.%()-]+$/);
    expect(decodeURIComponent(disposition.split("''")[1] ?? '')).toContain('Größe');
    const again = await original(doc_id, { 'if-none-match': response.headers.get('etag') ?? '' });
    expect([again.status, await again.text()]).toEqual([304, '']);
    const packed = await original(doc_id, { 'accept-encoding': 'gzip' });
    expect(await packed.text()).toContain('heron');
  });

  it('of texts are the texts', async () => {
    const { doc_id } = await api.ingest('A text about 报告.', { title: 'Bericht' });
    const response = await original(doc_id);
    expect([response.headers.get('content-type'), await response.text()]).toEqual(['text/markdown', 'A text about 报告.']);
    expect(response.headers.get('content-disposition')).toContain('filename="Bericht.md"');
  });

  it('of what cannot be read have no type; a file that is not there is said to be elsewhere', async () => {
    const before = storedFiles(server.dataDirectory);
    const { doc_id, status } = (await api.upload([{ name: 'broken.pdf', content: '%PDF-1.7 and nothing more', type: 'text/html' }], { wait: 'true' })).body.items[0];
    expect([status, (await original(doc_id)).headers.get('content-type')]).toEqual(['failed', 'application/octet-stream']);
    for (const path of storedFiles(server.dataDirectory).filter((one) => !before.includes(one))) rmSync(path);
    expect(await api.get(`/rag/documents/${doc_id}/file`)).toMatchObject({ status: 503, body: { code: 'rag.file_elsewhere' } });
    expect((await original(missing)).status).toBe(404);
  });
});
