import { Logger } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ChatEngine } from '../../src/modules/engine/adapters/chat.engine.js';
import { LanguageModel } from '../../src/platform/language-model/language-model.js';
import { Mem0PlatformMemorySource } from '../../src/modules/engine/adapters/mem0-platform.memory-source.js';
import { Mem0ServerMemorySource } from '../../src/modules/engine/adapters/mem0-server.memory-source.js';
import type { ChatMessage, EngineEvent, EngineOptions } from '../../src/modules/engine/engine.types.js';
import { Engine } from '../../src/modules/engine/ports/engine.js';
import { eventually } from '../support/api.js';
import { startLlmServer, type LlmServer } from '../support/llm-server.js';
import { startMem0Server, type Mem0Server } from '../support/mem0-server.js';
import { openMemories, type MemoryProcess } from '../support/memory.js';
import { openPlatform, type TestPlatform } from '../support/platform.js';
import { startServer } from '../support/server.js';
import { newTenant } from '../support/statistics.js';
import { steadyPort } from '../support/wire-server.js';
import { asAsked, collect, contextOf, describeEngine, passages, written } from './engine.contract.js';
import { ann, asPrincipal, until } from './memory-source.contract.js';

const apiKey = 'key-of-mem0';
type Source = typeof Mem0ServerMemorySource | typeof Mem0PlatformMemorySource;
interface Mem0 {
  url: string;
  key: string;
  stop(): Promise<unknown>;
}

beforeAll(() => Logger.overrideLogger(false));
afterAll(() => Logger.overrideLogger(['log', 'error', 'warn']));

/** The engine as a request of a principal uses it, with memory. */
class AskedByAnn extends Engine {
  constructor(
    readonly engine: ChatEngine,
    private readonly within: <T>(work: () => Promise<T>) => Promise<T>,
  ) {
    super();
  }

  getEngineInfo() {
    return this.engine.getEngineInfo();
  }

  async *generateResponse(messages: ChatMessage[], options: EngineOptions): AsyncIterable<EngineEvent> {
    const events = this.engine.generateResponse(messages, { memory: { userId: '' }, ...options });
    for (;;) {
      const { value, done } = await this.within(() => events.next());
      if (done) return;
      yield value as EngineEvent;
    }
  }

  healthCheck() {
    return this.engine.healthCheck();
  }
}

interface Opened {
  engine: AskedByAnn;
  llm: LlmServer;
  process: MemoryProcess;
  platform: TestPlatform;
  close(): Promise<void>;
}

async function open(Form: Source, mem0: Mem0): Promise<Opened> {
  const llm = await startLlmServer(asAsked, await steadyPort());
  const platform = await openPlatform({ migrated: true });
  const tenant = await newTenant(platform);
  const process = openMemories(platform);
  const memory = new Form({ baseUrl: mem0.url, apiKey: mem0.key }, process.turns, 500);
  await process.startWorker();
  const model = new LanguageModel({ baseUrl: llm.url, apiKey: 'key', model: 'scripted', timeoutSeconds: 60 });
  const engine = new AskedByAnn(new ChatEngine('mem0_proxy', { model, contextTokens: 8_192, memory }), (work) => asPrincipal(tenant, ann, work));
  const close = async () => {
    await process.stopWorker();
    await platform.close();
    await Promise.all([llm.stop(), mem0.stop()]);
  };
  return { engine, llm, process, platform, close };
}

/** Another installation of this product, as the mem0 server that it also is. */
async function startStack(): Promise<Mem0> {
  const server = await startServer();
  return { url: `${server.url}/mem0`, key: server.ownerKey, stop: () => server.stop() };
}

const selfHosted = async (): Promise<Mem0 & { server: Mem0Server }> => {
  const server = await startMem0Server(apiKey);
  return { server, url: server.url, key: apiKey, stop: () => server.stop() };
};

describeEngine('mem0_proxy with a self-hosted server', async () => open(Mem0ServerMemorySource, await selfHosted()), { tools: true });
describeEngine('mem0_proxy with AI Stack as a self-hosted server', async () => open(Mem0ServerMemorySource, await startStack()), { tools: true });
describeEngine('mem0_proxy with AI Stack as the platform', async () => open(Mem0PlatformMemorySource, await startStack()), { tools: true });

describe('mem0_proxy', () => {
  let opened: Opened;
  let mem0: Mem0Server;
  beforeAll(async () => {
    const started = await selfHosted();
    mem0 = started.server;
    opened = await open(Mem0ServerMemorySource, started);
  });
  afterAll(() => opened.close());
  const ask = async (content: string, signal?: AbortSignal) => (await collect(opened.engine, { context: contextOf(passages, content), stream: true, signal }, [{ role: 'user', content }])).answer;

  it('brings the whole turn to the server, and what the server knows into the prompt: fenced, in a part of its own', async () => {
    expect((await ask('I moved to Lisbon. When does the lease of the warehouse end?')).memory).toMatchObject({ found: 0 });
    await until(() => Promise.resolve(mem0.added.count === 1));
    expect(mem0.requests.at(-1)?.body?.messages).toEqual([{ role: 'user', content: expect.stringContaining('I moved to Lisbon') }, { role: 'assistant', content: written.join('') }]);
    // What is not found in 300 ms is missed, and asked for again.
    const { memory } = await eventually(() => ask('Is the warehouse in Hamburg far from Lisbon?'), ({ memory: recalled }) => recalled?.missed === undefined);
    expect(memory).toMatchObject({ found: 1, tookMs: expect.any(Number) });
    const sent = opened.llm.requests.at(-1)?.messages ?? [];
    const [system, user] = [sent.filter(({ role }) => role === 'system').map(({ content }) => content).join('\n'), sent.at(-1)?.content];
    expect(system).toContain('I moved to Lisbon.');
    expect(user).not.toContain('I moved to Lisbon.');
    expect(system).toMatch(/<<(memor[\w-]*)[^>]*>>[\s\S]*I moved to Lisbon[\s\S]*<<end \1[^>]*>>/);
  });

  it('answers without a server that is slow, failing or gone, says so, and is not avoided for it', async () => {
    for (const [mood, missed] of [['slow', 'timeout'], ['failing', 'failed'], ['failing', 'failed']] as const) {
      mem0.behave(mood);
      const started = performance.now();
      const answer = await ask('When does the lease of the warehouse end?');
      // It would answer after a minute.
      expect(performance.now() - started).toBeLessThan(30_000);
      expect(answer).toMatchObject({ finishReason: 'stop', memory: { found: 0 } });
      // Its refusal may come after the 300 ms, too.
      expect([missed, 'timeout']).toContain(answer.memory?.missed);
      expect(answer.text).toContain('31 March 2027');
    }
    expect(await opened.engine.healthCheck()).toMatchObject({ healthy: false, degraded: true, detail: expect.stringContaining('503') });
    mem0.behave('well');
    expect(await opened.engine.healthCheck()).toEqual({ healthy: true });
  });

  it('is unhealthy, and avoided, without its model', async () => {
    await opened.llm.stop();
    expect(await opened.engine.healthCheck()).toEqual({ healthy: false, detail: expect.any(String) });
  });
});
