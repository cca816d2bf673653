import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Api, eventually, type Json } from '../support/api.js';
import { startEmbeddingServer, type EmbeddingServer } from '../support/embedding-server.js';
import { startServer, type TestServer } from '../support/server.js';
import type { ServerProcess } from '../support/server-process.js';

const count = 150;
const text = (n: number) => `Buoy number${n} of the northern channel was painted in colour${n}.`;
const textsOf = (answer: Json) => answer.body.items.map((item: Json) => item.text);
const env = (model: EmbeddingServer, name: string) => ({ EMBEDDING_BASE_URL: model.url, EMBEDDING_MODEL: name });
const stats = async (api: Api) => (await api.get('/rag/stats')).body;
const vectorSearch = (api: Api, query: string) => api.post('/rag/search', { query, mode: 'vector', top_k: 3 });

/** One installation, whose embedding is changed again and again; each step starts where the one before ended. */
describe('a change of the embedding model', () => {
  let server: TestServer;
  let running: ServerProcess;
  let one: EmbeddingServer;
  let two: EmbeddingServer;
  let documents: string[];
  const apiOf = (process: ServerProcess) => new Api(process.url, server.ownerKey);

  beforeAll(async () => {
    [one, two] = [await startEmbeddingServer(64), await startEmbeddingServer(96)];
    running = server = await startServer();
    const api = apiOf(server);
    documents = [];
    for (let n = 0; n < count; n += 1) documents.push((await api.ingest(text(n))).doc_id);
  });
  beforeEach(() => [one, two].forEach((model) => model.behave({})));
  afterAll(async () => {
    await server.stop();
    await Promise.all([one.stop(), two.stop()]);
  });

  it('serves hybrid search from the old vectors while the new endpoint fails, says so, and switches when all are made', async () => {
    await server.kill();
    one.behave({ down: true });
    running = await server.restart({ env: { ...env(one, 'first'), EMBEDDING_DIMENSIONS: '64' } });
    const api = apiOf(running);
    const stuck = await eventually(() => stats(api), (body) => body.reembedding?.error !== null && body.reembedding?.error !== undefined);
    expect(stuck).toMatchObject({ embedding_model: expect.stringContaining('lexical@'), vectors: count, reembedding: { to: 'first@openai/64', done: 0, total: count } });
    expect(stuck.reembedding.retry_at).toMatch(/^\d{4}-/);
    for (const mode of ['hybrid', 'vector']) {
      expect((await api.post('/rag/search', { query: 'number77 colour77', mode, top_k: 3 })).body).toMatchObject({ mode, items: [{ doc_id: documents[77] }, {}, {}] });
    }
    one.behave({});
    const done = await eventually(() => stats(api), (body) => body.embedding_model === 'first@openai/64');
    expect(done).toMatchObject({ chunks: count, vectors: count, documents: count, reembedding: null });
    expect(textsOf(await vectorSearch(api, 'buoy number77 painted in colour77'))[0]).toBe(text(77));
    expect(one.batches.flat()).toContain(text(3));
  });

  it('goes on after a kill where it stood, and is followed by a process that was started before it', async () => {
    const [beside, before] = [running, one.batches.length];
    two.behave({ slow: 1_000 });
    const killed = await server.restart({ env: env(two, 'second') });
    const part = await eventually(() => stats(apiOf(killed)), (body) => body.reembedding?.done > 0);
    await killed.kill();
    expect(part).toMatchObject({ embedding_model: 'first@openai/64', reembedding: { to: 'second@openai/96', error: null } });
    two.behave({});
    running = await server.restart({ env: env(two, 'second') });
    const done = await eventually(() => stats(apiOf(running)), (body) => body.embedding_model === 'second@openai/96');
    expect(done).toMatchObject({ chunks: count, vectors: count, reembedding: null });
    // What was under way at the kill is asked for twice, no more; the old model for nothing.
    expect(two.batches.flat().filter((sent) => sent.startsWith('Buoy')).length).toBeLessThanOrEqual(count + 64);
    expect(one.batches.length).toBe(before);
    const followed = await eventually(() => stats(apiOf(beside)), (body) => body.embedding_model === 'second@openai/96');
    expect(followed.vectors).toBe(count);
    await beside.stop();
  });

  it('takes documents in meanwhile, and leaves texts that the model refuses to the words', async () => {
    await running.stop();
    two.behave({ slow: 1_000, refuses: 'number100' });
    running = await server.restart({ env: env(two, '@cf/third') });
    const api = apiOf(running);
    await eventually(() => stats(api), (body) => body.reembedding !== null);
    const { doc_id } = await api.ingest('The lighthouse keeper feeds the terns in winter.');
    expect((await api.search('lighthouse keeper terns'))[0].doc_id).toBe(doc_id);
    two.behave({ refuses: 'number100' });
    const done = await eventually(() => stats(api), (body) => body.embedding_model === '@cf/third@openai/96');
    expect(done).toMatchObject({ chunks: count + 1, vectors: count });
    expect((await api.search('lighthouse keeper terns', { mode: 'vector', top_k: 1 }))[0].doc_id).toBe(doc_id);
    expect((await api.search('number100 colour100', { mode: 'keyword', top_k: 1 }))[0].doc_id).toBe(documents[100]);
    expect((await api.post('/v1/embeddings', { model: '@cf/third', input: 'tern' })).body).toMatchObject({ model: '@cf/third', data: [{ index: 0 }] });
  });

  it('starts without its endpoint once it has met the model, and refuses to guess before that', async () => {
    await running.stop();
    two.behave({ down: true });
    await expect(server.restart({ env: env(two, 'never met') })).rejects.toThrow(/never met.*set EMBEDDING_DIMENSIONS/s);
    running = await server.restart({ env: env(two, '@cf/third') });
    expect((await stats(apiOf(running))).embedding_model).toBe('@cf/third@openai/96');
  });

  it('goes by words when the old model cannot be asked any more, and back to the built-in embedding', async () => {
    await running.stop();
    running = await server.restart({ env: {} });
    const api = apiOf(running);
    const answer = (await api.post('/rag/search', { query: 'number42 colour42', top_k: 3 })).body;
    expect(answer.items[0].doc_id).toBe(documents[42]);
    await eventually(() => stats(api), (body) => String(body.embedding_model).startsWith('lexical@'));
    expect((await vectorSearch(api, 'number42 colour42')).body.items[0].doc_id).toBe(documents[42]);
  });

  it('keeps no vectors of former embeddings but those of the last hour', async () => {
    const client = new pg.Client({ connectionString: server.databaseUrl });
    await client.connect();
    try {
      const spaces = async () => (await client.query<{ space: string }>('SELECT DISTINCT space FROM tenant_default.chunk_vectors ORDER BY 1')).rows.map(({ space }) => space.replace(/@.*/, ''));
      expect(await spaces()).toContain('second');
      await client.query(`UPDATE tenant_default.index_state SET switched_at = now() - interval '2 hours'`);
      await running.stop();
      running = await server.restart();
      await eventually(spaces, (left) => left.join() === 'lexical');
    } finally {
      await client.end();
    }
  });
});
