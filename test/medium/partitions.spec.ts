import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiStat } from '../../src/modules/analytics/adapters/entities/api-stat.entity.js';
import { ensureMonthlyPartitions } from '../../src/platform/database/partitions.js';
import { tenantContext } from '../../src/platform/tenancy/tenant.service.js';
import type { TenantContext } from '../../src/platform/tenancy/tenant-context.js';
import { openPlatform, type TestPlatform } from '../support/platform.js';

const STATS = { table: 'api_stats', column: 'timestamp' };
const request = (timestamp: string): Partial<ApiStat> => ({
  endpoint: '/rag/search',
  method: 'GET',
  statusCode: 200,
  duration: 1.5,
  timestamp: new Date(timestamp),
});

describe(ensureMonthlyPartitions.name, () => {
  let platform: TestPlatform;
  let tenant: TenantContext;

  beforeAll(async () => {
    platform = await openPlatform();
    await platform.migrations.migrateAll();
    tenant = tenantContext(await platform.tenants.provision('parts', 'Parts'));
  });
  afterAll(() => platform.close());

  const ensure = (from: string, months: number): Promise<string[]> =>
    platform.tenantDatabase.forTenant(tenant, () =>
      platform.tenantDatabase.transaction((manager, sql) => ensureMonthlyPartitions(manager, sql, STATS, new Date(from), months)),
    );
  const insert = (...timestamps: string[]): Promise<unknown> =>
    platform.tenantDatabase.forTenant(tenant, () => platform.tenantDatabase.run((manager) => manager.insert(ApiStat, timestamps.map(request))));
  const placesOf = async (): Promise<string[]> => {
    const { rows } = await platform.database.pool.query<{ place: string }>(
      `SELECT tableoid::regclass::text AS place FROM tenant_parts.api_stats ORDER BY "timestamp"`,
    );
    return rows.map((row) => row.place.replace('tenant_parts.', ''));
  };

  it('takes rows before any partition exists, and moves them to their month later', async () => {
    await insert('2026-10-31T23:59:59.999Z', '2026-11-01T00:00:00Z', '2026-12-31T23:59:59.999Z', '2027-01-01T00:00:00Z');
    expect(new Set(await placesOf())).toEqual(new Set(['api_stats_default']));

    expect(await ensure('2026-11-30T12:00:00Z', 2)).toEqual(['api_stats_2026_11', 'api_stats_2026_12']);
    expect(await placesOf()).toEqual(['api_stats_default', 'api_stats_2026_11', 'api_stats_2026_12', 'api_stats_default']);
  });

  it('makes each once, though several ask at once and others write', async () => {
    const work = [ensure('2027-01-01T00:00:00Z', 3), ensure('2027-01-01T00:00:00Z', 3), ensure('2027-02-01T00:00:00Z', 3)];
    const writes = Array.from({ length: 30 }, (_, n) => insert(`2027-0${1 + (n % 4)}-15T00:00:00Z`));
    const made = (await Promise.all(work)).flat().sort();
    await Promise.all(writes);
    expect(made).toEqual(['api_stats_2027_01', 'api_stats_2027_02', 'api_stats_2027_03', 'api_stats_2027_04']);
    expect((await placesOf()).slice(3)).not.toContain('api_stats_default');
    expect(await ensure('2027-01-01T00:00:00Z', 4)).toEqual([]);
  });

  it('gives partitions the indexes of the table', async () => {
    const { rows } = await platform.database.pool.query<{ indexdef: string }>(
      `SELECT indexdef FROM pg_indexes WHERE schemaname = 'tenant_parts' AND tablename = 'api_stats_2026_11'`,
    );
    expect(rows.map((row) => row.indexdef.replace(/.*\(/, '(')).sort()).toEqual(['("timestamp")', '(endpoint)', '(id, "timestamp")']);
  });
});
