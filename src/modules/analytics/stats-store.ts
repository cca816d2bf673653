import { Injectable } from '@nestjs/common';
import type { RequestCompleted } from '#libs/contracts';
import { TenantDatabase } from '../../platform/tenancy/tenant-database.js';
import { tenantContext, TenantService } from '../../platform/tenancy/tenant.service.js';
import { ApiStatsRetention } from './adapters/api-stats.retention.js';
import { ApiStatsWriter } from './adapters/api-stats.writer.js';

/** The background's way to the statistics of any tenant, by slug. */
@Injectable()
export class StatsStore {
  /** Tenants whose partitions are known to be there, and in which month that was seen. */
  private readonly prepared = new Map<string, string>();

  constructor(
    private readonly tenants: TenantService,
    private readonly database: TenantDatabase,
    private readonly writer: ApiStatsWriter,
    private readonly retention: ApiStatsRetention,
  ) {}

  /** Stores requests of one tenant, all or none. */
  async write(slug: string, requests: readonly RequestCompleted[]): Promise<void> {
    await this.inTenant(slug, async () => {
      await this.prepare(slug, new Date());
      await this.writer.write(requests);
    });
  }

  /** Makes coming partitions and drops those older than `months` before the current month. */
  async maintain(slug: string, now: Date, months: number): Promise<string[]> {
    return this.inTenant(slug, async () => {
      this.prepared.delete(slug);
      await this.prepare(slug, now);
      return this.retention.dropOld(now, months);
    });
  }

  /** Once a month and process: a month that begins finds its partition made the month before. */
  private async prepare(slug: string, now: Date): Promise<void> {
    const month = now.toISOString().slice(0, 7);
    if (this.prepared.get(slug) === month) return;
    await this.retention.prepare(now);
    this.prepared.set(slug, month);
  }

  private async inTenant<T>(slug: string, work: () => Promise<T>): Promise<T> {
    return this.database.forTenant(tenantContext(await this.tenants.bySlug(slug)), work);
  }
}
