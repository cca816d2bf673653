import { Logger } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { Mem0PlatformMemorySource } from '../../src/modules/engine/adapters/mem0-platform.memory-source.js';
import { Mem0ServerMemorySource } from '../../src/modules/engine/adapters/mem0-server.memory-source.js';
import { OwnMemorySource } from '../../src/modules/engine/adapters/own.memory-source.js';
import type { MemorySource } from '../../src/modules/engine/ports/memory-source.js';
import type { TenantContext } from '../../src/platform/tenancy/tenant-context.js';
import { eventually } from '../support/api.js';
import { startMem0Server, type Mem0Server } from '../support/mem0-server.js';
import { openMemories, type MemoryProcess } from '../support/memory.js';
import { openPlatform, type TestPlatform } from '../support/platform.js';
import { startServer, type TestServer } from '../support/server.js';
import { newTenant } from '../support/statistics.js';
import { sendJson, startWireServer, steadyPort } from '../support/wire-server.js';
import { ann, asPrincipal, describeMemorySource, recalled, told, until, type OpenedSource } from './memory-source.contract.js';

const apiKey = 'key-of-mem0';
const installedClient = process.env.AI_STACK_MEM0_CLIENT;

beforeAll(() => Logger.overrideLogger(false));
afterAll(() => Logger.overrideLogger(['log', 'error', 'warn']));

interface Surroundings {
  platform: TestPlatform;
  process: MemoryProcess;
  tenants: [TenantContext, TenantContext];
}

/** A process with its queue at work. */
async function surround(): Promise<Surroundings> {
  const platform = await openPlatform({ migrated: true });
  const process = openMemories(platform);
  return { platform, process, tenants: [await newTenant(platform), await newTenant(platform)] };
}

async function open(make: (surroundings: Surroundings) => MemorySource, close: () => Promise<unknown> = () => Promise.resolve()): Promise<OpenedSource> {
  const surroundings = await surround();
  const source = make(surroundings);
  await surroundings.process.startWorker();
  return {
    source,
    tenants: surroundings.tenants,
    close: async () => {
      await surroundings.process.stopWorker();
      await surroundings.platform.close();
      await close();
    },
  };
}

describeMemorySource(OwnMemorySource.name, () => open(({ process }) => new OwnMemorySource(process.memories, process.turns)));

describeMemorySource(`${Mem0ServerMemorySource.name} with a self-hosted server`, async () => {
  const server = await startMem0Server(apiKey);
  return open(({ process }) => new Mem0ServerMemorySource({ baseUrl: server.url, apiKey }, process.turns, 1_000), () => server.stop());
});

/** Another installation of this product, as the mem0 server that it also is. */
const ofStack = (Source: typeof Mem0ServerMemorySource | typeof Mem0PlatformMemorySource) => async () => {
  const server: TestServer = await startServer();
  return open(({ process }) => new Source({ baseUrl: `${server.url}/mem0/`, apiKey: server.ownerKey }, process.turns, 1_000), () => server.stop());
};
describeMemorySource(`${Mem0ServerMemorySource.name} with AI Stack`, ofStack(Mem0ServerMemorySource));
describeMemorySource(`${Mem0PlatformMemorySource.name} with AI Stack`, ofStack(Mem0PlatformMemorySource));

describe('a mem0 server', () => {
  let server: Mem0Server;
  let surroundings: Surroundings;
  let source: Mem0ServerMemorySource;
  const retryMs = 400;
  beforeAll(async () => {
    server = await startMem0Server(apiKey);
    surroundings = await surround();
    source = new Mem0ServerMemorySource({ baseUrl: server.url, apiKey }, surroundings.process.turns, retryMs);
    await surroundings.process.startWorker();
  });
  afterAll(async () => {
    await surroundings.process.stopWorker();
    await surroundings.platform.close();
    await server.stop();
  });
  const as = <T>(work: () => Promise<T>) => asPrincipal(surroundings.tenants[0], ann, work);
  const recall = (query = 'Where do I live?') => as(() => source.recall('', query));
  const cooled = async () => {
    server.behave('well');
    await until(async () => (await recall()).missed === undefined);
  };

  it('is told of users by names that we make, and gets whole turns', async () => {
    await as(() => source.remember('carol', told('I live in Lisbon.')));
    await until(() => Promise.resolve(server.added.count === 1));
    const user_id = `${surroundings.tenants[0].slug}:${ann}:carol`;
    expect(server.requests.at(-1)).toEqual({ method: 'POST', path: '/memories', key: apiKey, body: { messages: told('I live in Lisbon.'), user_id, metadata: { source: 'ai-stack', turn: expect.any(String) } } });
    await as(() => recalled(() => source.recall('x'.repeat(300), 'Where?')));
    const { user_id: long } = server.requests.at(-1)?.body?.filters as { user_id: string };
    expect(long).toMatch(new RegExp(`^${surroundings.tenants[0].slug}:${ann}:[0-9a-f]{64}$`));
  });

  it('that is slow is waited for 300 ms, then not at all for a while, and comes back', async () => {
    server.behave('slow');
    // The while does not pass.
    vi.useFakeTimers({ toFake: ['performance'] });
    try {
      for (const missed of ['timeout', 'timeout', 'failed', 'failed']) {
        const started = Date.now();
        expect(await recall()).toEqual({ items: [], missed });
        // It would answer after a minute.
        expect(Date.now() - started).toBeLessThan(30_000);
      }
    } finally {
      vi.useRealTimers();
    }
    await cooled();
  });

  it.each(['failing', 'nonsense', 'huge'] as const)('that is %s is missed, and never an error', async (mood) => {
    server.behave(mood);
    // What it says may come after the 300 ms, and then it is left alone for a while.
    const heard = async () => {
      const before = server.requests.length;
      const answer = await recall();
      expect(answer).toEqual({ items: [], missed: expect.any(String) });
      return server.requests.length > before && answer.missed === 'failed';
    };
    await eventually(heard, (failed) => failed);
    if (mood === 'failing') expect(await source.healthCheck()).toMatchObject({ healthy: false, detail: expect.stringContaining('503') });
    await cooled();
  });

  it('that ignores whose memories are asked for is not believed', async () => {
    server.behave('leaky');
    expect(await recalled(recall)).toEqual({ items: [] });
    server.behave('well');
  });

  it('that fails after it has kept a turn does not get it twice', async () => {
    const before = server.added.count;
    server.behave('lost');
    await as(() => source.remember('erin', told('I keep bees.')));
    await until(() => Promise.resolve(server.added.count === before + 1));
    await surroundings.process.worker.idle();
    server.behave('well');
    await surroundings.platform.tenantDatabase.forTenant(surroundings.tenants[0], () => surroundings.platform.tenantDatabase.query((sql) => `UPDATE ${sql.table('memory_turns')} SET run_after = now()`));
    const again = openMemories(surroundings.platform);
    const second = new Mem0ServerMemorySource({ baseUrl: server.url, apiKey }, again.turns, retryMs);
    await again.startWorker();
    await until(async () => (await as(() => again.turns.figures(ann))).queued === 0);
    await again.stopWorker();
    expect(server.added.count).toBe(before + 1);
    expect((await as(() => recalled(() => second.recall('erin', 'bees')))).items).toHaveLength(1);
  });

  it('that refuses the key or is gone is unhealthy, and its errors do not tell the key', async () => {
    const wrong = new Mem0ServerMemorySource({ baseUrl: server.url, apiKey: 'secret-but-wrong' }, surroundings.process.turns, retryMs);
    const health = await wrong.healthCheck();
    expect(health).toMatchObject({ healthy: false, detail: expect.stringContaining('401') });
    expect(JSON.stringify(health)).not.toContain('secret-but-wrong');
    const gone = new Mem0PlatformMemorySource({ baseUrl: `http://127.0.0.1:${await steadyPort()}`, apiKey }, surroundings.process.turns, retryMs);
    expect(await gone.healthCheck()).toMatchObject({ healthy: false, detail: expect.stringContaining('ECONNREFUSED') });
  });
});

if (!installedClient) console.warn('SKIPPED: AI_STACK_MEM0_CLIENT names no installed mem0ai');
describe.skipIf(!installedClient)('the npm client mem0ai (AI_STACK_MEM0_CLIENT)', () => {
  interface Client {
    ping(): Promise<void>;
    add(messages: object[], options: object): Promise<unknown>;
    search(query: string, options: object): Promise<unknown>;
    getAll(options: object): Promise<unknown>;
  }

  it('sends what the platform form sends', async () => {
    process.env.MEM0_TELEMETRY = 'false';
    const seen: unknown[] = [];
    const server = await startWireServer((path, body, { method, headers }, response) => {
      seen.push({ method, path, body, key: headers.authorization });
      sendJson(response, 200, path.includes('ping') ? { status: 'ok' } : { results: [] });
    });
    const host = server.url.replace(/\/v1$/, '');
    const { MemoryClient } = (await import(installedClient ?? '')) as { MemoryClient: new (options: object) => Client };
    const client = new MemoryClient({ apiKey, host });
    await client.ping();
    const surroundings = await surround();
    const [tenant] = surroundings.tenants;
    const user = `${tenant.slug}:${ann}`;
    let deliver: Parameters<MemoryProcess['turns']['register']>[1] | undefined;
    const source = new Mem0PlatformMemorySource({ baseUrl: host, apiKey }, { accept: () => Promise.resolve(), register: (_target, handler) => (deliver = handler) }, 1_000);
    seen.splice(0);
    await client.ping();
    await client.search('Where?', { topK: 8, filters: { user_id: user } });
    await client.getAll({ page: 1, pageSize: 100, filters: { user_id: user } });
    await client.add(told('I live in Lisbon.'), { userId: user, metadata: { source: 'ai-stack', turn: 'turn-1' } });
    const theirs = seen.splice(0);
    await source.healthCheck();
    await asPrincipal(tenant, ann, () => source.recall('', 'Where?'));
    await asPrincipal(tenant, ann, () => deliver!({ id: 'turn-1', attempt: 2, acceptedAt: new Date(), scope: { ownerId: ann, userId: '' }, turn: told('I live in Lisbon.') }, AbortSignal.timeout(60_000)));
    expect(seen).toEqual(theirs);
    await surroundings.platform.close();
    await server.stop();
  });
});
