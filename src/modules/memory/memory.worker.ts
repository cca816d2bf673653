import { BeforeApplicationShutdown, Injectable, Logger, OnApplicationBootstrap } from '@nestjs/common';
import { AppError } from '#libs/contracts';
import { ClusterEventBus } from '../../platform/events/cluster-event-bus.js';
import type { TenantContext } from '../../platform/tenancy/tenant-context.js';
import { TenantDatabase } from '../../platform/tenancy/tenant-database.js';
import { TenantService, tenantContext } from '../../platform/tenancy/tenant.service.js';
import { MemoryTurnQueue, type ClaimedTurn } from './adapters/memory-turn.queue.js';
import { MemoryTurnsService } from './memory-turns.service.js';

/** How often all tenants are looked through, in two queries, for turns that were put off, announced in vain or left by a process that died. */
const sweepMs = 15_000;
/** Turns that one process learns from at a time; most of it is waiting for a model or a server. */
const slots = 4;
/** Less than a claim lasts. */
const longestMs = 45_000;

/** Learns from the turns that wait, on every process, tenant after tenant. Sleeps while there are none. */
@Injectable()
export class MemoryWorker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(MemoryWorker.name);
  /** Tenants that may have work, in turn. */
  private readonly waiting = new Map<string, TenantContext>();
  private readonly running = new Set<Promise<void>>();
  private readonly stopping = new AbortController();
  private sweep: NodeJS.Timeout | undefined;

  constructor(
    private readonly queue: MemoryTurnQueue,
    private readonly turns: MemoryTurnsService,
    private readonly tenants: TenantService,
    private readonly database: TenantDatabase,
    private readonly cluster: ClusterEventBus,
  ) {}

  onApplicationBootstrap(): void {
    this.cluster.on('memories.queued', ({ schema }) => void this.wake(schema));
    this.cluster.onReconnected(() => void this.wakeAll());
    this.sweep = setInterval(() => void this.wakeAll(), sweepMs).unref();
    void this.wakeAll();
  }

  /** What is under way is broken off and goes back to the queue. */
  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.sweep);
    this.stopping.abort();
    await Promise.allSettled(this.running);
  }

  /** Resolves when nothing is under way on this process. */
  async idle(): Promise<void> {
    while (this.running.size > 0) await Promise.allSettled(this.running);
  }

  private async wakeAll(): Promise<void> {
    try {
      for (const tenant of await this.queue.waiting()) this.add(tenant);
    } catch (error) {
      if (!this.stopping.signal.aborted) this.logger.warn({ err: error }, 'The tenants could not be looked through; turns wait for the next look');
    }
  }

  private async wake(schema: string): Promise<void> {
    try {
      this.add(tenantContext(await this.tenants.bySlug(schema.replace(/^tenant_/, ''))));
    } catch (error) {
      this.logger.warn({ err: error, schema }, 'A tenant with waiting turns could not be read');
    }
  }

  private add(tenant: TenantContext): void {
    if (this.stopping.signal.aborted) return;
    this.waiting.set(tenant.schema, tenant);
    if (this.running.size >= slots) return;
    const slot: Promise<void> = this.work().finally(() => {
      this.running.delete(slot);
      // A tenant that was added while this slot was ending must not wait for the next look.
      const next = this.waiting.values().next().value;
      if (next) this.add(next);
    });
    this.running.add(slot);
  }

  private async work(): Promise<void> {
    for (let tenant = this.next(); tenant && !this.stopping.signal.aborted; tenant = this.next()) {
      const { schema } = tenant;
      try {
        if (await this.database.forTenant(tenant, () => this.learnOne())) this.add(tenant);
      } catch (error) {
        this.logger.error({ err: error, schema }, 'Turns could not be learnt from; they stay queued and are tried again');
      }
    }
  }

  private next(): TenantContext | undefined {
    const [first] = this.waiting.values();
    if (first) this.waiting.delete(first.schema);
    return first;
  }

  /** @returns false when there is nothing to do */
  private async learnOne(): Promise<boolean> {
    const turn = await this.queue.take();
    if (!turn) return false;
    try {
      const handler = this.turns.handler(turn.target);
      if (!handler) throw new Error(`Nobody learns from turns for "${turn.target}" here.`);
      const write = await handler(turn, AbortSignal.any([this.stopping.signal, AbortSignal.timeout(longestMs)]));
      await this.queue.finish(turn, write);
    } catch (error) {
      await this.putOff(turn, error);
    }
    return true;
  }

  private async putOff(turn: ClaimedTurn, error: unknown): Promise<void> {
    if (this.stopping.signal.aborted) return this.queue.giveBack(turn);
    const givenUp = await this.queue.fail(turn, error instanceof Error ? error.message : String(error), error instanceof AppError && error.kind === 'invalid');
    const seen = { err: error, turn: turn.id, target: turn.target, attempt: turn.attempt };
    if (givenUp) this.logger.error(seen, 'A turn was given up: nothing is remembered of it');
    else this.logger.warn(seen, 'A turn could not be learnt from; it is tried again later');
  }
}
