import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Api, eventually, readEvents, type Json, type StreamEvent } from '../support/api.js';
import { startLlmServer, type LlmServer, type LlmStep } from '../support/llm-server.js';
import { startServer, type TestServer } from '../support/server.js';
import { steadyPort } from '../support/wire-server.js';

/** What happens to answers when the model's server fails, in each phase of an answer and at each door. */

const timeoutSeconds = 3;
/** More than one time-out, less than one for each attempt. */
const patienceMs = timeoutSeconds * 2_500;
const query = 'When does the ferry leave?';
let llm: LlmServer;
let server: TestServer;
let api: Api;
beforeAll(async () => {
  llm = await startLlmServer();
  server = await startServer({ env: { LLM_BASE_URL: llm.url, LLM_MODEL: 'scripted', LLM_TIMEOUT_SECONDS: String(timeoutSeconds), ENGINE_HEALTH_SECONDS: '1', ENGINE_RETRY_SECONDS: '1' } });
  api = new Api(server.url, server.ownerKey);
  await api.ingest('The ferry to the island leaves at noon.');
});
afterAll(async () => {
  await server.stop();
  await llm.stop();
});
beforeEach(() => llm.script());

/** How one answer ended. */
interface Ended {
  text: string;
  /** Undefined: it is whole. */
  error?: string;
  engine?: string;
  ms: number;
}

async function events(body: object): Promise<StreamEvent[]> {
  const response = await api.open('POST', '/smart-qa/chat', { body });
  if (response.status !== 200) return [{ id: '', event: 'error', data: await response.json() }];
  const all: StreamEvent[] = [];
  for await (const event of readEvents(response)) all.push(event);
  return all;
}

/** Each asks in its own form; all tell the same of how it ended. */
const doors: Record<string, (engine: string | undefined) => Promise<Omit<Ended, 'ms'>>> = {
  whole: async (engine) => {
    const { status, body } = await api.post('/smart-qa/chat', { query, engine });
    return status === 200 ? { text: body.answer, error: undefined, engine: body.engine } : { text: '', error: body.code };
  },
  streamed: async (engine) => {
    const all = await events({ query, engine, stream: true });
    const last = all.at(-1);
    return { text: all.map(({ event, data }) => (event === 'delta' ? data.text : '')).join(''), error: last?.event === 'done' ? undefined : (last?.data.code ?? 'no end'), engine: last?.data.engine };
  },
  'of OpenAI clients': async (engine) => {
    const response = await api.open('POST', '/v1/chat/completions', { body: { model: engine ? `engine:${engine}` : 'ai-stack', messages: [{ role: 'user', content: query }], stream: true } });
    const frames = [...(await response.text()).matchAll(/^data: (\{.*)$/gm)].map(([, json]) => JSON.parse(json ?? '') as Json);
    if (response.status !== 200) return { text: '', error: 'not begun' };
    const finish = frames.map(({ choices }) => choices?.[0]?.finish_reason).find(Boolean);
    return { text: frames.map(({ choices }) => choices?.[0]?.delta.content ?? '').join(''), error: finish ? undefined : (frames.at(-1)?.error?.code ?? 'no end') };
  },
};

async function askAt(door: string, engine: string | undefined, ...steps: LlmStep[]): Promise<Ended> {
  llm.script(...steps);
  const startedAt = performance.now();
  const ended = await (doors[door] as (typeof doors)[string])(engine);
  return { ...ended, ms: performance.now() - startedAt };
}

const good: LlmStep = { kind: 'answer', pieces: ['At noon ', '[1].'] };
const refused: LlmStep = { kind: 'refusal' };
const tool: LlmStep = { kind: 'tools', calls: [{ id: 'a', name: 'calculator', arguments: '{"expression":"6*7"}' }] };
const busy = (seconds: number): LlmStep => ({ kind: 'failure', status: 429, headers: { 'retry-after': String(seconds) } });
/** For all attempts; one over a connection that was open already is made twice. */
const always = (step: LlmStep): LlmStep[] => Array.from({ length: 6 }, () => step);

describe.each(Object.keys(doors))('an answer %s', (door) => {
  it.each([
    ['dies before the headers', [refused, good]],
    ['is too busy twice', [busy(0), busy(0), good]],
    ['has a fault', [{ kind: 'failure', status: 503 }, good]],
    ['dies after tools were run', [tool, refused, good]],
    ['is too busy after tools were run', [tool, busy(0), good]],
  ] as [string, LlmStep[]][])('comes, when the server %s and then is well again', async (_name, steps) => {
    expect(await askAt(door, 'chat', ...steps)).toMatchObject({ text: 'At noon [1].', error: undefined });
  });

  it.each([
    ['dies before the headers, each time', always(refused)],
    ['dies before the first word', [{ kind: 'cut', pieces: [] }]],
    ['is too busy for long', [busy(3600)]],
    ['says nothing', always({ kind: 'silence' })],
    ['sends comments only', always({ kind: 'comments' })],
  ] as [string, LlmStep[]][])('comes from an engine that stands in, when the server %s; who named the engine gets its error', async (_name, steps) => {
    const stoodIn = await askAt(door, undefined, ...steps);
    expect(stoodIn.error).toBeUndefined();
    expect(stoodIn.text).toContain('leaves at noon');
    const named = await askAt(door, 'chat', ...steps);
    expect(named.error).toMatch(/^(engine\.(unavailable|interrupted|timeout)|not begun)$/);
    expect(named.text).toBe('');
    expect(Math.max(stoodIn.ms, named.ms)).toBeLessThan(patienceMs);
  });

  it.each([
    ['dies in the middle', [{ kind: 'cut', pieces: ['At ', 'noon'] }], 'engine.interrupted'],
    ['ends without an end', [{ kind: 'answer', pieces: ['At ', 'noon'], finish: null }], 'engine.interrupted'],
    ['falls silent in the middle', [{ kind: 'stall', pieces: ['At ', 'noon'] }], 'engine.timeout'],
    ['dies for good after tools were run', [tool, ...always(refused)], 'engine.unavailable'],
  ] as [string, LlmStep[], string][])('is an error after what was said, never another engine’s words, when the server %s', async (_name, steps, code) => {
    // Without a stream nothing was said yet: another engine may answer.
    for (const engine of door === 'whole' ? ['chat'] : ['chat', undefined]) {
      if (!engine) await eventually(() => api.get('/v1/engines/chat/health'), ({ body }) => body.circuit === 'closed');
      const { text, error, ms } = await askAt(door, engine, ...steps);
      expect('At noon'.startsWith(text)).toBe(true);
      expect([code, 'not begun']).toContain(error);
      expect(ms).toBeLessThan(patienceMs);
    }
  });
});

describe('the server killed under load', () => {
  it('ends every stream with an error at once, and answers come again when it is back', async () => {
    const doomed = await startLlmServer(() => ({ kind: 'answer', pieces: Array.from({ length: 2_000 }, () => 'on and on '), pauseMs: 50 }), await steadyPort());
    const other = await startServer({ env: { LLM_BASE_URL: doomed.url, LLM_MODEL: 'scripted', ENGINE_HEALTH_SECONDS: '1', ENGINE_RETRY_SECONDS: '1' } });
    const asker = new Api(other.url, other.ownerKey);
    try {
      const told = Array.from({ length: 20 }, (): StreamEvent[] => []);
      const streams = told.map(async (all) => {
        for await (const event of readEvents(await asker.open('POST', '/smart-qa/chat', { body: { query, stream: true, engine: 'chat' } }))) all.push(event);
        return all;
      });
      await eventually(() => Promise.resolve(told), (streamed) => streamed.every((all) => all.some(({ event }) => event === 'delta')));
      const killedAt = performance.now();
      await doomed.stop();
      for (const all of await Promise.all(streams)) {
        expect(all.filter(({ event }) => event === 'delta').length).toBeGreaterThan(0);
        expect(all.at(-1)).toMatchObject({ event: 'error', data: { code: 'engine.interrupted' } });
      }
      // The answers would have gone on for longer than a minute.
      expect(performance.now() - killedAt).toBeLessThan(30_000);
      const back = await startLlmServer(undefined, Number(new URL(doomed.url).port));
      try {
        await eventually(() => asker.post('/smart-qa/chat', { query }), ({ body }) => body.engine === 'chat' && body.engine_reason === 'default');
      } finally {
        await back.stop();
      }
    } finally {
      await other.stop();
      await doomed.stop();
    }
  });
});
