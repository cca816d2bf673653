import { Inject, Injectable, Logger, OnModuleInit } from '@nestjs/common';
import { ENV } from '../../platform/config/config.module.js';
import type { Env } from '../../platform/config/env.js';
import { requireTenant } from '../../platform/tenancy/tenant-context.js';
import { TenantRounds } from '../../platform/tenancy/tenant-rounds.js';
import { StatsStore } from './stats-store.js';

/** Makes partitions ahead and drops old ones. */
@Injectable()
export class StatsMaintenance implements OnModuleInit {
  private readonly logger = new Logger(StatsMaintenance.name);

  constructor(
    private readonly rounds: TenantRounds,
    private readonly store: StatsStore,
    @Inject(ENV) private readonly env: Pick<Env, 'ANALYTICS_RETENTION_MONTHS'>,
  ) {}

  onModuleInit(): void {
    this.rounds.register('statistics', () => this.maintain());
  }

  /** For the current tenant. */
  async maintain(now = new Date()): Promise<void> {
    const { slug } = requireTenant();
    const dropped = await this.store.maintain(slug, now, this.env.ANALYTICS_RETENTION_MONTHS);
    if (dropped.length > 0) this.logger.log({ tenant: slug, dropped }, 'Old statistics were dropped');
  }
}
