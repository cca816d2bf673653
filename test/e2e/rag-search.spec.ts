import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Api, type Json } from '../support/api.js';
import { startServer, type TestServer } from '../support/server.js';

let server: TestServer;
let api: Api;
const ids: Record<string, string> = {};
const texts: Record<string, { text: string; metadata: object; collection?: string }> = {
  cache: { text: 'The cache hit rate must stay above seventy percent on every node.', metadata: { department: 'it', year: 2024, tags: ['ops', 'cache'] } },
  lease: { text: 'The lease of the warehouse ends in March and is renewed by the landlord.', metadata: { department: 'finance', year: 2023, draft: true } },
  vacation: { text: '员工每年享有十五天带薪年假，需提前两周申请。', metadata: { department: 'hr', year: 2024 } },
  traditional: { text: '資料庫每天凌晨備份一次，備份檔案保留三十天。', metadata: { department: 'it', year: 2025, owner: { name: 'Lin' } } },
  bees: { text: 'Honeybees dance to show where the flowers are.', metadata: { year: 2020 }, collection: 'nature' },
};

beforeAll(async () => {
  server = await startServer();
  api = new Api(server.url, server.ownerKey);
  await api.post('/rag/collections', { name: 'nature' });
  for (const [name, body] of Object.entries(texts)) ids[name] = (await api.ingest(body.text, body)).doc_id;
});
afterAll(() => server.stop());

const namesOf = (items: Json[]) => items.map((item) => Object.keys(ids).find((name) => ids[name] === item.doc_id));
const filtered = async (filter: object) => namesOf(await api.search('the is 备份 年假 dance cache lease every', { filter, top_k: 50 })).sort();

describe('modes', () => {
  it.each(['hybrid', 'vector', 'keyword'])('%s finds the passage with its place, score and highlights', async (mode) => {
    const { body, headers } = await api.get('/rag/search', { query: 'cache hit rate', mode, top_k: 3 });
    expect(body.mode).toBe(mode);
    expect(body.took_ms).toBeGreaterThanOrEqual(0);
    const [best] = body.items;
    expect(best).toMatchObject({ doc_id: ids.cache, text: texts.cache?.text, start: 0, end: texts.cache?.text.length, page: null, metadata: { department: 'it' } });
    expect(best.score).toBeGreaterThan(0);
    const scores = body.items.map((item: Json) => item.score);
    expect(scores).toEqual([...scores].sort((a, b) => b - a));
    const [highlight] = best.highlights;
    expect(highlight.ranges.map(([start, end]: [number, number]) => highlight.text.slice(start, end))).toEqual(expect.arrayContaining(['cache', 'hit', 'rate']));
    expect(headers.get('x-cache')).toMatch(/^(HIT|MISS)$/);
  });

  it('answer the same over GET, POST and batch', async () => {
    const get = await api.get('/rag/search', { query: 'warehouse lease', filter: JSON.stringify({ year: { lt: 2024 } }) });
    const post = await api.post('/rag/search', { query: 'warehouse lease', filter: { year: { lt: 2024 } } });
    const batch = await api.post('/rag/search/batch', { queries: [{ query: 'honeybees' }, { query: 'warehouse lease', filter: { year: { lt: 2024 } } }] });
    expect(get.body.items.length).toBeGreaterThan(0);
    expect(post.body.items).toEqual(get.body.items);
    expect(batch.body.results[1].items).toEqual(get.body.items);
    expect(batch.body.results[0].items[0].doc_id).toBe(ids.bees);
  });

  it('of a batch that fail leave the others alone', async () => {
    const wrong = [{ query: 'x', collection: 'atlantis' }, { query: 'x', filter: { year: { near: 1 } } }, { query: 'x', min_seq: 1_000_000 }];
    const { status, body } = await api.post('/rag/search/batch', { queries: [{ query: 'honeybees' }, ...wrong, { query: 'warehouse lease' }] });
    expect(status).toBe(207);
    expect(body.results.map((result: Json) => result.error?.code ?? namesOf(result.items)[0])).toEqual(['bees', 'rag.collection_not_found', 'rag.invalid_filter', 'search.seq_ahead', 'lease']);
    expect(body.results[1].error).toMatchObject({ status: 404, trace_id: expect.any(String) });
  });

  it('find traditional by simplified, simplified by traditional, and words inside a Chinese sentence', async () => {
    expect((await api.search('数据库备份'))[0].doc_id).toBe(ids.traditional);
    expect((await api.search('资料库备份保留多久', { mode: 'keyword' }))[0].doc_id).toBe(ids.traditional);
    expect((await api.search('帶薪年假', { mode: 'keyword' }))[0].doc_id).toBe(ids.vacation);
    expect((await api.search('年假'))[0].doc_id).toBe(ids.vacation);
  });

  it('find by the stem in English', async () => {
    expect((await api.search('dancing honeybee', { mode: 'keyword' }))[0].doc_id).toBe(ids.bees);
    expect((await api.search('renewing leases', { mode: 'keyword' }))[0].doc_id).toBe(ids.lease);
  });

  it('give nothing for words that no document has, and for punctuation', async () => {
    expect(await api.search('xylophonist', { mode: 'keyword' })).toEqual([]);
    for (const mode of ['hybrid', 'vector', 'keyword']) expect(Array.isArray(await api.search('?!…', { mode }))).toBe(true);
  });
});

describe('filters', () => {
  it.each<[string, object, string[]]>([
    ['equality', { department: 'it' }, ['cache', 'traditional']],
    ['a range', { year: { gte: 2024, lt: 2025 } }, ['cache', 'vacation']],
    ['one of', { department: { in: ['hr', 'finance'] } }, ['lease', 'vacation']],
    ['not equal includes absent', { department: { ne: 'it' } }, ['bees', 'lease', 'vacation']],
    ['existence', { draft: { exists: true } }, ['lease']],
    ['absence', { department: { exists: false } }, ['bees']],
    ['a member of a list', { tags: { contains: 'ops' } }, ['cache']],
    ['a nested field', { 'owner.name': 'Lin' }, ['traditional']],
    ['a truth value', { draft: true }, ['lease']],
    ['or', { or: [{ department: 'hr' }, { year: 2020 }] }, ['bees', 'vacation']],
    ['not', { not: { department: 'it' } }, ['bees', 'lease', 'vacation']],
    ['and within or', { or: [{ and: [{ department: 'it' }, { year: 2025 }] }, { draft: true }] }, ['lease', 'traditional']],
    ['nothing', {}, ['bees', 'cache', 'lease', 'traditional', 'vacation']],
    ['what nobody has', { department: 'moon' }, []],
  ])('by %s', async (_name, filter, expected) => {
    expect(await filtered(filter)).toEqual(expected);
  });

  it.each<[string, unknown]>([
    ['an unknown condition', { year: { near: 2024 } }],
    ['no condition', { year: {} }],
    ['a list as value', { year: [2024] }],
    ['an empty or', { or: [] }],
    ['or without a list', { or: { year: 1 } }],
    ['a range over truth values', { year: { gt: true } }],
    ['one of nothing', { year: { in: [] } }],
    ['too deep', { not: { not: { not: { not: { not: { not: { a: 1 } } } } } } }],
    ['a list', [{ a: 1 }]],
    ['a text', 'year=2024'],
    ['too many', { or: Array.from({ length: 60 }, (_, n) => ({ [`f${n}`]: n })) }],
    ['an empty group', { and: [{ department: 'it' }, {}] }],
    ['nothing denied', { not: {} }],
    ['groups without end', { and: Array.from({ length: 30_000 }, () => ({})) }],
    ['longer than 16,384 characters', { department: 'a'.repeat(17_000) }],
    ['a NUL character', { department: 'a\u0000b' }],
    ['a NUL in a name', { 'a\u0000b': 1 }],
  ])('that are wrong are refused with the reason: %s', async (_name, filter) => {
    const { status, body } = await api.post('/rag/search', { query: 'cache', filter });
    expect(status, JSON.stringify(body)).toBe(400);
    expect(body.errors[0].path).toMatch(/^filter/);
    expect((await api.get('/rag/search', { query: 'cache', filter: '{not json' })).body.errors[0].path).toBe('filter');
  });

  it('have a body of a search’s size', async () => {
    expect(await api.post('/rag/search', { query: 'x', filter: { and: Array.from({ length: 100_000 }, () => ({})) } })).toMatchObject({ status: 413, body: { code: 'http.too_large' } });
    expect((await api.post('/rag/search', { query: '缓'.repeat(2000), filter: { department: '年'.repeat(16_000) } })).status).toBe(200);
  });

  it('hold values that look like SQL', async () => {
    expect(await filtered({ "x') OR ('1'='1": 'y' })).toEqual([]);
    expect(await filtered({ department: "it' OR '1'='1" })).toEqual([]);
  });

  it('by collection, by its name and by its id; an unknown one is named', async () => {
    const { items } = (await api.get('/rag/collections')).body;
    const nature = items.find(({ name }: Json) => name === 'nature');
    expect(namesOf(await api.search('the flowers dance', { collection: 'nature' }))).toEqual(['bees']);
    expect(namesOf(await api.search('the flowers dance', { collection: nature.id }))).toEqual(['bees']);
    expect(namesOf(await api.search('honeybees', { collection: 'default', mode: 'keyword' }))).toEqual([]);
    const both = namesOf(await api.search('the is dance cache lease every', { collections: ['nature', 'default'], filter: { year: { lt: 2024 } }, top_k: 50 }));
    expect(both.sort()).toEqual(['bees', 'lease']);
    expect(namesOf(await api.search('the flowers dance', { collections: [nature.id] }))).toEqual(['bees']);
    for (const wrong of [{ collections: [] }, { collections: ['nature'], collection: 'default' }]) {
      expect((await api.post('/rag/search', { query: 'x', ...wrong })).body.errors?.[0].path, JSON.stringify(wrong)).toBe('collections');
    }
    const unknown = await api.post('/rag/search', { query: 'x', collection: 'atlantis' });
    expect(unknown).toMatchObject({ status: 404, body: { code: 'rag.collection_not_found' } });
  });
});

describe('remembered results', () => {
  const ask = () => api.get('/rag/search', { query: 'remembered flamingo', mode: 'keyword' });
  const cacheOf = (answer: Json) => answer.headers.get('x-cache');

  it('are used until a document changes what they were computed from', async () => {
    const first = await ask();
    const second = await ask();
    expect([cacheOf(first), cacheOf(second)]).toEqual(['MISS', 'HIT']);
    expect(second.body.items).toEqual(first.body.items);
    const { doc_id } = await api.ingest('A flamingo is remembered by all who saw it.');
    const third = await ask();
    expect(cacheOf(third)).toBe('MISS');
    expect(third.body.items[0].doc_id).toBe(doc_id);
    await api.delete(`/rag/documents/${doc_id}`);
    const fourth = await ask();
    expect(cacheOf(fourth)).toBe('MISS');
    expect(fourth.body.items).toEqual([]);
  });

  it('are answered from a position of the log that exists, and none that does not', async () => {
    const { seq } = (await api.get('/rag/stats')).body.index;
    expect((await api.get('/rag/search', { query: 'cache', min_seq: seq })).status).toBe(200);
    expect(await api.get('/rag/search', { query: 'cache', min_seq: seq + 1_000 })).toMatchObject({ status: 400, body: { code: 'search.seq_ahead' } });
  });
});
