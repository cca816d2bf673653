import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Api, type Json } from '../support/api.js';
import { startServer, type TestServer } from '../support/server.js';

let server: TestServer;
let api: Api;
beforeAll(async () => {
  server = await startServer();
  api = new Api(server.url, server.ownerKey);
});
afterAll(() => server.stop());

interface List {
  path: () => string;
  /** Puts something in; it stands in front of newest-first lists, at the end of the others. */
  add: (name: string) => Promise<unknown>;
  /** Takes out what was met already. */
  remove?: (item: Json) => Promise<unknown>;
}

let conversation = '';
const ask = (query: string, more: object = {}) => api.post('/smart-qa/chat', { query, ...more });

const lists: [string, List][] = [
  ['documents', { path: () => '/rag/documents', add: (name) => api.ingest(`The document ${name} is about lanterns.`), remove: ({ doc_id }) => api.delete(`/rag/documents/${doc_id}`) }],
  ['conversations', { path: () => '/conversations', add: (name) => ask(`Who is ${name}?`), remove: ({ id }) => api.delete(`/conversations/${id}`) }],
  [
    'messages',
    {
      path: () => `/conversations/${conversation}/messages`,
      add: async (name) => {
        conversation ||= (await ask('Who was first?')).body.conversation_id;
        await ask(`And who is ${name}?`, { conversation_id: conversation });
      },
    },
  ],
  ['memories', { path: () => '/v1/memories', add: (name) => api.post('/v1/memories', { text: `Knows somebody called ${name}` }), remove: ({ id }) => api.delete(`/v1/memories/${id}`) }],
];

const nameOf = (item: Json): string => item.doc_id ?? item.chunk_id ?? item.id;

/** Follows the cursor to the end; `between` runs after each page. */
async function readAll(path: string, between: (page: Json[]) => Promise<unknown> = async () => undefined): Promise<string[]> {
  const names: string[] = [];
  for (let cursor: string | undefined; ; ) {
    const { status, body } = await api.get(path, { page_size: 2, cursor });
    expect(status, JSON.stringify(body)).toBe(200);
    names.push(...body.items.map(nameOf));
    if (body.next_cursor === null) return names;
    expect(body.items).toHaveLength(2);
    await between(body.items);
    cursor = body.next_cursor;
  }
}

describe.each(lists)('GET a list of %s by its cursor', (_name, { path, add, remove }) => {
  it('meets each once, whatever comes and goes meanwhile', async () => {
    for (const name of ['Ann', 'Bo', 'Cy', 'Dee', 'Eli']) await add(name);
    const before = (await api.get(path(), { page_size: 200 })).body.items.map(nameOf);
    expect(await readAll(path())).toEqual(before);
    let round = 0;
    const met = await readAll(path(), async ([first]) => {
      if (round++ > 1) return;
      await add(`newcomer ${round}`);
      await remove?.(first);
    });
    expect(met.filter((name) => before.includes(name))).toEqual(before);
    expect(new Set(met).size).toBe(met.length);
  });

  it('refuses what is no cursor of it', async () => {
    for (const cursor of ['x', "'", '019aa4c5', '1_2']) {
      const { status, body } = await api.get(path(), { cursor });
      expect([status, body.errors?.[0].path], cursor).toEqual([400, 'cursor']);
    }
  });
});

describe('GET chunks by their cursor', () => {
  it('reads a document to its end', async () => {
    const { doc_id, chunk_count } = await api.ingest(Array.from({ length: 7 }, (_, at) => `## Part ${at}\n\n${`Lantern ${at} hangs in the hall and is lit every evening. `.repeat(12)}`).join('\n\n'));
    const path = `/rag/documents/${doc_id}/chunks`;
    const met = await readAll(path);
    expect(met).toHaveLength(chunk_count);
    expect(met).toEqual((await api.get(path, { page_size: 200 })).body.items.map(nameOf));
    expect((await api.get(path, { cursor: '-1' })).status).toBe(400);
  });
});
