import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Api, eventually, readEvents } from '../support/api.js';
import { startLlmServer } from '../support/llm-server.js';
import { makeDataDirectory, removeDataDirectory, type ServerProcess } from '../support/server-process.js';
import { startServer, type TestServer } from '../support/server.js';

const ownerKey = 'owner-key-of-the-engine-tests';
const secondDirectory = makeDataDirectory();
let server: TestServer;
let second: ServerProcess;
let one: Api;
let two: Api;

beforeAll(async () => {
  server = await startServer({ env: { AI_STACK_OWNER_KEY: ownerKey, ENGINE_SCRIPTED: 'true' } });
  second = await server.restart({ dataDirectory: secondDirectory });
  one = new Api(server.url, ownerKey);
  two = new Api(second.url, ownerKey);
  await one.ingest('The ferry to the island leaves at noon.');
});
afterAll(async () => {
  await second.stop();
  await server.stop();
  removeDataDirectory(secondDirectory);
});

const ask = (api: Api, more: object = {}) => api.post('/smart-qa/chat', { query: 'When does the ferry leave?', ...more });
const switchTo = async (api: Api, engine: string) => expect((await api.post('/v1/engines/switch', { engine })).status).toBe(200);

describe('the engines', () => {
  it('are listed, the current one is marked, and each tells its health', async () => {
    const { items } = (await one.get('/v1/engines')).body;
    expect(items).toEqual(['chat', 'extractive', 'scripted'].map((name) => expect.objectContaining({ name, current: name === 'chat', healthy: true })));
    expect((await one.get('/v1/engines/current')).body).toEqual({ engine: 'chat', model: 'extractive', source: 'default' });
    expect((await one.get('/v1/engines/scripted/health')).body).toMatchObject({ engine: 'scripted', healthy: true });
    expect(await one.get('/v1/engines/steam/health')).toMatchObject({ status: 404, body: { code: 'engine.not_found' } });
  });

  it('need permissions: one to look, another one to switch', async () => {
    const { key } = (await one.post('/api-keys', { name: 'looks', permissions: ['engines:read', 'answers:ask'] })).body;
    const looker = one.as(key);
    expect((await looker.get('/v1/engines/current')).status).toBe(200);
    expect(await looker.post('/v1/engines/switch', { engine: 'scripted' })).toMatchObject({ status: 403 });
    expect((await ask(looker, { engine: 'scripted' })).body).toMatchObject({ engine: 'scripted', engine_reason: 'requested' });
  });

  it('are switched without a restart, here at once and on the other process soon after', async () => {
    for (const engine of ['extractive', 'scripted']) {
      await ask(two);
      await switchTo(one, engine);
      expect((await ask(one)).body).toMatchObject({ engine, engine_reason: 'tenant' });
      await eventually(() => ask(two), ({ body }) => body.engine === engine);
    }
    expect(await one.post('/v1/engines/switch', { engine: 'steam' })).toMatchObject({ status: 400, body: { code: 'engine.unknown', errors: [{ path: 'engine' }] } });
    expect((await two.get('/v1/engines/current')).body).toMatchObject({ engine: 'scripted', source: 'tenant' });
  });

  it('tell their figures, the same on every process', async () => {
    await ask(one, { engine: 'extractive' });
    const { body } = await one.get('/v1/engines/performance', { window: '1h' });
    const extractive = body.engines.find(({ engine }: { engine: string }) => engine === 'extractive');
    expect(extractive).toMatchObject({ model: 'extractive', failed: 0, cost: null });
    expect(extractive.avg_retrieval_ms).toBeGreaterThan(0);
    expect(body.recent[0]).toMatchObject({ engine: 'extractive', engine_reason: 'requested', status: 'ok' });
    expect((await two.get('/v1/engines/performance', { window: '1h' })).body.recent[0].id).toBe(body.recent[0].id);
    expect(await one.get('/v1/engines/performance', { window: 'soon' })).toMatchObject({ status: 400 });
  });

  it('of one tenant are not those of another', async () => {
    const { owner_key } = (await one.post('/tenants', { slug: 'ferries', name: 'Ferries' })).body;
    await switchTo(one, 'scripted');
    expect((await one.as(owner_key).get('/v1/engines/current')).body).toMatchObject({ engine: 'chat', source: 'default' });
  });
});

/** One answer, and when it was asked for and had. */
interface Observed {
  status: number;
  engine: string;
  began: number;
  ended: number;
}

async function askUntil(api: Api, stop: AbortSignal, observed: Observed[]): Promise<void> {
  while (!stop.aborted) {
    const began = performance.now();
    const { status, body } = await ask(api);
    observed.push({ status, engine: body?.engine, began, ended: performance.now() });
  }
}

it('switching under load on two processes: no request fails, none is answered by the wrong engine after the call returned', async () => {
  await switchTo(one, 'extractive');
  const stop = new AbortController();
  const here: Observed[] = [];
  const there: Observed[] = [];
  const asking = Promise.all(([[one, here], [two, there]] as const).flatMap(([api, observed]) => Array.from({ length: 4 }, () => askUntil(api, stop.signal, observed))));
  const wrong: Observed[] = [];
  for (let round = 0; round < 6; round += 1) {
    const engine = round % 2 ? 'extractive' : 'scripted';
    await switchTo(one, engine);
    const returned = performance.now();
    // Whoever missed the word of it believes what it knew for less than a second.
    for (const [answers, late] of [[here, 0], [there, 1_000]] as const) {
      const after = () => answers.filter(({ began }) => began > returned + late);
      await eventually(() => Promise.resolve(after().length), (count) => count >= 3);
      wrong.push(...after().filter((answer) => answer.engine !== engine));
    }
  }
  stop.abort();
  await asking;
  expect([...here, ...there].filter(({ status }) => status !== 200)).toEqual([]);
  expect(wrong).toEqual([]);
  expect(new Set(here.map(({ engine }) => engine))).toEqual(new Set(['scripted', 'extractive']));
});

describe('a language model that is down', () => {
  it('is stood in for, said so in the answer, avoided after some failures, and used again when it is back', async () => {
    let down = false;
    const llm = await startLlmServer(() => (down ? { kind: 'failure', status: 401 } : { kind: 'answer', pieces: ['It leaves at noon ', '[1].'] }));
    const alone = await startServer({ env: { AI_STACK_OWNER_KEY: ownerKey, LLM_BASE_URL: llm.url, LLM_MODEL: 'scripted', ENGINE_RETRY_SECONDS: '8', ENGINE_HEALTH_SECONDS: '0' } });
    try {
      const api = new Api(alone.url, ownerKey);
      await api.ingest('The ferry to the island leaves at noon.');
      expect((await ask(api)).body).toMatchObject({ engine: 'chat', engine_reason: 'default', answer: 'It leaves at noon [1].' });
      down = true;
      for (let count = 0; count < 6; count += 1) expect(await ask(api)).toMatchObject({ status: 200, body: { engine: 'extractive', engine_reason: 'failover', refused: false } });
      expect((await api.get('/v1/engines/chat/health')).body.circuit).toBe('open');
      expect(await api.get('/health/ready')).toMatchObject({ status: 200, body: { status: 'degraded', details: { engines: { status: 'degraded', states: { chat: 'down', extractive: 'up' } } } } });
      const asked = llm.requests.length;
      expect((await ask(api)).body.engine).toBe('extractive');
      expect(llm.requests.length).toBe(asked);
      // Who names the engine gets its error.
      expect(await ask(api, { engine: 'chat' })).toMatchObject({ status: 503, body: { code: 'engine.unavailable' } });
      down = false;
      await eventually(() => ask(api), ({ body }) => body.engine === 'chat');
      expect((await api.get('/v1/engines/chat/health')).body.circuit).toBe('closed');
      await eventually(() => api.get('/health/ready'), ({ body }) => body.details.engines.status === 'up');

      llm.script({ kind: 'cut', pieces: ['It leaves ', 'at '] });
      const events = [];
      for await (const event of readEvents(await api.open('POST', '/smart-qa/chat', { body: { query: 'When does the ferry leave?', stream: true } }))) events.push(event);
      expect(events.map(({ event, data }) => data.text ?? event).join('|').replace(' |at', ' at')).toBe('It leaves at |error');
    } finally {
      await alone.stop();
      await llm.stop();
    }
  });
});
