import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { createAiStack, type AiStackClient, type Problem } from '#libs/sdk';
import { conformingFetch } from '../support/conforming-fetch.js';
import { apiDocument, operations } from '../support/openapi-document.js';
import { startServer, type TestServer } from '../support/server.js';

const nowhere = '019aa4c5-8a52-7c3e-9f34-0242ac120002';
const wire = conformingFetch();

let server: TestServer;
let ai: AiStackClient;

beforeAll(async () => {
  server = await startServer();
  ai = createAiStack({ baseUrl: server.url, apiKey: server.ownerKey, fetch: wire.fetch });
});
afterAll(() => server.stop());

/** The data of an answer that must be a success. */
async function ok<T>(answer: Promise<{ data?: T; error?: unknown }>): Promise<T> {
  const { data, error } = await answer;
  if (data === undefined) throw new Error(JSON.stringify(error));
  return data;
}

describe('the generated client against the running server', () => {
  it('ingests, finds, asks and judges', async () => {
    const { doc_id } = await ok(ai.ingestText({ body: { text: 'The cache hit rate must stay above seventy percent.', title: 'Targets', metadata: { department: 'it' } }, headers: { 'Idempotency-Key': 'sdk-1' } }));
    expect((await ok(ai.getDocument({ path: { id: doc_id } }))).title).toBe('Targets');
    const content = await ai.getDocumentContent({ path: { id: doc_id } });
    expect(content.data?.content).toContain('seventy percent');
    const again = await ai.getDocumentContent({ path: { id: doc_id }, headers: { 'If-None-Match': content.response.headers.get('etag') ?? '' } });
    expect(again.response.status).toBe(304);
    expect((await ok(ai.updateDocument({ path: { id: doc_id }, body: { source: 'https://wiki.example.com/targets' } }))).source).toContain('wiki');
    expect(await ((await ok(ai.downloadDocument({ path: { id: doc_id }, parseAs: 'blob' }))) as Blob).text()).toContain('seventy percent');
    expect((await ok(ai.listDocumentChunks({ path: { id: doc_id } }))).total).toBe(1);
    expect((await ok(ai.listDocuments({ query: { status: 'ready', q: 'targets', page_size: 5 } }))).items[0]?.doc_id).toBe(doc_id);
    expect((await ok(ai.searchPassages({ query: { query: 'cache hit rate', filter: '{"department":"it"}' } }))).items[0]?.doc_id).toBe(doc_id);
    expect((await ok(ai.queryPassages({ body: { query: 'cache hit rate', filter: { department: { eq: 'it' } } } }))).items[0]?.doc_id).toBe(doc_id);
    expect((await ok(ai.searchPassagesBatch({ body: { queries: [{ query: 'cache' }, { query: 'nothing like it', mode: 'keyword' }] } }))).results).toHaveLength(2);
    expect((await ok(ai.getRagStats())).documents).toBe(1);

    const answer = await ok(ai.askQuestion({ body: { query: 'What must the cache hit rate be?' } }));
    expect(answer.citations[0]?.doc_id).toBe(doc_id);
    await ok(ai.addAnswerFeedback({ path: { id: answer.message_id }, body: { rating: 'up' } }));
    expect((await ok(ai.listAnswerFeedback({ query: { rating: 'up' } }))).items[0]?.context.question).toBe('What must the cache hit rate be?');
    const path = { id: answer.conversation_id };
    expect((await ok(ai.listConversations())).total).toBe(1);
    expect((await ok(ai.listConversationMessages({ path }))).items.map(({ role }) => role)).toEqual(['user', 'assistant']);
    expect((await ok(ai.updateConversation({ path, body: { title: 'Targets' } }))).title).toBe('Targets');
    expect((await ok(ai.getConversation({ path }))).title).toBe('Targets');
    expect((await ai.deleteConversation({ path })).response.status).toBe(204);
  });

  it('uploads several files at once and deletes them, those that are not there one by one', async () => {
    const files = [new File(['Alpha stands first.'], '甲.txt'), new File(['# Beta\n\nBeta stands second.'], 'beta.md')];
    const uploaded = await ai.uploadDocuments({ body: { files, metadata: '{"set":"letters"}', wait: 'true' } });
    expect(uploaded.response.status).toBe(200);
    expect(uploaded.data?.items.map(({ filename, status }) => [filename, status])).toEqual([['甲.txt', 'ready'], ['beta.md', 'ready']]);
    const later = await ai.uploadDocuments({ body: { files: [new Blob(['Gamma stands third.'])] } });
    expect(later.response.status).toBe(202);

    const [first, second] = (uploaded.data?.items ?? []).map(({ doc_id }) => doc_id);
    expect((await ai.deleteDocument({ path: { id: first ?? '' } })).response.status).toBe(204);
    const mixed = await ai.deleteDocuments({ body: { items: [second ?? '', nowhere] } });
    expect(mixed.response.status).toBe(207);
    expect(mixed.data).toMatchObject({ succeeded: 1, failed: 1 });
  });

  it('streams an answer, event by event', async () => {
    const events = [];
    for await (const event of ai.streamAnswer({ query: 'What must the cache hit rate be?' })) events.push(event);
    const text = events.map((event) => (event.event === 'delta' ? event.data.text : '')).join('');
    const done = events.at(-1);
    expect(done?.event === 'done' && done.data.answer).toBe(text);
    expect(events.map(({ event }) => event)).toEqual(expect.arrayContaining(['delta', 'citation', 'quality', 'done']));
    const [id = ''] = events[0]?.id.split('.') ?? [];
    expect((await ok(ai.cancelAnswer({ path: { id } }))).status).toBe('finished');
    expect((await ai.cancelChatCompletion({ path: { id } })).error?.error.code).toBe('stream.not_found');
  });

  it('manages collections, keys and tenants', async () => {
    const { id } = await ok(ai.createCollection({ body: { name: 'handbook', chunking: { max_tokens: 200 } } }));
    expect((await ok(ai.updateCollection({ path: { id }, body: { description: 'Rules' } }))).description).toBe('Rules');
    expect((await ok(ai.getCollection({ path: { id } }))).chunking.max_tokens).toBe(200);
    expect(await ok(ai.reprocessCollection({ path: { id } }))).toEqual({ queued: 0 });
    expect((await ok(ai.listCollections())).items.map(({ name }) => name)).toContain('handbook');
    expect((await ai.deleteCollection({ path: { id } })).response.status).toBe(204);

    const key = await ok(ai.createApiKey({ body: { name: 'reader', permissions: ['search:query'] } }));
    const token = await ok(ai.issueToken({ body: { grant_type: 'client_credentials', client_id: key.id, client_secret: key.key } }));
    const reader = createAiStack({ baseUrl: server.url, apiKey: token.access_token, fetch: wire.fetch });
    expect((await ok(reader.whoAmI())).permissions).toEqual(['search:query']);
    expect((await reader.listApiKeys()).response.status).toBe(403);
    expect((await ok(ai.changeApiKey({ path: { id: key.id }, body: { name: 'searcher' } }))).name).toBe('searcher');
    expect((await ok(ai.getApiKey({ path: { id: key.id } }))).name).toBe('searcher');
    expect((await ok(ai.listApiKeys())).items.map(({ id }) => id)).toContain(key.id);
    expect((await ai.revokeToken({ body: { token: token.access_token, client_id: key.id, client_secret: key.key } })).response.status).toBe(200);
    expect((await ai.revokeApiKey({ path: { id: key.id } })).response.status).toBe(204);

    const tenant = await ok(ai.createTenant({ body: { slug: 'acme', name: 'Acme Ltd.' } }));
    expect((await ok(ai.getTenant({ path: { id: tenant.id } }))).slug).toBe('acme');
    expect((await ok(ai.issueOwnerKey({ path: { id: tenant.id } }))).expires_at).toBeNull();
    expect((await ok(ai.listTenants())).total).toBe(2);
    expect((await ok(ai.listAuditLogs({ query: { action: 'tenants.created' } }))).items[0]).toMatchObject({ subject: 'acme', detail: { name: 'Acme Ltd.' } });
    const acme = createAiStack({ baseUrl: server.url, apiKey: tenant.owner_key, fetch: wire.fetch });
    expect((await ok(acme.listDocuments())).total).toBe(0);
  });

  it('remembers, finds and forgets', async () => {
    const { items } = await ok(ai.addMemory({ body: { messages: [{ role: 'user', content: 'I live in Lisbon.' }] }, headers: { 'Idempotency-Key': 'sdk-memory' } }));
    const path = { id: items[0]?.id ?? '' };
    expect((await ok(ai.searchMemories({ body: { query: 'Lisbon' } }))).items[0]?.id).toBe(path.id);
    expect((await ok(ai.updateMemory({ path, body: { text: 'I live in Porto' } }))).text).toBe('I live in Porto');
    expect((await ok(ai.getMemory({ path }))).metadata).toEqual({});
    expect((await ok(ai.getMemoryHistory({ path }))).items.map(({ event }) => event)).toEqual(['ADD', 'UPDATE']);
    expect((await ok(ai.listMemories({ query: { page_size: 5 } }))).total).toBe(1);
    expect(await ok(ai.getMemoryQueue())).toEqual({ queued: 0, failed: 0, oldest_queued_at: null, failures: [] });
    expect((await ai.forgetMemory({ path })).response.status).toBe(204);
    expect((await ok(ai.forgetMemories())).deleted).toBe(0);
  });

  it('reads statistics, cache and probes', async () => {
    expect((await ok(ai.getAnalyticsOverview({ query: { window: '1h' } }))).total_requests).toBeGreaterThan(10);
    expect((await ok(ai.getAnalyticsTimeseries({ query: { metric: 'p95_ms', interval: 'minute', window: '5m' } }))).points.length).toBeGreaterThan(0);
    expect((await ok(ai.getUsage({ query: { group_by: 'key', window: '1h' } }))).items[0]).toMatchObject({ runs: expect.any(Number), cost: null });
    expect((await ok(ai.listEndpointStatistics({ query: { sort: 'requests' } }))).items.length).toBeGreaterThan(0);
    expect((await ok(ai.getRealtimeDashboard())).statistics.summary.total_requests).toBeGreaterThan(10);
    expect((await ok(ai.getCacheStats())).namespaces.map(({ namespace }) => namespace)).toContain('search');
    expect((await ok(ai.listCacheKeys({ query: { pattern: 'search:*' } }))).page).toBe(1);
    expect((await ok(ai.dropCache({ query: { namespace: 'search' } }))).dropped).toBeGreaterThanOrEqual(0);
    for (const probe of [ai.getLiveness(), ai.getReadiness(), ai.getStartup()]) expect((await ok(probe)).status).toBe('ok');
  });

  it('watches the live figures until it is enough, or the key has ended', async () => {
    const watching = createAiStack({ baseUrl: server.url, apiKey: server.ownerKey, webSocket: WebSocket });
    const frames = [];
    for await (const frame of watching.watchDashboard()) {
      frames.push(frame);
      if (frames.length === 2) break;
    }
    expect(frames.map(({ statistics }) => statistics.summary.total_requests > 10)).toEqual([true, true]);
    const leaving = new AbortController();
    for await (const frame of watching.watchDashboard({ signal: leaving.signal })) {
      expect(frame.system.cpu_cores).toBeGreaterThan(0);
      leaving.abort();
    }
    const key = await ok(ai.createApiKey({ body: { name: 'watcher', permissions: ['dashboard:read'] } }));
    const ending = createAiStack({ baseUrl: server.url, apiKey: key.key, webSocket: WebSocket }).watchDashboard();
    await ending.next();
    await ai.revokeApiKey({ path: { id: key.id } });
    await expect((async () => { for (;;) await ending.next(); })()).rejects.toMatchObject({ cause: { code: 3000 } });
    await expect(createAiStack({ baseUrl: server.url, webSocket: WebSocket }).watchDashboard().next()).rejects.toMatchObject({ cause: { code: 1006 } });
  });

  it('lists and switches engines', async () => {
    expect((await ok(ai.listEngines())).items.find(({ current }) => current)?.name).toBe('chat');
    expect(await ok(ai.switchEngine({ body: { engine: 'extractive' } }))).toEqual({ engine: 'extractive', previous: 'chat' });
    expect(await ok(ai.getCurrentEngine())).toMatchObject({ engine: 'extractive', source: 'tenant' });
    expect(await ok(ai.checkEngineHealth({ path: { name: 'extractive' } }))).toMatchObject({ engine: 'extractive', healthy: true });
    expect((await ok(ai.getEnginePerformance({ query: { window: '1h' } }))).engines[0]).toMatchObject({ engine: 'chat', failed: 0 });
    expect((await ai.switchEngine({ body: { engine: 'steam' } })).error?.code).toBe('engine.unknown');
  });

  it('manages personalities and tries tools', async () => {
    const { id } = await ok(ai.createPersonality({ body: { name: 'Support', system_prompt: 'You help.', tools: ['calculator'] }, headers: { 'Idempotency-Key': 'sdk-personality' } }));
    expect((await ok(ai.updatePersonality({ path: { id }, body: { tone: 'friendly' } }))).tone).toBe('friendly');
    expect((await ok(ai.getPersonality({ path: { id } }))).tools).toEqual(['calculator']);
    expect((await ok(ai.listPersonalities({ query: { page_size: 5 } }))).items.map(({ name }) => name)).toEqual(['Support']);
    expect((await ai.createPersonality({ body: { name: 'Support', system_prompt: 'x' } })).error?.code).toBe('engine.personality_exists');
    expect((await ai.deletePersonality({ path: { id } })).response.status).toBe(204);
    expect((await ok(ai.listTools())).items.map(({ name }) => name)).toContain('calculator');
    expect(await ok(ai.runTool({ path: { name: 'calculator' }, body: { arguments: { expression: '2 + 2' } } }))).toMatchObject({ ok: true, result: { result: '4' } });
  });

  it('speaks the OpenAI form', async () => {
    expect((await ok(ai.listModels())).data[0]?.id).toBe('ai-stack');
    expect((await ok(ai.getModel({ path: { id: 'rag:default' } }))).name).toBe('default');
    const { choices } = await ok(ai.createChatCompletion({ body: { model: 'ai-stack', messages: [{ role: 'user', content: 'What must the cache hit rate be?' }] } }));
    expect(choices[0]?.message.content).toContain('seventy percent');
    expect((await ok(ai.createEmbeddings({ body: { model: 'ai-stack-embedding', input: 'a text' } }))).data).toHaveLength(1);
    expect((await ai.getModel({ path: { id: 'gpt-4' } })).error?.error.code).toBe('openai.model_not_found');
  });

  it('gives failures as typed problems', async () => {
    const missing: Problem | undefined = (await ai.getDocument({ path: { id: nowhere } })).error;
    expect(missing).toMatchObject({ status: 404, code: 'rag.document_not_found' });
    const invalid = (await ai.ingestText({ body: { text: '' } })).error;
    expect(invalid?.errors?.[0]?.path).toBe('text');
    const nobody = createAiStack({ baseUrl: server.url, fetch: wire.fetch });
    const refused = await nobody.listDocuments();
    expect([refused.response.status, refused.error?.code]).toEqual([401, 'auth.no_key']);
    expect((await nobody.issueToken({ body: { grant_type: 'client_credentials', client_id: nowhere, client_secret: 'x'.repeat(20) } })).response.status).toBe(401);
    await expect(ai.getDocument({ path: { id: nowhere }, throwOnError: true })).rejects.toMatchObject({ code: 'rag.document_not_found' });
    await expect(ai.streamAnswer({ query: '' }).next()).rejects.toMatchObject({ cause: { code: 'http.invalid_request' } });
    const conflict = await ai.ingestText({ body: { text: 'Another text.' }, headers: { 'Idempotency-Key': 'sdk-1' } });
    expect(conflict.error?.code).toBe('idempotency.key_reused');
  });
});

describe('what went over the wire', () => {
  it('is what the OpenAPI document says: statuses, headers, media types, and bodies to the last field', () => {
    expect(wire.faults).toEqual([]);
  });

  it('came from every documented operation', () => {
    const missing = operations.map(({ operation }) => operation.operationId).filter((id) => !wire.called.has(id));
    expect(missing).toEqual([]);
  });
});

it('the server serves the committed document', async () => {
  const served = await fetch(`${server.url}/openapi.json`);
  expect(await served.json()).toEqual(apiDocument);
});
