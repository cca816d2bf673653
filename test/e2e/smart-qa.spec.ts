import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAiStack, type AiStackClient, type Answer } from '#libs/sdk';
import { Api, eventually, readEvents, type Json } from '../support/api.js';
import { startServer, type TestServer } from '../support/server.js';

const missing = '019aa4c5-8a52-7c3e-9f34-0242ac120002';
const lease = `# Warehouse

The lease of the warehouse in Hamburg ends on 31 March 2027. The rent is 4,200 euros a month. The landlord is Elbe Immobilien.

# Fleet

The company owns twelve delivery vans. Each van is inspected every six months by the workshop in Bremen.`;
const vacation = '员工每年享有十五天带薪年假。年假需提前两周向主管申请。病假需要医院证明。';

let server: TestServer;
let api: Api;
let sdk: AiStackClient;
beforeAll(async () => {
  server = await startServer();
  api = new Api(server.url, server.ownerKey);
  sdk = createAiStack({ baseUrl: server.url, apiKey: server.ownerKey });
  for (const text of [lease, vacation]) await sdk.ingestText({ body: { text }, throwOnError: true });
});
afterAll(() => server.stop());

async function ask(query: string, more: object = {}): Promise<Answer> {
  const { data } = await sdk.askQuestion({ body: { query, ...more }, throwOnError: true });
  return data as Answer;
}

/** Every citation can be looked up, and every number in the answer has one. */
async function expectSound({ answer, citations, quality }: Answer): Promise<void> {
  for (const { doc_id, chunk_id, start, end, quote, score } of citations) {
    const { body } = await api.get(`/rag/documents/${doc_id}/content`);
    expect(body.content.slice(start, end)).toBe(quote);
    expect(quote.length).toBeGreaterThan(0);
    expect(score).toBeGreaterThanOrEqual(0);
    const chunks = (await api.get(`/rag/documents/${doc_id}/chunks`)).body.items;
    const chunk = chunks.find((item: Json) => item.chunk_id === chunk_id);
    expect(chunk.start <= start && end <= chunk.end).toBe(true);
  }
  const markers = new Set([...answer.matchAll(/\[(\d+)\]/g)].map(([, number]) => Number(number)));
  expect([...markers].sort()).toEqual([...new Set(citations.map(({ index }) => index))].sort());
  for (const part of Object.values(quality)) {
    expect(part).toBeGreaterThanOrEqual(0);
    expect(part).toBeLessThanOrEqual(1);
  }
}

describe('an answer without a language model', () => {
  it.each([
    ['When does the lease of the warehouse end?', '31 March 2027'],
    ['How much is the rent of the warehouse?', '4,200 euros'],
    ['How often are the vans inspected?', 'every six months'],
    ['员工每年有几天年假？', '十五天'],
    ['年假要提前多久申请？', '提前两周'],
  ])('quotes what was asked for, exactly: %s', async (query, expected) => {
    const answer = await ask(query);
    expect(answer.refused).toBe(false);
    expect(answer.answer).toContain(expected);
    expect(answer.citations.map(({ quote }) => quote).join(' ')).toContain(expected);
    expect(answer.quality.groundedness).toBeGreaterThan(0.5);
    await expectSound(answer);
  });

  it.each(['Who won the chess championship in 1972?', 'What is the boiling point of tungsten?', '火星上有多少座火山？'])('refuses what the documents do not hold: %s', async (query) => {
    const answer = await ask(query);
    expect(answer).toMatchObject({ refused: true, citations: [] });
    expect(answer.answer.length).toBeGreaterThan(5);
    await expectSound(answer);
  });

  it('refuses in an empty collection, and names one that is not there', async () => {
    await api.post('/rag/collections', { name: 'void' });
    expect(await ask('When does the lease end?', { collection: 'void' })).toMatchObject({ refused: true });
    expect(await api.post('/smart-qa/chat', { query: 'x', collection: 'atlantis' })).toMatchObject({ status: 404, body: { code: 'rag.collection_not_found' } });
    expect(await api.post('/smart-qa/chat', { query: 'x', engine: 'steam' })).toMatchObject({ status: 400, body: { code: 'engine.unknown' } });
    expect(await api.post('/smart-qa/chat', { query: 'x', conversation_id: missing })).toMatchObject({ status: 404, body: { code: 'engine.conversation_not_found' } });
  });

  it('is made from the collections and the metadata that the question names, and from nothing else', async () => {
    for (const name of ['north', 'south']) {
      await api.post('/rag/collections', { name });
      for (const year of [2025, 2026]) await api.ingest(`The lighthouse keeper of ${name} in the year ${year} is called ${name}-${year}.`, { collection: name, metadata: { year } });
    }
    const keepers = async (scope: object) => {
      const { refused, citations } = await ask('Who is the lighthouse keeper in the year?', { top_k: 20, ...scope });
      return refused ? [] : [...new Set(citations.map(({ quote }) => /called (\S+)\./.exec(quote)?.[1]))].sort();
    };
    expect(await keepers({ collections: ['north'], filter: { year: 2026 } })).toEqual(['north-2026']);
    expect((await keepers({ collections: ['north', 'south'], filter: { year: 2025 } })).every((name) => name?.endsWith('2025'))).toBe(true);
    expect(await keepers({ filter: { year: 1999 } })).toEqual([]);
    const faulty = [{ filter: { year: { near: 1 } } }, { filter: 'year' }, { collections: ['north'], collection: 'south' }];
    for (const scope of faulty) expect((await api.post('/smart-qa/chat', { query: 'x', ...scope })).status, JSON.stringify(scope)).toBe(400);
  });

  it('leaves no conversation behind when the question was refused at the door', async () => {
    const before = (await api.get('/conversations')).body.total;
    await api.post('/smart-qa/chat', { query: 'x', collection: 'atlantis' });
    await api.post('/smart-qa/chat', { query: 'x', engine: 'steam' });
    expect((await api.get('/conversations')).body.total).toBe(before);
  });
});

describe('a conversation', () => {
  it('keeps question and answer with its citations, and understands a follow-up', async () => {
    const first = await ask('员工每年有几天年假？');
    const second = await ask('它要提前多久申请？', { conversation_id: first.conversation_id });
    expect(second.conversation_id).toBe(first.conversation_id);
    expect(second.answer).toContain('提前两周');
    const conversation = (await api.get(`/conversations/${first.conversation_id}`)).body;
    expect(conversation).toMatchObject({ title: '员工每年有几天年假？', message_count: 4 });
    const { items, total } = (await api.get(`/conversations/${first.conversation_id}/messages`)).body;
    expect(total).toBe(4);
    expect(items.map(({ role, content }: Json) => [role, content])).toEqual([
      ['user', '员工每年有几天年假？'], ['assistant', first.answer], ['user', '它要提前多久申请？'], ['assistant', second.answer],
    ]);
    expect(items[1]).toMatchObject({ id: first.message_id, metadata: { refused: false, engine: 'chat', quality: first.quality } });
    const { citations, engine_reason, finish_reason, took_ms } = first;
    expect(items[1].metadata).toMatchObject({ citations, engine_reason, finish_reason, took_ms });
    expect(items[3].metadata).toMatchObject({ query: '员工每年 它要提前多久申请？', collections: null, filter: null, top_k: 8, personality: null, mode: 'hybrid', index_seq: expect.any(Number) });
  });

  it('is listed newest first, renamed, deleted with its messages', async () => {
    const [one, two] = [await ask('How many vans are there?'), await ask('Who is the landlord?')];
    const listed = (await api.get('/conversations', { page_size: 2 })).body.items.map((item: Json) => item.id);
    expect(listed).toEqual([two.conversation_id, one.conversation_id]);
    const path = `/conversations/${one.conversation_id}`;
    expect((await api.call('PATCH', path, { body: { title: 'Vans' } })).body.title).toBe('Vans');
    expect((await api.post(`/smart-qa/messages/${one.message_id}/feedback`, { rating: 'up' })).status).toBe(201);
    expect((await api.delete(path)).status).toBe(204);
    for (const answer of [await api.get(path), await api.get(`${path}/messages`), await api.delete(path), await api.post(`/smart-qa/messages/${one.message_id}/feedback`, { rating: 'up' })]) expect(answer.status).toBe(404);
  });

  it('asked and judged twice under one Idempotency-Key, is asked and judged once', async () => {
    const once = (path: string, key: string, body: object) => api.post(path, body, { headers: { 'idempotency-key': key } });
    const before = (await api.get('/conversations')).body.total;
    const ask = () => once('/smart-qa/chat', 'ask-1', { query: 'When does the lease of the warehouse end?' });
    const [first, again] = [await ask(), await ask()];
    expect(again).toMatchObject({ status: 200, body: first.body });
    expect((await api.get('/conversations')).body.total).toBe(before + 1);
    const judge = () => once(`/smart-qa/messages/${first.body.message_id}/feedback`, 'judge-1', { rating: 'up' });
    expect((await judge()).body).toEqual((await judge()).body);
  });

  it('takes feedback on answers, and on answers only', async () => {
    const { message_id, conversation_id } = await ask('Who is the landlord?');
    expect(await api.post(`/smart-qa/messages/${message_id}/feedback`, { rating: 'down', comment: 'Too short.' })).toMatchObject({ status: 201, body: { id: expect.any(String) } });
    const [question] = (await api.get(`/conversations/${conversation_id}/messages`)).body.items;
    expect((await api.post(`/smart-qa/messages/${question.id}/feedback`, { rating: 'up' })).status).toBe(404);
    expect((await api.post(`/smart-qa/messages/${missing}/feedback`, { rating: 'up' })).status).toBe(404);
    expect((await api.post(`/smart-qa/messages/${message_id}/feedback`, { rating: 'sideways' })).status).toBe(400);
  });

  it('is judged with what it was made from, whatever becomes of document and personality', async () => {
    const { doc_id } = await api.ingest('The crane in Rotterdam lifts ninety tonnes.', { title: 'Crane' });
    const personality = (await api.post('/v1/personalities', { name: 'harbour master', system_prompt: 'Speak like a sailor.' })).body.id;
    const answer = await ask('How many tonnes does the crane in Rotterdam lift?', { personality_id: personality });
    const { id } = (await api.post(`/smart-qa/messages/${answer.message_id}/feedback`, { rating: 'down', comment: 'half \ud83d' })).body;
    await api.delete(`/rag/documents/${doc_id}`);
    await api.call('PATCH', `/v1/personalities/${personality}`, { body: { system_prompt: 'Speak like a clerk.' } });
    const later = (await api.post(`/smart-qa/messages/${answer.message_id}/feedback`, { rating: 'down' })).body.id;
    const [unseen, seen] = (await api.get('/smart-qa/feedback', { rating: 'down', page_size: 2 })).body.items;
    const embedding_space = (await api.get('/rag/stats')).body.embedding_model;
    expect(seen).toMatchObject({
      id, message_id: answer.message_id, rating: 'down', comment: 'half \ufffd',
      context: {
        question: 'How many tonnes does the crane in Rotterdam lift?', answer: answer.answer, citations: answer.citations, quality: answer.quality, top_k: 8, collections: null, filter: null,
        embedding_space, version: expect.stringMatching(/^\d+\.\d+\.\d+/), personality: { id: personality, name: 'harbour master', system_prompt: 'Speak like a sailor.' },
      },
    });
    expect(seen.context.retrieved[0]).toMatchObject({ doc_id, title: 'Crane', text: 'The crane in Rotterdam lifts ninety tonnes.', sha256: expect.any(String) });
    expect(unseen).toMatchObject({ id: later, context: { personality: { id: personality, name: 'harbour master' }, retrieved: expect.arrayContaining([expect.objectContaining({ doc_id, text: null })]) } });
    expect(unseen.context.personality.system_prompt).toBeUndefined();
  });

  it('is judged by many: evaluations read it page by page', async () => {
    const { message_id } = await ask('Who is the landlord?');
    const up = [];
    for (let count = 0; count < 3; count += 1) up.unshift((await api.post(`/smart-qa/messages/${message_id}/feedback`, { rating: 'up' })).body.id);
    const first = (await api.get('/smart-qa/feedback', { rating: 'up', page_size: 2 })).body;
    await api.post(`/smart-qa/messages/${message_id}/feedback`, { rating: 'up' });
    const second = (await api.get('/smart-qa/feedback', { rating: 'up', page_size: 1, cursor: first.next_cursor })).body;
    expect([...first.items, ...second.items].map((item: Json) => item.id)).toEqual(up);
    expect((await api.get('/smart-qa/feedback', { to: '2020-01-01T00:00:00Z' })).body).toEqual({ items: [], next_cursor: null });
    expect((await api.get('/smart-qa/feedback', { page_size: 51 })).status).toBe(400);
  });

  it('is its owner\'s alone: another key of the tenant does not see it', async () => {
    const { conversation_id, message_id } = await ask('How many vans are there?');
    const { body } = await api.post('/api-keys', { name: 'colleague', permissions: ['*'] });
    const colleague = api.as(body.key);
    expect((await colleague.get('/conversations')).body.total).toBe(0);
    for (const answer of [
      await colleague.get(`/conversations/${conversation_id}`),
      await colleague.get(`/conversations/${conversation_id}/messages`),
      await colleague.post('/smart-qa/chat', { query: 'And the rent?', conversation_id }),
      await colleague.post(`/smart-qa/messages/${message_id}/feedback`, { rating: 'up' }),
    ]) expect(answer.status).toBe(404);
  });
});

describe('a streamed answer', () => {
  it('comes as numbered deltas, citations, quality and done, and says the same', async () => {
    const response = await api.open('POST', '/smart-qa/chat', { body: { query: 'When does the lease of the warehouse end?', stream: true } });
    expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/);
    expect(response.headers.get('x-request-id')).toBeTruthy();
    const events = [];
    for await (const event of readEvents(response)) events.push(event);
    const stream = response.headers.get('x-stream-id');
    expect(events.map(({ id }) => id)).toEqual(events.map((_event, index) => `${stream}.${index + 1}`));
    const order = events.map(({ event }) => event).filter((name, index, all) => name !== all[index - 1]);
    expect(order).toEqual(['delta', 'citation', 'quality', 'done']);
    const done = events.at(-1)?.data;
    expect(events.filter(({ event }) => event === 'delta').map(({ data }) => data.text).join('')).toBe(done.answer);
    expect(events.filter(({ event }) => event === 'citation').map(({ data }) => data)).toEqual(done.citations);
    expect(events.find(({ event }) => event === 'quality')?.data).toEqual(done.quality);
    await expectSound(done);
    expect((await api.get(`/conversations/${done.conversation_id}`)).body.message_count).toBe(2);
  });

  it('that cannot begin is an ordinary error', async () => {
    const answer = await api.post('/smart-qa/chat', { query: 'x', conversation_id: missing, stream: true });
    expect(answer).toMatchObject({ status: 404, body: { code: 'engine.conversation_not_found' } });
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  });

  it('is read by the client of the SDK', async () => {
    const kinds = [];
    for await (const event of sdk.streamAnswer({ query: 'Who is the landlord?' })) kinds.push(event);
    expect(kinds.length).toBeGreaterThan(2);
  });

  it('counts as a request with its time', async () => {
    const { body } = await eventually(() => api.get('/analytics/endpoints'), (answer) => answer.body.items.some((item: Json) => item.endpoint === '/smart-qa/chat'));
    expect(body.items.find((item: Json) => item.endpoint === '/smart-qa/chat').requests).toBeGreaterThan(5);
  });
});
