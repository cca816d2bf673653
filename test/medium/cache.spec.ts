import { Logger } from '@nestjs/common';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { CacheService } from '../../src/modules/cache/cache.service.js';
import { ClusterEventBus } from '../../src/platform/events/cluster-event-bus.js';
import { asTenant } from '../support/cache.js';
import { openPlatform } from '../support/platform.js';

/** A process as the cache sees it: a pool and an event connection of its own. Real: PostgreSQL; nothing is mocked. */
async function startProcess(url?: string) {
  const platform = await openPlatform(url === undefined ? {} : { url });
  const bus = new ClusterEventBus(platform.database.config);
  await bus.onModuleInit();
  const cache = new CacheService({ CACHE_MEMORY_MB: 4 }, platform.database, bus);
  const get = (key: string, value = 'again', slug = 'acme', load = async () => value) =>
    asTenant(slug, () => cache.getOrLoad({ namespace: 'search', key, ttlMs: 60_000, tags: [`tag of ${key}`] }, load));
  return { platform, bus, cache, get };
}

type Process = Awaited<ReturnType<typeof startProcess>>;

async function stopProcess({ platform, bus }: Process): Promise<void> {
  await bus.onApplicationShutdown();
  await platform.close();
}

afterEach(() => {
  vi.restoreAllMocks();
});

describe('the cache in two processes on one database', () => {
  let one: Process;
  let two: Process;
  beforeAll(async () => {
    one = await startProcess();
    two = await startProcess(one.platform.url);
  });
  afterAll(async () => {
    await stopProcess(two);
    await stopProcess(one);
  });
  beforeEach(async () => {
    for (const process of [one, two]) {
      for (const namespace of ['search', 'answers'] as const) await asTenant('acme', () => process.cache.drop({ namespace }));
    }
    // Their messages are heard before the test begins.
    await delay(100);
  });

  const keysOfTwo = (slug = 'acme') => asTenant(slug, () => two.cache.keys({ page: 1, pageSize: 10 })).items.map(({ key }) => key);

  it('drops in the other what was dropped in the one, within a second, and only for that tenant', async () => {
    for (const key of ['a', 'b']) await two.get(key);
    await two.get('a', 'of other', 'other');
    const started = performance.now();
    await asTenant('acme', () => one.cache.drop({ tag: 'tag of a' }));
    await vi.waitFor(() => expect(keysOfTwo()).toEqual(['search:b']), { timeout: 1_000, interval: 1 });
    console.log(`a drop is seen by another process after ${(performance.now() - started).toFixed(1)} ms`);
    expect(keysOfTwo('other')).toEqual(['search:a']);
    await asTenant('acme', () => one.cache.drop({ key: 'search:b' }));
    await vi.waitFor(() => expect(keysOfTwo()).toEqual([]), { timeout: 1_000, interval: 1 });
  });

  it('carries the longest keys and tags', async () => {
    const key = '\u0001"中'.repeat(3_000);
    await two.get(key);
    await asTenant('acme', () => one.cache.drop({ key: `search:${key}` }));
    await vi.waitFor(() => expect(keysOfTwo()).toEqual([]), { timeout: 1_000 });
    await two.get(key);
    await asTenant('acme', () => one.cache.drop({ tag: `tag of ${key}` }));
    await vi.waitFor(() => expect(keysOfTwo()).toEqual([]), { timeout: 1_000 });
  });

  it('does not keep in the other what was being loaded during the drop', async () => {
    let finish: (value: string) => void = () => undefined;
    const loading = two.get('a', '', 'acme', () => new Promise((resolve) => (finish = resolve)));
    await delay(0);
    await asTenant('acme', () => one.cache.drop({ tag: 'tag of a' }));
    await delay(100);
    finish('old');
    expect(await loading).toEqual({ value: 'old', state: 'MISS' });
    expect(await two.get('a', 'new')).toEqual({ value: 'new', state: 'MISS' });
  });

  it('forgets everything tagged after its event connection was lost, for drops may have been missed', async () => {
    vi.spyOn(Logger.prototype, 'warn').mockReturnValue();
    await two.get('a');
    await asTenant('acme', () => two.cache.getOrLoad({ namespace: 'search', key: 'untagged', ttlMs: 60_000 }, async () => 1));
    await one.platform.database.pool.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'ai-stack events' AND datname = current_database()`,
    );
    await vi.waitFor(() => expect(keysOfTwo()).toEqual(['search:untagged']), { timeout: 5_000 });
    expect(await two.get('a', 'new')).toMatchObject({ state: 'MISS' });
  });
});
