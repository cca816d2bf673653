import { Injectable, Logger, OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import { TenantDatabase } from './tenant-database.js';
import { TenantService, tenantContext } from './tenant.service.js';

/** Care that every tenant's data needs from time to time; runs in the tenant's context. */
export type TenantCare = () => Promise<void>;

const everyMs = 3_600_000;

/**
 * Walks over all active tenants at start and every hour, one after the other, in the background. Features register their
 * care; what fails is logged and left to the next round. Care must be harmless when two processes do it at once.
 */
@Injectable()
export class TenantRounds implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(TenantRounds.name);
  private readonly cares = new Map<string, TenantCare>();
  private timer: NodeJS.Timeout | undefined;
  private round: Promise<void> | undefined;
  private stopped = false;

  constructor(
    private readonly tenants: TenantService,
    private readonly database: TenantDatabase,
  ) {}

  register(name: string, care: TenantCare): void {
    this.cares.set(name, care);
  }

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.walk(), everyMs).unref();
    void this.walk();
  }

  /** Waits for the step under way; the rest is left out. */
  async onApplicationShutdown(): Promise<void> {
    this.stopped = true;
    clearInterval(this.timer);
    await this.round;
  }

  /** One round; asking again while one is under way joins it. */
  walk(): Promise<void> {
    this.round ??= this.visitAll().finally(() => {
      this.round = undefined;
    });
    return this.round;
  }

  private async visitAll(): Promise<void> {
    try {
      for (const tenant of await this.tenants.listActive()) {
        for (const [name, care] of this.cares) {
          if (this.stopped) return;
          await this.database.forTenant(tenantContext(tenant), care).catch((error: unknown) => this.logger.warn({ err: error, tenant: tenant.slug, care: name }, 'Left to the next round, in an hour'));
        }
      }
    } catch (error) {
      this.logger.warn({ err: error }, 'The tenants could not be listed; the next round is in an hour');
    }
  }
}
