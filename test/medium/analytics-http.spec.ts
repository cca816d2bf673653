import { Controller, Get, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ENTITIES } from '../../src/entities.js';
import { AnalyticsHttpModule } from '../../src/modules/analytics/analytics.module.js';
import { AuditModule } from '../../src/platform/audit/audit.module.js';
import { ConfigModule } from '../../src/platform/config/config.module.js';
import { parseEnv } from '../../src/platform/config/env.js';
import { DatabaseConfig } from '../../src/platform/database/database.config.js';
import { DatabaseModule } from '../../src/platform/database/database.module.js';
import { EventsModule } from '../../src/platform/events/events.module.js';
import { LocalEventBus } from '../../src/platform/events/local-event-bus.js';
import { admitRequests } from '../../src/platform/http/admission.hook.js';
import { createHttpAdapter } from '../../src/platform/http/http-server.js';
import { HealthModule } from '../../src/platform/health/health.module.js';
import { HttpModule } from '../../src/platform/http/http.module.js';
import { createOpenApiDocument } from '../../src/platform/http/openapi.js';
import { hookRequests } from '../../src/platform/http/request-context.hook.js';
import { Access } from '../../src/platform/security/access.decorators.js';
import { ApiKeyService } from '../../src/platform/security/api-key.service.js';
import { Authenticator } from '../../src/platform/security/authenticator.js';
import { RateLimiter } from '../../src/platform/security/rate-limiter.js';
import { SecurityModule } from '../../src/platform/security/security.module.js';
import { StorageModule } from '../../src/platform/storage/storage.module.js';
import { TenancyModule } from '../../src/platform/tenancy/tenancy.module.js';
import { openPlatform, type TestPlatform } from '../support/platform.js';
import { makeDataDirectory, removeDataDirectory } from '../support/server-process.js';
import { newTenant, storedRequests } from '../support/statistics.js';

@Controller('slow')
class SlowController {
  release: (() => void) | undefined;

  @Get()
  @Access('analytics:read')
  async wait(): Promise<string> {
    await new Promise<void>((resolve) => (this.release = resolve));
    return 'done';
  }
}

interface Overview {
  total_requests: number;
  error_count: number;
  window: { from: string; to: string };
}

describe('statistics over HTTP', () => {
  const env = parseEnv({ AI_STACK_DATA_DIR: makeDataDirectory() });
  let platform: TestPlatform;
  let app: NestFastifyApplication;
  let url: string;
  let key: string;

  beforeAll(async () => {
    platform = await openPlatform({ migrated: true });
    const database = DatabaseModule.registerAsync({ entities: ENTITIES, useFactory: () => new DatabaseConfig({ url: platform.url }) });

    const modules = [ConfigModule.register(env), StorageModule, database, EventsModule, TenancyModule, AuditModule, SecurityModule, HttpModule, HealthModule];

    @Module({ imports: [...modules, AnalyticsHttpModule], controllers: [SlowController] })
    class TestModule {}

    app = await NestFactory.create<NestFastifyApplication>(TestModule, createHttpAdapter(env), { logger: false, abortOnError: false });
    hookRequests(app.getHttpAdapter().getInstance(), app.get(LocalEventBus));
    admitRequests(app.getHttpAdapter().getInstance(), { authenticator: app.get(Authenticator), limits: app.get(RateLimiter) });
    await app.listen(0, '127.0.0.1');
    url = await app.getUrl();
  });
  afterAll(async () => {
    await app?.close();
    await platform?.close();
    removeDataDirectory(env.AI_STACK_DATA_DIR);
  });

  async function keyOfNewTenant() {
    const tenant = await newTenant(platform);
    const { secret } = await app.get(ApiKeyService).create(platform.database.control.manager, { tenantId: tenant.tenantId, name: 'test', permissions: ['analytics:read'] });
    key = secret;
    return tenant;
  }

  const get = (path: string, init: RequestInit = {}): Promise<Response> => fetch(`${url}${path}`, { ...init, headers: { authorization: `Bearer ${key}` } });
  const overview = async (): Promise<Overview> => (await (await get('/analytics/overview')).json()) as Overview;

  it('counts a request on arrival: this one, one that is still served, one that failed', async () => {
    await keyOfNewTenant();
    expect(await overview()).toMatchObject({ total_requests: 1, error_count: 0, error_rate: 0, cache_hit_rate: 0, dropped: 0 });

    const slow = get('/slow');
    await expect.poll(() => app.get(SlowController).release).toBeDefined();
    expect((await get('/analytics/timeseries?metric=height')).status).toBe(400);
    expect((await overview()).total_requests).toBe(4);
    app.get(SlowController).release?.();
    expect((await slow).status).toBe(200);
    expect(await overview()).toMatchObject({ total_requests: 5, error_count: 1, client_error_count: 1, server_error_count: 0 });
  });

  it('counts a request whose client went away once, with the address that its closed connection no longer tells', async () => {
    const { schema } = await keyOfNewTenant();
    const controller = app.get(SlowController);
    controller.release = undefined;
    const aborted = new AbortController();
    const slow = get('/slow', { signal: aborted.signal });
    await expect.poll(() => controller.release).toBeDefined();
    const counted: string[] = [];
    app.get(LocalEventBus).on('request.completed', ({ endpoint }) => counted.push(endpoint));
    aborted.abort();
    await expect(slow).rejects.toThrow();
    await expect.poll(() => counted).toContain('/slow');
    (controller.release as (() => void) | undefined)?.();
    const first = (await overview()).total_requests;
    expect((await overview()).total_requests).toBe(first + 1);
    expect(first).toBeLessThanOrEqual(2);
    expect(counted.filter((endpoint) => endpoint === '/slow')).toHaveLength(1);
    expect((await platform.database.pool.query(`SELECT ip, status_code FROM "${schema}".api_stats WHERE endpoint = '/slow'`)).rows).toEqual([{ ip: '127.0.0.1', status_code: 499 }]);
  });

  it('gives series and endpoints, and names what it does not understand', async () => {
    await keyOfNewTenant();
    await overview();
    const series = (await (await get('/analytics/timeseries?metric=requests&interval=5m&window=10m')).json()) as { points: { value: number }[] };
    expect(series.points.reduce((sum, point) => sum + point.value, 0)).toBe(1);
    const endpoints: unknown = await (await get('/analytics/endpoints?sort=errors&page_size=1')).json();
    expect(endpoints).toMatchObject({ items: [{ method: 'GET', error_count: 0 }], total: 2, page: 1, page_size: 1 });

    for (const [query, path] of [['window=yesterday', 'window'], ['from=2026', 'from'], ['from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z', 'from'], ['from=2020-01-01T00:00:00Z', 'from']]) {
      const response = await get(`/analytics/overview?${query}`);
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({ errors: [{ path }] });
    }
  });

  it('needs a key; requests without one are counted for the tenant default', async () => {
    const operator = await app.get(ApiKeyService).create(platform.database.control.manager, { tenantId: (await platform.tenants.bySlug('default')).id, name: 'test', permissions: ['analytics:read'] });
    key = operator.secret;
    const before = await overview();
    const refused = await fetch(`${url}/analytics/overview`);
    expect(refused.status).toBe(401);
    expect(await overview()).toMatchObject({ total_requests: before.total_requests + 2, error_count: before.error_count + 1 });
  });

  it('documents its routes with examples', () => {
    const document = createOpenApiDocument(app, 'test');
    for (const path of ['overview', 'timeseries', 'endpoints']) {
      expect(document.paths[`/analytics/${path}`]?.get).toMatchObject({ 'x-permission': 'analytics:read', description: expect.stringContaining('400 or above') as string });
    }
    expect(Object.keys(document.components?.schemas ?? {})).toEqual(expect.arrayContaining(['StatisticsOverview', 'StatisticsTimeseries', 'EndpointStatisticsPage']));
  });

  it('loses nothing when the application closes', async () => {
    const tenant = await keyOfNewTenant();
    const counted = Array.from({ length: 20 }, () => get('/analytics/endpoints'));
    await Promise.all(counted);
    await app.close();
    expect(await storedRequests(platform, tenant)).toBe(20);
  });
});
