import { Inject, Injectable, Logger, OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import { ENV } from '../../platform/config/config.module.js';
import type { Env } from '../../platform/config/env.js';
import { TenantService } from '../../platform/tenancy/tenant.service.js';
import { StatsStore } from './stats-store.js';

const EVERY_MS = 3_600_000;

/** Makes partitions ahead and drops old ones, for all tenants, at start and every hour, in the background. */
@Injectable()
export class StatsMaintenance implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(StatsMaintenance.name);
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;
  private stopped = false;

  constructor(
    private readonly tenants: TenantService,
    private readonly store: StatsStore,
    @Inject(ENV) private readonly env: Pick<Env, 'ANALYTICS_RETENTION_MONTHS'>,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.run(), EVERY_MS).unref();
    void this.run();
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopped = true;
    clearInterval(this.timer);
    await this.running;
  }

  /** One round over all tenants; a tenant that fails is logged and left to the next round. */
  run(now = new Date()): Promise<void> {
    this.running ??= this.maintainAll(now).finally(() => {
      this.running = undefined;
    });
    return this.running;
  }

  private async maintainAll(now: Date): Promise<void> {
    try {
      for (const { slug } of await this.tenants.listActive()) {
        if (this.stopped) return;
        await this.maintain(slug, now);
      }
    } catch (error) {
      this.logger.warn({ err: error }, 'Old statistics could not be looked for; the next try is in an hour');
    }
  }

  private async maintain(slug: string, now: Date): Promise<void> {
    try {
      const dropped = await this.store.maintain(slug, now, this.env.ANALYTICS_RETENTION_MONTHS);
      if (dropped.length > 0) this.logger.log({ tenant: slug, dropped }, 'Old statistics were dropped');
    } catch (error) {
      this.logger.warn({ err: error, tenant: slug }, 'Partitions of statistics could not be looked after; the next try is in an hour');
    }
  }
}
