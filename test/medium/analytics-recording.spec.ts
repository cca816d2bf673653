import { Logger } from '@nestjs/common';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { StatsMaintenance } from '../../src/modules/analytics/stats-maintenance.js';
import { TenantRounds } from '../../src/platform/tenancy/tenant-rounds.js';
import type { TenantContext } from '../../src/platform/tenancy/tenant-context.js';
import { openPlatform, type TestPlatform } from '../support/platform.js';
import { completed, newTenant, startStatistics, storedRequests } from '../support/statistics.js';

const MINUTE = 60_000;
const DAY = 86_400_000;

describe('recording of requests', () => {
  let platform: TestPlatform;

  beforeAll(async () => {
    Logger.overrideLogger(false);
    platform = await openPlatform({ migrated: true });
  });
  afterAll(async () => {
    await platform.close();
    Logger.overrideLogger(['log', 'error', 'warn']);
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.restoreAllMocks();
  });

  const as = <T>(tenant: TenantContext, work: () => Promise<T>): Promise<T> => platform.tenantDatabase.forTenant(tenant, work);

  describe('the buffer', () => {
    it('is written in the background, and at the shutdown to the last row', async () => {
      const tenant = await newTenant(platform);
      const { events, recorder } = startStatistics(platform, { flushEveryMs: 20 });
      recorder.onApplicationBootstrap();
      events.emit('request.completed', completed(tenant));
      await expect.poll(() => storedRequests(platform, tenant)).toBe(1);

      for (let i = 0; i < 1_234; i++) events.emit('request.completed', completed(tenant));
      await recorder.beforeApplicationShutdown();
      // Answered while the server was closing.
      events.emit('request.completed', completed(tenant));
      await recorder.onApplicationShutdown();

      expect(await storedRequests(platform, tenant)).toBe(1_236);
    });

    it('keeps rows while the database is away, drops and counts what finds no room, and recovers', async () => {
      const tenant = await newTenant(platform);
      const { events, recorder, store, stats } = startStatistics(platform, { capacity: 100, flushEveryMs: 10 });
      const down = vi.spyOn(store, 'write').mockRejectedValue(Object.assign(new Error('connection refused'), { code: 'ECONNREFUSED' }));
      recorder.onApplicationBootstrap();
      for (let i = 0; i < 130; i++) events.emit('request.completed', completed(tenant));
      await expect.poll(() => down.mock.calls.length).toBeGreaterThan(2);
      expect(recorder.unfinished(tenant.slug)).toBe(100);
      expect(recorder.dropped(tenant.slug)).toBe(30);

      down.mockRestore();
      await expect.poll(() => storedRequests(platform, tenant)).toBe(100);

      events.emit('request.completed', completed(tenant));
      expect(await as(tenant, () => stats.overview())).toMatchObject({ requests: 101, unfinished: 0, dropped: 30 });
      await recorder.onApplicationShutdown();
    });

    it('does not hold up the shutdown when the database hangs', async () => {
      const tenant = await newTenant(platform);
      const { events, recorder, store } = startStatistics(platform, { shutdownMs: 200 });
      vi.spyOn(store, 'write').mockReturnValue(new Promise(() => undefined));
      events.emit('request.completed', completed(tenant));
      const begin = Date.now();
      await recorder.beforeApplicationShutdown();
      await recorder.onApplicationShutdown();
      // Without its limit it would wait for twice 8 s.
      expect(Date.now() - begin).toBeLessThan(10_000);
      expect(recorder.unfinished(tenant.slug)).toBe(1);
    });

    it('survives connections that the server ends', async () => {
      const tenant = await newTenant(platform);
      const { events, recorder } = startStatistics(platform, { flushEveryMs: 10 });
      recorder.onApplicationBootstrap();
      events.emit('request.completed', completed(tenant));
      await platform.database.pool.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()');
      events.emit('request.completed', completed(tenant));
      // A batch whose acknowledgement was lost with the connection is written again.
      await expect.poll(() => storedRequests(platform, tenant)).toBeGreaterThanOrEqual(2);
      await recorder.onApplicationShutdown();
    });

    it('is not blocked by a tenant that is gone', async () => {
      const [gone, here] = [{ tenantId: '019aa4c5-8a52-7c3e-9f34-0242ac120002', slug: 'gone', schema: 'tenant_gone' }, await newTenant(platform)];
      const { events, recorder } = startStatistics(platform);
      events.emit('request.completed', completed(gone));
      events.emit('request.completed', completed(here));
      await recorder.beforeApplicationShutdown();
      expect(await storedRequests(platform, here)).toBe(1);
      expect([recorder.dropped('gone'), recorder.unfinished('gone')]).toEqual([1, 0]);
    });
  });

  it('lets two processes count the same minutes at once, without a deadlock or a lost row', async () => {
    const tenant = await newTenant(platform);
    const second = await openPlatform({ url: platform.url });
    try {
      const processes = [startStatistics(platform, { batch: 40 }), startStatistics(second, { batch: 40 })];
      const now = Date.now();
      const writes = processes.map(({ store }) => vi.spyOn(store, 'write'));
      await Promise.all(
        processes.map(async ({ events, recorder }, p) => {
          for (let i = 0; i < 1_000; i++) {
            // Opposite orders of endpoints and minutes: unordered locks would meet crosswise.
            const place = p === 0 ? i % 20 : 19 - (i % 20);
            events.emit('request.completed', completed(tenant, { endpoint: `/route/${place}`, at: now - place * MINUTE }));
            if (i % 40 === 39) await recorder.flush(tenant.slug);
          }
          await recorder.flush(tenant.slug);
        }),
      );
      expect(writes.flatMap((spy) => spy.mock.settledResults.filter(({ type }) => type === 'rejected'))).toEqual([]);
      expect(await storedRequests(platform, tenant)).toBe(2_000);
      const first = processes[0];
      expect(await as(tenant, async () => (await first?.stats.overview())?.requests)).toBe(2_000);
    } finally {
      await second.close();
    }
  });

  describe('partitions', () => {
    async function partitions(tenant: TenantContext): Promise<string[]> {
      const { rows } = await platform.database.pool.query<{ name: string }>(
        'SELECT c.relname AS name FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = $1::regclass ORDER BY 1',
        [`"${tenant.schema}".api_stats`],
      );
      return rows.map((row) => row.name);
    }

    it('are made for this month and the next, and dropped after the months to keep', async () => {
      const tenant = await newTenant(platform);
      const { events, recorder, store, stats } = startStatistics(platform);
      // The month may end at any moment.
      vi.useFakeTimers({ toFake: ['Date'] });
      const now = Date.now();
      const thisMonth = new Date(now).toISOString().slice(0, 7).replace('-', '_');
      events.emit('request.completed', completed(tenant));
      events.emit('request.completed', completed(tenant, { at: now - 300 * DAY }));
      await recorder.flush(tenant.slug);
      expect(await partitions(tenant)).toHaveLength(3);
      expect(await partitions(tenant)).toContain(`api_stats_${thisMonth}`);

      const rounds = new TenantRounds(platform.tenants, platform.tenantDatabase);
      new StatsMaintenance(rounds, store, { ANALYTICS_RETENTION_MONTHS: 2 }).onModuleInit();
      await rounds.walk();
      expect(await storedRequests(platform, tenant)).toBe(1);
      expect((await as(tenant, () => stats.overview({ window: '390d' }))).requests).toBe(1);
      await as(tenant, () => new StatsMaintenance(rounds, store, { ANALYTICS_RETENTION_MONTHS: 1 }).maintain(new Date(now + 100 * DAY)));
      expect(await partitions(tenant)).not.toContain(`api_stats_${thisMonth}`);
      expect(await storedRequests(platform, tenant)).toBe(0);
    });
  });
});
