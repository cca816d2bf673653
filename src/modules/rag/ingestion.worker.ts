import { BeforeApplicationShutdown, Inject, Injectable, Logger, OnApplicationBootstrap } from '@nestjs/common';
import { ContainedJobError } from '#libs/contained-process';
import { ENV } from '../../platform/config/config.module.js';
import type { Env } from '../../platform/config/env.js';
import { ClusterEventBus } from '../../platform/events/cluster-event-bus.js';
import { DocumentProcessor } from './document.processor.js';
import { TenantService, tenantContext } from '../../platform/tenancy/tenant.service.js';
import type { TenantContext } from '../../platform/tenancy/tenant-context.js';

/** How often everything is looked through for work whose announcement was missed or whose process died. */
const sweepMs = 15_000;

/**
 * Takes queued documents, tenant after tenant, so that a tenant with a thousand documents does not make the others wait.
 * One loop a slot; all loops sleep while there is nothing to do.
 */
@Injectable()
export class IngestionWorker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(IngestionWorker.name);
  /** Tenants that may have work, in turn. */
  private readonly waiting = new Map<string, TenantContext>();
  private readonly stopping = new AbortController();
  private readonly slots = new Set<Promise<void>>();
  private sweep: NodeJS.Timeout | undefined;

  constructor(
    private readonly processor: DocumentProcessor,
    private readonly tenants: TenantService,
    private readonly cluster: ClusterEventBus,
    @Inject(ENV) private readonly env: Env,
  ) {}

  onApplicationBootstrap(): void {
    this.cluster.on('documents.queued', ({ schema }) => void this.wake(schema));
    this.cluster.onReconnected(() => void this.wakeAll());
    this.sweep = setInterval(() => void this.wakeAll(), sweepMs).unref();
    void this.takeOver();
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.sweep);
    this.stopping.abort();
    await Promise.allSettled(this.slots);
  }

  /** A predecessor that was killed in this place had documents under way: they go on now, not when their leases end. */
  private async takeOver(): Promise<void> {
    try {
      for (const tenant of await this.tenants.listActive()) await this.processor.releaseOwn(tenantContext(tenant));
    } catch (error) {
      this.logger.warn({ err: error }, 'Documents of a killed predecessor go on when their leases end');
    }
    await this.wakeAll();
  }

  private async wakeAll(): Promise<void> {
    try {
      for (const tenant of await this.tenants.listActive()) this.add(tenantContext(tenant));
    } catch (error) {
      this.logger.warn({ err: error }, 'The tenants could not be listed; queued documents wait for the next look');
    }
  }

  private async wake(schema: string): Promise<void> {
    try {
      this.add(tenantContext(await this.tenants.bySlug(schema.replace(/^tenant_/, ''))));
    } catch (error) {
      this.logger.warn({ err: error, schema }, 'A tenant with queued documents could not be read');
    }
  }

  private add(tenant: TenantContext): void {
    if (this.stopping.signal.aborted) return;
    this.waiting.set(tenant.schema, tenant);
    if (this.slots.size >= this.env.INGEST_CONCURRENCY) return;
    const slot: Promise<void> = this.work().finally(() => {
      this.slots.delete(slot);
      // A tenant that was added while this slot was ending must not wait for the next sweep.
      const next = this.waiting.values().next().value;
      if (next) this.add(next);
    });
    this.slots.add(slot);
  }

  private async work(): Promise<void> {
    for (let next = this.take(); next && !this.stopping.signal.aborted; next = this.take()) {
      try {
        const worked = await this.processor.processNext(next, this.stopping.signal);
        if (worked) this.waiting.set(next.schema, next);
      } catch (error) {
        if (error instanceof ContainedJobError && error.reason === 'closed') return;
        if (isBeingMade(error)) continue;
        this.logger.error({ err: error, schema: next.schema }, 'Documents could not be processed; they stay queued and are tried again');
      }
    }
  }

  private take(): TenantContext | undefined {
    const [first] = this.waiting.values();
    if (first) this.waiting.delete(first.schema);
    return first;
  }
}

/** A tenant is listed before its tables are there; it has no documents yet. */
function isBeingMade(error: unknown): boolean {
  const undefinedTable = '42P01';
  const { code, driverError } = error as { code?: string; driverError?: { code?: string } };
  return (code ?? driverError?.code) === undefinedTable;
}
