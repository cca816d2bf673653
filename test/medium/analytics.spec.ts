import { Logger } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { RequestCompleted } from '#libs/contracts';
import type { Metric } from '../../src/modules/analytics/stats.types.js';
import type { TenantContext } from '../../src/platform/tenancy/tenant-context.js';
import { tenantContext } from '../../src/platform/tenancy/tenant.service.js';
import { openPlatform, type TestPlatform } from '../support/platform.js';
import { completed, newTenant, startStatistics } from '../support/statistics.js';

const MINUTE = 60_000;
const DAY = 86_400_000;

describe('statistics', () => {
  let platform: TestPlatform;

  beforeAll(async () => {
    Logger.overrideLogger(false);
    platform = await openPlatform({ migrated: true });
  });
  afterAll(async () => {
    await platform.close();
    Logger.overrideLogger(['log', 'error', 'warn']);
  });

  const as = <T>(tenant: TenantContext, work: () => Promise<T>): Promise<T> => platform.tenantDatabase.forTenant(tenant, work);

  describe('overview', () => {
    it('counts requests that are buffered, and those still being answered', async () => {
      const tenant = await newTenant(platform);
      const { events, recorder, stats } = startStatistics(platform);
      for (let i = 0; i < 3; i++) events.emit('request.completed', completed(tenant));
      recorder.inFlight.enter(tenant.slug, 'this very request');

      const overview = await as(tenant, () => stats.overview());

      expect(overview).toMatchObject({ requests: 3, unfinished: 1 });
      events.emit('request.completed', completed(tenant, { requestId: 'this very request' }));
      expect(await as(tenant, () => stats.overview())).toMatchObject({ requests: 4, unfinished: 0 });
    });

    it('tells errors, rates and cache hits', async () => {
      const tenant = await newTenant(platform);
      const { events, stats } = startStatistics(platform);
      const seen: Partial<RequestCompleted>[] = [
        { statusCode: 200, durationMs: 10, cache: 'MISS' },
        { statusCode: 200, durationMs: 2, cache: 'HIT' },
        { statusCode: 304, durationMs: 3, cache: 'STALE' },
        { statusCode: 404, durationMs: 5 },
        { statusCode: 503, durationMs: 30 },
      ];
      for (const fields of seen) events.emit('request.completed', completed(tenant, fields));

      const overview = await as(tenant, () => stats.overview({ window: '1h' }));

      expect(overview).toMatchObject({ requests: 5, clientErrors: 1, serverErrors: 1, maxMs: 30, cacheHits: 2, cacheLookups: 3 });
      expect(overview.avgMs).toBeCloseTo(10, 6);
      expect(overview.qps).toBeGreaterThan(5 / 3_700);
      expect(overview.qps).toBeLessThan(5 / 3_500);
    });

    it('gives percentiles within 5 % of the exact ones', async () => {
      const tenant = await newTenant(platform);
      const { events, recorder, stats } = startStatistics(platform);
      let seed = 7;
      const random = (): number => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
      // Log-normal, from below a millisecond to minutes, over two hours: several rows and grains are added up.
      const durations = Array.from({ length: 4_000 }, () => Math.exp(2.5 + 1.8 * Math.sqrt(-2 * Math.log(random())) * Math.cos(2 * Math.PI * random())));
      for (const durationMs of durations) events.emit('request.completed', completed(tenant, { durationMs, at: Date.now() - random() * 120 * MINUTE }));
      await recorder.flush(tenant.slug);

      const overview = await as(tenant, () => stats.overview());

      const sorted = [...durations].sort((a, b) => a - b);
      const exact = (fraction: number): number => sorted[Math.ceil(fraction * sorted.length) - 1] ?? Number.NaN;
      expect(overview.requests).toBe(4_000);
      for (const [measured, fraction] of [[overview.p50Ms, 0.5], [overview.p95Ms, 0.95], [overview.p99Ms, 0.99]] as const) {
        expect(Math.abs(Number(measured) / exact(fraction) - 1)).toBeLessThan(0.05);
      }
    });

    it('adds minutes, hours and days of a long window to what the requests themselves say', async () => {
      const tenant = await newTenant(platform);
      const { events, recorder, stats } = startStatistics(platform);
      const now = Date.now();
      for (let i = 0; i < 2_000; i++) events.emit('request.completed', completed(tenant, { at: now - ((i * 7_919) % 4_320) * MINUTE }));
      await recorder.flush(tenant.slug);
      const from = new Date(Math.floor((now - 2.3 * DAY) / MINUTE) * MINUTE);
      const to = new Date(Math.floor((now - 0.2 * DAY) / MINUTE) * MINUTE);

      const overview = await as(tenant, () => stats.overview({ from, to }));

      const { rows } = await platform.database.pool.query<{ n: number }>(
        `SELECT count(*) AS n FROM "${tenant.schema}".api_stats WHERE "timestamp" >= $1 AND "timestamp" < $2`,
        [from, to],
      );
      expect(overview.window).toEqual({ from, to });
      expect(overview.requests).toBe(rows[0]?.n);
      expect(overview.requests).toBeGreaterThan(1_000);
    });

    it('is of one tenant only; what nobody was recognised for belongs to the tenant default', async () => {
      const [one, other] = [await newTenant(platform), await newTenant(platform)];
      const operator = tenantContext(await platform.tenants.bySlug('default'));
      const { events, stats } = startStatistics(platform);
      const before = (await as(operator, () => stats.overview())).requests;
      events.emit('request.completed', completed(one));
      events.emit('request.completed', completed(one));
      events.emit('request.completed', completed(other));
      events.emit('request.completed', completed(undefined, { statusCode: 401 }));

      expect((await as(one, () => stats.overview())).requests).toBe(2);
      expect((await as(other, () => stats.overview())).requests).toBe(1);
      expect((await as(operator, () => stats.overview())).requests).toBe(before + 1);
    });

    it('leaves health probes out', async () => {
      const tenant = await newTenant(platform);
      const { events, stats } = startStatistics(platform);
      events.emit('request.completed', completed(tenant, { endpoint: '/health/live' }));
      expect(await as(tenant, () => stats.overview())).toMatchObject({ requests: 0, unfinished: 0, p95Ms: null });
    });

    it.each([
      [{ from: new Date(2_000_000), to: new Date(1_000_000) }, 'from'],
      [{ from: new Date(0), to: new Date(500 * DAY) }, 'from'],
      [{ from: new Date(0), window: '1h' }, 'window'],
    ])('refuses the window %j', async (window, path) => {
      const tenant = await newTenant(platform);
      const { stats } = startStatistics(platform);
      await expect(as(tenant, () => stats.overview(window))).rejects.toMatchObject({ code: 'analytics.invalid_window', details: { errors: [{ path }] } });
    });
  });

  describe('timeseries', () => {
    const from = new Date('2026-10-05T10:00:00Z');
    const to = new Date('2026-10-05T13:00:00Z');

    it('has a point for each interval: 0 for counts of nothing, null for averages of nothing', async () => {
      vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-10-06T00:00:00Z') });
      try {
        const tenant = await newTenant(platform);
        const { events, stats } = startStatistics(platform);
        events.emit('request.completed', completed(tenant, { at: Date.parse('2026-10-05T10:20:00Z'), durationMs: 4 }));
        events.emit('request.completed', completed(tenant, { at: Date.parse('2026-10-05T12:59:59.999Z'), statusCode: 500, endpoint: '/rag/ingest', durationMs: 8 }));
        events.emit('request.completed', completed(tenant, { at: Date.parse('2026-10-05T13:00:00Z') }));
        const values = async (metric: Metric, endpoint?: string) =>
          (await as(tenant, () => stats.timeseries({ metric, interval: 'hour', from, to, endpoint }))).map((point) => point.value);

        expect(await values('requests')).toEqual([1, 0, 1]);
        expect(await values('requests', '/rag/ingest')).toEqual([0, 0, 1]);
        expect(await values('errors')).toEqual([0, 0, 1]);
        expect(await values('error_rate')).toEqual([0, null, 1]);
        expect(await values('avg_duration_ms')).toEqual([4, null, 8]);
        expect(await values('cache_hit_rate')).toEqual([null, null, null]);
        expect((await values('p95_ms')).map((value) => (value === null ? null : Math.round(value)))).toEqual([4, null, 8]);

        const fives = await as(tenant, () => stats.timeseries({ metric: 'requests', interval: '5m', from, to }));
        expect(fives).toHaveLength(36);
        expect(fives[4]).toEqual({ timestamp: new Date('2026-10-05T10:20:00Z'), value: 1 });
        const days = await as(tenant, () => stats.timeseries({ metric: 'requests', interval: 'day', from, to }));
        expect(days).toEqual([{ timestamp: new Date('2026-10-05T00:00:00Z'), value: 3 }]);
      } finally {
        vi.useRealTimers();
      }
    });

    it('refuses more than 2,000 points and names an interval that fits', async () => {
      const tenant = await newTenant(platform);
      const { stats } = startStatistics(platform);
      const asked = as(tenant, () => stats.timeseries({ metric: 'requests', interval: 'minute', window: '3d' }));
      await expect(asked).rejects.toMatchObject({ kind: 'invalid', message: expect.stringContaining('interval=5m') as string });
    });
  });

  it('lists endpoints by what was asked for, in pages', async () => {
    const tenant = await newTenant(platform);
    const { events, stats } = startStatistics(platform);
    const add = (times: number, fields: Partial<RequestCompleted>): void => {
      for (let i = 0; i < times; i++) events.emit('request.completed', completed(tenant, fields));
    };
    add(5, { endpoint: '/a', durationMs: 1 });
    add(3, { endpoint: '/b', durationMs: 90 });
    add(2, { endpoint: '/c', durationMs: 7, statusCode: 404 });
    add(1, { endpoint: '/a', method: 'POST', durationMs: 20 });
    const list = async (sort: 'requests' | 'errors' | 'p95_ms', page = 1, pageSize = 10) => {
      const { items, total } = await as(tenant, () => stats.endpoints({ sort, page, pageSize }));
      return { lines: items.map((item) => `${item.method} ${item.endpoint}`), total };
    };

    expect(await list('requests')).toEqual({ lines: ['GET /a', 'GET /b', 'GET /c', 'POST /a'], total: 4 });
    expect((await list('errors')).lines[0]).toBe('GET /c');
    expect((await list('p95_ms')).lines.slice(0, 2)).toEqual(['GET /b', 'POST /a']);
    expect(await list('requests', 2, 3)).toEqual({ lines: ['POST /a'], total: 4 });
  });
});
