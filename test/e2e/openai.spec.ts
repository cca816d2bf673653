import { AuthenticationError, BadRequestError, NotFoundError, PermissionDeniedError, type OpenAI } from 'openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Api, type Json } from '../support/api.js';
import { addDocuments, ask, clientOf, failure, question, source, vans } from '../support/openai-client.js';
import { startServer, type TestServer } from '../support/server.js';

let server: TestServer;
let api: Api;
let client: OpenAI;
let leaseDocument: string;
beforeAll(async () => {
  server = await startServer();
  api = new Api(server.url, server.ownerKey);
  client = clientOf(server);
  leaseDocument = await addDocuments(server);
});
afterAll(() => server.stop());

describe('models', () => {
  it('are the whole, each engine and each collection', async () => {
    const { data } = await client.models.list();
    expect(data.map(({ id }) => id)).toEqual(['ai-stack', 'engine:chat', 'engine:extractive', 'rag:default', 'rag:fleet']);
    for (const { object, created, owned_by } of data) expect([object, owned_by, Number.isInteger(created), created > 1_700_000_000]).toEqual(['model', 'ai-stack', true, true]);
  });

  it('can be looked up one by one; others are not there', async () => {
    expect(await client.models.retrieve('rag:fleet')).toMatchObject({ id: 'rag:fleet', object: 'model' });
    expect((await client.models.retrieve('ai-stack')).id).toBe('ai-stack');
    for (const id of ['gpt-4', 'rag:', 'rag:nothing', `rag:${'x'.repeat(280)}`, 'rag:a\u0000b']) {
      const error = await failure(client.models.retrieve(id));
      expect(error, id).toBeInstanceOf(NotFoundError);
      expect([error.code, error.param, error.type]).toEqual(['openai.model_not_found', 'model', 'invalid_request_error']);
    }
  });
});

describe('a chat completion', () => {
  it('answers from the documents, each mark with an annotation that can be looked up', async () => {
    const completion = await client.chat.completions.create({ model: 'ai-stack', messages: ask(question) });
    const [choice] = completion.choices;
    expect(completion).toMatchObject({ id: expect.stringMatching(/^chatcmpl-/), object: 'chat.completion', model: 'ai-stack' });
    expect(choice).toMatchObject({ index: 0, finish_reason: 'stop', message: { role: 'assistant' } });
    const text = choice?.message.content ?? '';
    expect(text).toContain('31 March 2027');
    const annotations: Json[] = choice?.message.annotations ?? [];
    expect(annotations.length).toBeGreaterThan(0);
    const { content } = (await api.get(`/rag/documents/${leaseDocument}/content`)).body;
    for (const { url_citation, source: evidence } of annotations) {
      expect(url_citation).toMatchObject({ url: source, title: 'Lease' });
      expect(text.slice(url_citation.start_index, url_citation.end_index)).toMatch(/^\[\d+\]$/);
      expect(content.slice(evidence.start, evidence.end)).toBe(evidence.quote);
    }
    const { usage } = completion;
    expect(usage?.prompt_tokens).toBeGreaterThan(4);
    expect(usage?.completion_tokens).toBeGreaterThan(5);
    expect(usage?.total_tokens).toBe((usage?.prompt_tokens ?? 0) + (usage?.completion_tokens ?? 0));
  });

  it('of a document without a web address cites its content here', async () => {
    const { choices } = await client.chat.completions.create({ model: 'rag:fleet', messages: ask('How many delivery vans does the company own?') });
    expect(choices[0]?.message.content).toContain('twelve');
    const url = choices[0]?.message.annotations?.[0]?.url_citation.url ?? '';
    expect(url.startsWith(`${server.url}/rag/documents/`)).toBe(true);
    expect((await api.get(new URL(url).pathname)).body.content).toBe(vans);
  });

  it('with rag:<collection> knows only that collection', async () => {
    for (const [model, knows] of [['rag:default', true], ['rag:fleet', false]] as const) {
      const { choices } = await client.chat.completions.create({ model, messages: ask(question) });
      expect(choices[0]?.message.content?.includes('31 March 2027'), model).toBe(knows);
    }
  });

  it('with `collections` and `filter` knows only what they admit', async () => {
    const answerOf = async (body: object) => (await client.chat.completions.create({ model: 'ai-stack', messages: ask(question), ...body })).choices[0]?.message.content?.includes('31 March 2027');
    expect(await answerOf({ collections: ['fleet', 'default'] })).toBe(true);
    expect(await answerOf({ collections: ['fleet'] })).toBe(false);
    expect(await answerOf({ filter: { department: 'nobody' } })).toBe(false);
    const error = await failure(client.chat.completions.create({ model: 'rag:fleet', messages: ask(question), ...{ collections: ['default'] } }));
    expect([error.status, error.param]).toEqual([400, 'collections']);
  });

  it('understands a question from the turns before, takes parts, and keeps nothing', async () => {
    const { choices } = await client.chat.completions.create({
      model: 'ai-stack',
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: [{ type: 'image_url', image_url: { url: 'data:,' } }, { type: 'text', text: 'When does the lease of the warehouse end?' }] },
        { role: 'assistant', content: 'The lease of the warehouse ends on 31 March 2027.' },
        { role: 'user', content: [{ type: 'text', text: 'And how much is its rent?' }] },
      ],
    });
    expect(choices[0]?.message.content).toContain('4,200 euros');
    expect((await api.get('/conversations')).body.total).toBe(0);
  });

  it('ends before a stop string, or after max_tokens', async () => {
    const stopped = await client.chat.completions.create({ model: 'ai-stack', messages: ask(question), stop: [' March'] });
    expect(stopped.choices[0]).toMatchObject({ finish_reason: 'stop', message: { content: expect.stringMatching(/31$/), annotations: [] } });
    const short = await client.chat.completions.create({ model: 'ai-stack', messages: ask(question), max_tokens: 4 });
    expect(short.choices[0]?.finish_reason).toBe('length');
    expect(short.usage?.completion_tokens).toBeLessThanOrEqual(4);
  });

  it('passes over fields that it does not know', async () => {
    const body = { model: 'ai-stack', messages: ask(question), temperature: 0, seed: 7, user: 'u-1', metadata: { a: 'b' }, surely_unknown: [1], tools: [], tool_choice: 'auto' as const, response_format: { type: 'text' as const }, n: 1 };
    expect((await client.chat.completions.create(body)).choices).toHaveLength(1);
  });
});

describe('errors', () => {
  it('of who asks: no valid key, or one that may not', async () => {
    const unknown = await failure(clientOf(server, 'sk-wrong').chat.completions.create({ model: 'ai-stack', messages: ask(question) }));
    expect(unknown).toBeInstanceOf(AuthenticationError);
    expect([unknown.type, unknown.code]).toEqual(['authentication_error', 'auth.invalid_key']);
    const { key } = (await api.post('/api-keys', { name: 'searcher', permissions: ['search:query'] })).body;
    const searcher = clientOf(server, key);
    expect(await failure(searcher.chat.completions.create({ model: 'ai-stack', messages: ask(question) }))).toBeInstanceOf(PermissionDeniedError);
    expect((await searcher.embeddings.create({ model: 'ai-stack-embedding', input: 'a text' })).data).toHaveLength(1);
  });

  it('of the body: a wrong type, no question, an unknown model', async () => {
    const bad: [Json, string][] = [
      [{ messages: 'hello' }, 'messages'],
      [{ messages: [] }, 'messages'],
      [{ messages: [{ role: 'system', content: 'x' }] }, 'messages'],
      [{ messages: [{ role: 'wizard', content: 'x' }] }, 'messages.0.role'],
      [{ messages: ask('  ') }, 'messages.0.content'],
      [{ messages: ask('x'.repeat(8_001)) }, 'messages.0.content'],
      [{ messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url: 'data:,' } }] }] }, 'messages.0.content'],
      [{ temperature: 'hot' }, 'temperature'],
      [{ stream: 'yes' }, 'stream'],
      [{ n: 2 }, 'n'],
      [{ logprobs: true }, 'logprobs'],
      [{ response_format: { type: 'json_object' } }, 'response_format'],
      [{ tools: [{ type: 'function', function: { name: 'f' } }] }, 'tools'],
      [{ tool_choice: 'required' }, 'tool_choice'],
    ];
    for (const [part, param] of bad) {
      const error = await failure(client.chat.completions.create({ model: 'ai-stack', messages: ask(question), ...part }));
      expect(error, param).toBeInstanceOf(BadRequestError);
      expect([error.param, error.type]).toEqual([param, 'invalid_request_error']);
    }
    expect(await failure(client.chat.completions.create({ model: 'gpt-4', messages: ask(question), stream: true }))).toBeInstanceOf(NotFoundError);
  });
});

describe('embeddings', () => {
  const texts = ['The cache hit rate', '缓存命中率', ''];

  it('are the same as numbers and as base64, one a text in its order, of length 1', async () => {
    // The SDK asks for base64 by default and decodes it.
    const packed = await client.embeddings.create({ model: 'ai-stack-embedding', input: texts });
    const plain = await client.embeddings.create({ model: 'lexical', input: texts, encoding_format: 'float' });
    expect(packed.data.map(({ index, object }) => [index, object])).toEqual(texts.map((_text, index) => [index, 'embedding']));
    expect(packed.data.map(({ embedding }) => [...embedding])).toEqual(plain.data.map(({ embedding }) => embedding));
    expect(plain.data.map(({ embedding }) => [embedding.length, Math.round(Math.hypot(...embedding) * 1e3)])).toEqual([[1024, 1000], [1024, 1000], [1024, 0]]);
    expect(packed).toMatchObject({ object: 'list', model: 'lexical', usage: { prompt_tokens: plain.usage.total_tokens } });
    const raw = await api.post('/v1/embeddings', { model: 'lexical', input: texts[0], encoding_format: 'base64' });
    expect(Buffer.from(raw.body.data[0].embedding, 'base64').readFloatLE(0)).toBe(plain.data[0]?.embedding[0]);
  });

  it('have the dimensions of the model, and are bounded', async () => {
    expect((await client.embeddings.create({ model: 'lexical', input: 'x', dimensions: 1024 })).data).toHaveLength(1);
    const refused: [Json, string][] = [[{ dimensions: 256 }, 'dimensions'], [{ input: [] }, 'input'], [{ input: [[1, 2, 3]] }, 'input'], [{ input: ['a', 'x'.repeat(8_001)] }, 'input.1'], [{ input: Array(100).fill('x'.repeat(5_000)) }, 'input'], [{ encoding_format: 'hex' }, 'encoding_format']];
    for (const [part, param] of refused) {
      const error = await failure(client.embeddings.create({ model: 'lexical', input: 'x', ...part }));
      expect([error.status, error.param]).toEqual([400, param]);
    }
    expect(await failure(client.embeddings.create({ model: 'text-embedding-3-small', input: 'x' }))).toBeInstanceOf(NotFoundError);
  });

  it('of many texts do not hold up others', async () => {
    const many = client.embeddings.create({ model: 'lexical', input: Array.from({ length: 1_000 }, (_, index) => `${index}: ${vans.repeat(3)}`) });
    let settled = false;
    void many.finally(() => (settled = true));
    let answers = 0;
    while (!settled) {
      await fetch(`${server.url}/health/live`);
      answers += 1;
    }
    expect((await many).data).toHaveLength(1_000);
    expect(answers).toBeGreaterThan(5);
  });
});
