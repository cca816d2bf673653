import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Api, multipart, type Answer, type Json } from '../support/api.js';
import { holdsIds, readOperations, sampleOf, type Operation } from '../support/openapi.js';
import { startServer, type TestServer } from '../support/server.js';
import { listen, refusal } from '../support/web-socket.js';

/** Stands in everything that tenant A owns: no answer to anybody else may hold it. */
const marker = 'Zanzibarquartz';

let server: TestServer;
let operations: Operation[];
let attacker: Api;
let victim: Api;
/** Ids of A by what they name, and everything else that only A may see. */
let ids: Record<string, string>;
let secrets: string[];

beforeAll(async () => {
  server = await startServer();
  const operator = new Api(server.url, server.ownerKey);
  operations = await readOperations(operator);
  const [a, b] = [await operator.post('/tenants', { slug: 'tenant_a', name: `${marker} Ltd.` }), await operator.post('/tenants', { slug: 'tenant_b', name: 'Other Ltd.' })];
  victim = operator.as(a.body.owner_key);
  attacker = operator.as(b.body.owner_key);
  ids = await fill(victim, `${marker} is the secret of this tenant.`);
  ids.tenant = a.body.id;
  secrets = [marker, 'tenant_a', a.body.owner_key, ...Object.values(ids)];
  // B has data of its own, with the same names: a lookup that forgets the tenant finds something.
  await fill(attacker, 'Nothing of note is written here.');
});
afterAll(() => server.stop());

async function fill(api: Api, text: string): Promise<Record<string, string>> {
  const collection = (await api.post('/rag/collections', { name: `${text.split(' ')[0]} papers` })).body.id;
  const document = (await api.ingest(text, { title: `${text.split(' ')[0]} title`, collection, metadata: { remark: text } })).doc_id;
  const chunk = (await api.get(`/rag/documents/${document}/chunks`)).body.items[0].chunk_id;
  const upload = (await api.upload([{ name: `${text.split(' ')[0]}.txt`, content: `${text} As a file.` }], { wait: 'true' })).body.items[0];
  const answer = (await api.post('/smart-qa/chat', { query: `What is ${text.split(' ')[0]}?` })).body;
  const key = (await api.post('/api-keys', { name: `${text.split(' ')[0]} key`, permissions: ['search:query'] })).body.id;
  const memory = (await api.post('/v1/memories', { text })).body.items[0].id;
  const personality = (await api.post('/v1/personalities', { name: `${text.split(' ')[0]} voice`, system_prompt: text })).body.id;
  await api.get('/rag/search', { query: `${text.split(' ')[0]} remembered` });
  return { collection, document, chunk, upload: upload.doc_id, task: upload.task_id, conversation: answer.conversation_id, message: answer.message_id, key, memory, personality };
}

/** One request of an operation, with the ids and names of `owner` wherever an id or a name fits. */
interface Attempt {
  path: string;
  query: Record<string, string>;
  body: Json;
}

/**
 * Requests for an operation. Whatever its schema calls an id gets each id of A, one request each; texts that name something get A's names.
 * A new operation is covered without a change here; one whose arguments cannot be made from its schema fails the test.
 */
function attemptsOf({ name, path, parameters, body }: Operation): Attempt[] {
  const telling = parameters.filter((parameter) => parameter.in === 'query' && (parameter.required || naming.test(parameter.name) || holdsIds(parameter.schema)));
  const optional = telling.filter(({ required }) => !required);
  // All at once, and each alone: some exclude each other.
  const selections = [telling, ...(optional.length > 1 ? optional.map((one) => telling.filter((parameter) => parameter.required || parameter === one)) : [])];
  // Bodies that take one of two fields: each alone as well.
  const excluded = JSON.stringify(body?.schema ?? {}).includes('"collections"') ? ['collection', 'collections'] : [undefined];
  return Object.values(ids).flatMap((id) =>
    selections.flatMap((selected) => excluded.map((without) => ({
      path: path.replaceAll(/\{(\w+)\}/g, () => id),
      query: Object.fromEntries(selected.map((parameter) => [parameter.name, holdsIds(parameter.schema) ? id : asText(valueFor(parameter.name, parameter.schema, id, name))])),
      body: body && bodyFor(body, id, name, without),
    }))),
  );
}

/** Fields whose value names something, or is searched for. */
const naming = /^(query|q|text|collections?|pattern|tag|key|slug|client_id|endpoint|conversation_id|personality_id)$/;

function bodyFor({ type, schema, example }: NonNullable<Operation['body']>, id: string, where: string, without?: string): Json {
  if (type === 'multipart/form-data') return multipart([{ name: 'own.txt', content: 'A file of the attacker.' }], { collection: id });
  const given = example ?? schema.example;
  return typeof given === 'object' && given !== null && !schema.properties ? given : valueFor('', schema, id, where, without);
}

function valueFor(name: string, schema: Json, id: string, where: string, without?: string): Json {
  if (schema.type === 'array') return [valueFor(name, schema.items, id, where, without)];
  if (schema.type === 'object' && schema.properties) {
    const wanted = Object.entries<Json>(schema.properties).filter(([key, property]) => key !== without && (schema.required?.includes(key) || naming.test(key) || holdsIds(property)));
    return Object.fromEntries(wanted.map(([key, property]) => [key, valueFor(key, property, id, `${where}.${key}`, without)]));
  }
  if (schema.format === 'uuid' || /^collections?$/.test(name)) return id;
  if (name === 'key') return `search:*${marker}*`;
  if (naming.test(name) && schema.type === 'string' && !schema.pattern && !schema.format) return marker;
  return sampleOf(schema, where);
}

const asText = (value: Json): string => (typeof value === 'string' ? value : JSON.stringify(value));

function send(api: Api, { method }: Operation, { path, query, body }: Attempt, key?: string | null): Promise<Answer> {
  return api.call(method, path, { query, body: method === 'GET' ? undefined : body, key });
}

/** What the caller sent itself may come back: in the echo of a name, in the text of an error. */
function leaks(answer: Answer, attempt: Attempt): string[] {
  const sent = JSON.stringify([attempt.path, attempt.query, attempt.body instanceof FormData ? [...attempt.body.entries()] : attempt.body]);
  return secrets.filter((secret) => answer.text.includes(secret) && !sent.includes(secret));
}

const protectedOperations = () => operations.filter(({ permission }) => permission !== 'public');

it('knows every operation, and each says who may call it', () => {
  expect(operations.length).toBeGreaterThan(35);
  for (const { name, permission } of operations) expect(permission, name).toMatch(/^(public|signed-in|[a-z]+:[a-z]+)$/);
  for (const operation of operations) expect(attemptsOf(operation).length, operation.name).toBeGreaterThan(5);
});

it('answers 401 without a key, and with a wrong one, on every operation that is not public', async () => {
  for (const operation of protectedOperations()) {
    const [attempt] = attemptsOf(operation);
    if (!attempt) continue;
    for (const key of [null, 'ask_of_nobody']) {
      const answer = await send(victim, operation, attempt, key);
      expect([operation.name, answer.status]).toEqual([operation.name, 401]);
      expect(leaks(answer, attempt), operation.name).toEqual([]);
    }
  }
});

it('answers 403 on every operation to a key of the same tenant that lacks the permission', async () => {
  const permissions = [...new Set(protectedOperations().map(({ permission }) => permission))].filter((permission) => permission !== 'signed-in');
  const before = await snapshot();
  for (const lacking of permissions) {
    const others = permissions.filter((permission) => permission !== lacking);
    const { key } = (await victim.post('/api-keys', { name: 'lacking', permissions: others })).body;
    for (const operation of protectedOperations().filter(({ permission }) => permission === lacking)) {
      const [attempt] = attemptsOf(operation);
      if (!attempt) continue;
      const answer = await send(victim, operation, attempt, key);
      expect([operation.name, answer.status, answer.body?.code ?? answer.body?.error?.code]).toEqual([operation.name, 403, 'auth.forbidden']);
      expect(leaks(answer, attempt), operation.name).toEqual([]);
    }
  }
  expect(await snapshot()).toEqual(before);
});

describe('another tenant\'s owner', () => {
  it('with the ids and names of A gets 404, 403, 400 or only its own, from every operation, and never anything of A', async () => {
    const before = await snapshot();
    for (const operation of operations) {
      const statuses: number[] = [];
      for (const attempt of attemptsOf(operation)) {
        const answer = await send(attacker, operation, attempt);
        statuses.push(answer.status);
        const described = `${operation.name} ${JSON.stringify(attempt)} → ${answer.status} ${answer.text.slice(0, 500)}`;
        expect(answer.status, described).toBeLessThan(500);
        expect(leaks(answer, attempt), described).toEqual([]);
        if (operation.path.includes('{')) expect([400, 403, 404], described).toContain(answer.status);
      }
      // An attack that never passes the validation proves nothing.
      if (operation.permission !== 'public') expect(statuses.some((status) => status !== 400), `${operation.name}: ${statuses.join()}`).toBe(true);
    }
    expect(await snapshot()).toEqual(before);
  });

  it('cannot delete, change or read by any single id of A, written right', async () => {
    const before = await snapshot();
    const answers = [
      await attacker.get(`/rag/documents/${ids.document}`), await attacker.get(`/rag/documents/${ids.document}/content`), await attacker.get(`/rag/documents/${ids.document}/chunks`),
      await attacker.delete(`/rag/documents/${ids.document}`), await attacker.get(`/rag/collections/${ids.collection}`), await attacker.delete(`/rag/collections/${ids.collection}`),
      await attacker.call('PATCH', `/rag/collections/${ids.collection}`, { body: { name: 'taken over' } }), await attacker.post(`/rag/collections/${ids.collection}/reprocess`), await attacker.get(`/conversations/${ids.conversation}/messages`),
      await attacker.call('PATCH', `/conversations/${ids.conversation}`, { body: { title: 'taken over' } }), await attacker.delete(`/conversations/${ids.conversation}`),
      await attacker.post(`/smart-qa/messages/${ids.message}/feedback`, { rating: 'down' }), await attacker.post('/smart-qa/chat', { query: 'What?', conversation_id: ids.conversation }),
      await attacker.post('/rag/search', { query: marker, collection: ids.collection }), await attacker.post('/rag/ingest', { text: 'x', collection: ids.collection }), await attacker.delete(`/api-keys/${ids.key}`), await attacker.get(`/api-keys/${ids.key}`), await attacker.call('PATCH', `/api-keys/${ids.key}`, { body: { name: 'taken over' } }),
      await attacker.get(`/v1/memories/${ids.memory}`), await attacker.call('PATCH', `/v1/memories/${ids.memory}`, { body: { text: 'x' } }), await attacker.delete(`/v1/memories/${ids.memory}`),
      await attacker.get(`/v1/personalities/${ids.personality}`), await attacker.call('PATCH', `/v1/personalities/${ids.personality}`, { body: { tone: 'x' } }), await attacker.delete(`/v1/personalities/${ids.personality}`),
      await attacker.post('/smart-qa/chat', { query: 'What?', personality_id: ids.personality }),
    ];
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 404));
    expect((await attacker.post('/rag/documents/batch-delete', { items: [ids.document] })).body).toMatchObject({ succeeded: 0, failed: 1 });
    expect(await snapshot()).toEqual(before);
  });

  it('finds nothing of A by its words, drops nothing of its cache, and counts none of its requests', async () => {
    for (const mode of ['hybrid', 'vector', 'keyword']) expect(JSON.stringify(await attacker.search(marker, { mode, top_k: 100 }))).not.toContain(marker);
    expect((await attacker.get('/rag/documents', { q: marker })).body.total).toBe(0);
    const remembered = await victim.get('/rag/search', { query: `${marker} remembered` });
    await attacker.call('DELETE', '/cache', { query: { namespace: 'search' } });
    expect((await victim.get('/rag/search', { query: `${marker} remembered` })).headers.get('x-cache')).toBe('HIT');
    expect(remembered.body.items.length).toBeGreaterThan(0);
    const keys = await attacker.get('/cache/keys', { page_size: 200 });
    expect(keys.text).not.toContain(`${marker} remembered`);
  });

  it('keeps an Idempotency-Key apart from the same one of A', async () => {
    const body = { text: 'The same words under the same key.' };
    const [one, two] = [await victim.post('/rag/ingest', body, { headers: { 'idempotency-key': 'same' } }), await attacker.post('/rag/ingest', body, { headers: { 'idempotency-key': 'same' } })];
    expect([one.status, two.status]).toEqual([201, 201]);
    expect(two.body.doc_id).not.toBe(one.body.doc_id);
    expect(two.headers.get('idempotency-replayed')).toBeNull();
  });
});

describe('the WebSocket', () => {
  it('tells another tenant nothing of A, whatever it asks for, and lets nobody in who may not', async () => {
    await victim.get('/rag/search', { query: marker });
    const listener = await listen(server.url, attacker.key, { headers: { 'x-tenant': 'tenant_a', 'x-tenant-id': String(ids.tenant) } });
    listener.socket.send(JSON.stringify({ tenant: ids.tenant, subscribe: '*' }));
    const own = (await attacker.get('/auth/me')).body.id;
    for (let frames = 0; frames < 3; frames++) {
      const frame = await listener.next();
      expect(secrets.filter((secret) => JSON.stringify(frame).includes(secret))).toEqual([]);
      expect(frame.recent_requests.filter(({ principal_id }: Json) => principal_id !== own)).toEqual([]);
    }
    listener.socket.close();
    const { key } = (await victim.post('/api-keys', { name: 'lacking', permissions: ['analytics:read', 'engines:read', 'documents:read'] })).body;
    for (const [credential, status] of [[key, 403], [undefined, 401], ['ask_of_nobody', 401]] as const) expect((await refusal(server.url, credential)).status).toBe(status);
  });
});

/** Everything of A that an attack could change. */
async function snapshot(): Promise<Json> {
  const [documents, collections, conversations, messages, memories, personalities, keys] = await Promise.all([
    victim.get('/rag/documents', { page_size: 200 }), victim.get('/rag/collections', { page_size: 200 }), victim.get('/conversations'), victim.get(`/conversations/${ids.conversation}/messages`), victim.get('/v1/memories', { page_size: 200 }), victim.get('/v1/personalities'), victim.get('/api-keys', { page_size: 200 }),
  ]);
  // When they were last used is written once a minute, whoever asks.
  const own = keys.body.items.filter(({ name }: Json) => name !== 'lacking').map((key: Json) => ({ ...key, last_used_at: null }));
  return [documents.body, collections.body, conversations.body, messages.body, memories.body, personalities.body, own];
}
