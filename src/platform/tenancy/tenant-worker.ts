import { Logger } from '@nestjs/common';
import type { TenantContext } from './tenant-context.js';
import { TenantDatabase } from './tenant-database.js';
import { TenantService, tenantContext } from './tenant.service.js';
import { slugOf } from './schema-name.js';

/** How often all tenants are looked through for work that was put off, announced in vain or left by a process that died. */
const sweepMs = 15_000;

/** Work that waits in the tenants' tables. */
export interface TenantWork {
  /** Whose work it is, for the log. */
  name: string;
  /** How much of it this process does at a time. */
  slots: number;
  /** Tenants that have work waiting; by a TenantSurvey, not by a query a tenant. */
  waiting(): Promise<TenantContext[]>;
  /** Does one piece of the current tenant's work and leaves it queued when `stopping` fires. @returns false when there was none */
  workOne(stopping: AbortSignal): Promise<boolean>;
}

/**
 * Does queued work, tenant after tenant, so that one with a thousand pieces does not make the others wait.
 * One loop a slot; all loops sleep while there is nothing to do.
 */
export class TenantWorker {
  private readonly logger: Logger;
  /** Tenants that may have work, in turn. */
  private readonly waiting = new Map<string, TenantContext>();
  private readonly running = new Set<Promise<void>>();
  private readonly stopping = new AbortController();
  private sweep: NodeJS.Timeout | undefined;

  constructor(
    private readonly tenants: TenantService,
    private readonly database: TenantDatabase,
    private readonly work: TenantWork,
  ) {
    this.logger = new Logger(work.name);
  }

  start(): void {
    this.sweep = setInterval(() => void this.wakeAll(), sweepMs).unref();
    void this.wakeAll();
  }

  /** What is under way is told to stop, and waited for. */
  async stop(): Promise<void> {
    clearInterval(this.sweep);
    this.stopping.abort();
    await Promise.allSettled(this.running);
  }

  /** Resolves when nothing is under way on this process. */
  async idle(): Promise<void> {
    while (this.running.size > 0) await Promise.allSettled(this.running);
  }

  /** Looks through all tenants, in a query for many. */
  async wakeAll(): Promise<void> {
    try {
      for (const tenant of await this.work.waiting()) this.add(tenant);
    } catch (error) {
      if (!this.stopping.signal.aborted) this.logger.warn({ err: error }, 'The tenants could not be looked through; their work waits for the next look');
    }
  }

  /** Work of one tenant was announced. */
  async wake(schema: string): Promise<void> {
    try {
      this.add(tenantContext(await this.tenants.bySlug(slugOf(schema))));
    } catch (error) {
      this.logger.warn({ err: error, schema }, 'A tenant with work waiting could not be read');
    }
  }

  private add(tenant: TenantContext): void {
    if (this.stopping.signal.aborted) return;
    this.waiting.set(tenant.schema, tenant);
    if (this.running.size >= this.work.slots) return;
    const slot: Promise<void> = this.workOff().finally(() => {
      this.running.delete(slot);
      // A tenant that was added while this slot was ending must not wait for the next look.
      const next = this.waiting.values().next().value;
      if (next) this.add(next);
    });
    this.running.add(slot);
  }

  private async workOff(): Promise<void> {
    for (let tenant = this.next(); tenant && !this.stopping.signal.aborted; tenant = this.next()) {
      try {
        const worked = await this.database.forTenant(tenant, () => this.work.workOne(this.stopping.signal));
        if (!worked) continue;
        // Where there was one piece there may be more: a free slot looks too, beside this one.
        this.add(tenant);
        this.waiting.set(tenant.schema, tenant);
      } catch (error) {
        if (!this.stopping.signal.aborted) this.logger.error({ err: error, schema: tenant.schema }, 'The work of a tenant failed; what is queued waits for the next look');
      }
    }
  }

  private next(): TenantContext | undefined {
    const [first] = this.waiting.values();
    if (first) this.waiting.delete(first.schema);
    return first;
  }
}
