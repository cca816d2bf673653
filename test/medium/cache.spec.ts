import { Logger } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { CacheService } from '../../src/modules/cache/cache.service.js';
import { ClusterEventBus, notification, notifySql } from '../../src/platform/events/cluster-event-bus.js';
import { asTenant, manualLoad } from '../support/cache.js';
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
    await heardAll();
  });

  /** Until both have heard what was said before; messages come in the order in which they were sent. */
  async function heardAll(): Promise<void> {
    const mark = `tenant_${randomUUID()}`;
    const heard = [one, two].map(({ bus }) => new Promise<void>((resolve) => bus.on('memories.queued', ({ schema }) => schema === mark && resolve())));
    await one.platform.database.pool.query(notifySql, [notification('memories.queued', { schema: mark })]);
    await Promise.all(heard);
  }

  const keysOfTwo = (slug = 'acme') => asTenant(slug, () => two.cache.keys({ page: 1, pageSize: 10 })).items.map(({ key }) => key);

  it('drops in the other what was dropped in the one, and only for that tenant', async () => {
    for (const key of ['a', 'b']) await two.get(key);
    await two.get('a', 'of other', 'other');
    await asTenant('acme', () => one.cache.drop({ tag: 'tag of a' }));
    await expect.poll(() => keysOfTwo()).toEqual(['search:b']);
    expect(keysOfTwo('other')).toEqual(['search:a']);
    await asTenant('acme', () => one.cache.drop({ key: 'search:b' }));
    await expect.poll(() => keysOfTwo()).toEqual([]);
  });

  it('carries the longest keys and tags', async () => {
    const key = '\u0001"中'.repeat(3_000);
    await two.get(key);
    await asTenant('acme', () => one.cache.drop({ key: `search:${key}` }));
    await expect.poll(() => keysOfTwo()).toEqual([]);
    await two.get(key);
    await asTenant('acme', () => one.cache.drop({ tag: `tag of ${key}` }));
    await expect.poll(() => keysOfTwo()).toEqual([]);
  });

  it('does not keep in the other what was being loaded during the drop', async () => {
    const { calls, load } = manualLoad();
    const loading = two.get('a', '', 'acme', load);
    await expect.poll(() => calls.length).toBe(1);
    await asTenant('acme', () => one.cache.drop({ tag: 'tag of a' }));
    await heardAll();
    calls[0]?.resolve('old');
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
    await expect.poll(() => keysOfTwo()).toEqual(['search:untagged']);
    expect(await two.get('a', 'new')).toMatchObject({ state: 'MISS' });
  });
});
