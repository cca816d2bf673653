import type { RequestCompleted } from '#libs/contracts';
import { ApiStatsQueries } from '../../src/modules/analytics/adapters/api-stats.queries.js';
import { ApiStatsRetention } from '../../src/modules/analytics/adapters/api-stats.retention.js';
import { ApiStatsWriter } from '../../src/modules/analytics/adapters/api-stats.writer.js';
import { RequestRecorder } from '../../src/modules/analytics/request-recorder.js';
import { StatsService } from '../../src/modules/analytics/stats.service.js';
import { StatsStore } from '../../src/modules/analytics/stats-store.js';
import { defaultBatchLimits, type BatchLimits } from '../../src/platform/batching/batch-writer.js';
import { LocalEventBus } from '../../src/platform/events/local-event-bus.js';
import type { TenantContext } from '../../src/platform/tenancy/tenant-context.js';
import { tenantContext } from '../../src/platform/tenancy/tenant.service.js';
import type { TestPlatform } from './platform.js';

let tenants = 0;
let requests = 0;

/** What a process has of the statistics; timers run only where a test starts them. */
export function startStatistics(platform: TestPlatform, limits: Partial<BatchLimits> = {}) {
  const events = new LocalEventBus();
  const writer = new ApiStatsWriter(platform.tenantDatabase);
  const store = new StatsStore(platform.tenants, platform.tenantDatabase, writer, new ApiStatsRetention(platform.tenantDatabase));
  const recorder = new RequestRecorder(events, store, { ...defaultBatchLimits, retryMs: [20, 50], ...limits });
  recorder.onModuleInit();
  return { events, store, recorder, stats: new StatsService(new ApiStatsQueries(platform.tenantDatabase), recorder) };
}

/** A tenant that nothing was counted for yet. */
export async function newTenant(platform: TestPlatform): Promise<TenantContext> {
  const slug = `stats_${tenants++}`;
  return tenantContext(await platform.tenants.provision(slug, slug));
}

/** A request that was answered just now. */
export function completed(tenant: TenantContext | undefined, fields: Partial<RequestCompleted> = {}): RequestCompleted {
  return {
    tenant,
    requestId: `request-${requests++}`,
    endpoint: '/rag/search',
    method: 'GET',
    ip: '127.0.0.1',
    statusCode: 200,
    durationMs: 5,
    principalId: undefined,
    cache: undefined,
    at: Date.now(),
    ...fields,
  };
}

/** Rows of a tenant's api_stats. */
export async function storedRequests(platform: TestPlatform, tenant: TenantContext): Promise<number> {
  const { rows } = await platform.database.pool.query<{ n: number }>(`SELECT count(*) AS n FROM "${tenant.schema}".api_stats`);
  return rows[0]?.n ?? 0;
}
