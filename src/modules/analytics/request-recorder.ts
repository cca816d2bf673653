import { setTimeout as delay } from 'node:timers/promises';
import { BeforeApplicationShutdown, Inject, Injectable, Logger, OnApplicationBootstrap, OnApplicationShutdown, OnModuleInit, Optional } from '@nestjs/common';
import type { RequestCompleted } from '#libs/contracts';
import { LocalEventBus } from '../../platform/events/local-event-bus.js';
import { defaultTenantSlug } from '../tenants/owner.service.js';
import { BatchBuffer } from '../../platform/batching/batch-buffer.js';
import { RequestsInFlight } from './core/requests-in-flight.js';
import { StatsStore } from './stats-store.js';

export interface RecorderLimits {
  /** Rows held in memory at most, over all tenants. */
  capacity: number;
  /** Rows of one INSERT at most. */
  batch: number;
  /** So many new rows make a flush due before its time. */
  flushAt: number;
  flushEveryMs: number;
  /** Waits after failures double from the first to the second. */
  retryMs: [number, number];
  /** How long the last flush at shutdown may take. */
  shutdownMs: number;
}

export const RECORDER_LIMITS = Symbol('RecorderLimits');

export const defaultRecorderLimits: RecorderLimits = {
  capacity: 10_000,
  batch: 1_000,
  flushAt: 500,
  flushEveryMs: 500,
  retryMs: [500, 15_000],
  shutdownMs: 8_000,
};

/** Tenants written at the same time: statistics leave most of the pool to requests. */
const PARALLEL = 2;
const WARN_EVERY_MS = 60_000;

/** Polled by machines all day long; they would drown what people and programs do. */
const NOT_RECORDED = ['/health', '/metrics'];

/**
 * Writes every served request into its tenant's statistics, in batches and in the background; no request ever waits for it.
 * Requests of nobody in particular (no valid key) belong to the tenant `default`. Health probes and metrics are not recorded.
 * A row may be counted twice if the connection breaks between a commit and its acknowledgement.
 */
@Injectable()
export class RequestRecorder implements OnModuleInit, OnApplicationBootstrap, BeforeApplicationShutdown, OnApplicationShutdown {
  readonly inFlight = new RequestsInFlight();
  private readonly logger = new Logger(RequestRecorder.name);
  private readonly buffer: BatchBuffer<RequestCompleted>;
  private readonly flushes = new Map<string, Promise<void>>();
  private readonly failures = new Map<string, { count: number; retryAt: number }>();
  private timer: NodeJS.Timeout | undefined;
  private sinceFlush = 0;
  private flushingAll: Promise<void> | undefined;
  private warnedAt = 0;
  private warnedOf = 0;

  constructor(
    private readonly events: LocalEventBus,
    private readonly store: StatsStore,
    @Optional() @Inject(RECORDER_LIMITS) private readonly limits: RecorderLimits = defaultRecorderLimits,
  ) {
    this.buffer = new BatchBuffer(limits.capacity);
  }

  onModuleInit(): void {
    this.events.on('request.completed', (request) => this.record(request));
  }

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.flushAll(), this.limits.flushEveryMs).unref();
  }

  /** Most is written while the last requests are being answered … */
  async beforeApplicationShutdown(): Promise<void> {
    await within(this.limits.shutdownMs / 4, this.flushAll());
  }

  /** … and the rest after the server has closed, before the database does. */
  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    const deadline = Date.now() + this.limits.shutdownMs;
    while (this.buffer.size > 0 && Date.now() < deadline) {
      this.failures.clear();
      await within(deadline - Date.now(), this.flushAll());
      if (this.buffer.size > 0) await delay(Math.max(Math.min(this.limits.retryMs[0], deadline - Date.now()), 0));
    }
    if (this.buffer.size > 0) this.logger.error({ rows: this.buffer.size }, 'Statistics of requests are lost: the database did not take them before the shutdown');
  }

  /** Requests of a tenant that are known to this process and not (known to be) in the database. */
  unfinished(tenant: string): number {
    return this.buffer.pending(tenant) + this.inFlight.count(tenant);
  }

  /** Requests of a tenant that this process has lost since it started. */
  dropped(tenant: string): number {
    return this.buffer.dropped(tenant);
  }

  /** Writes what a tenant's buffer holds now; does nothing while the database is given time after a failure. */
  flush(tenant: string): Promise<void> {
    const earlier = this.flushes.get(tenant) ?? Promise.resolve();
    const flush = earlier.then(() => this.drain(tenant)).finally(() => {
      if (this.flushes.get(tenant) === flush) this.flushes.delete(tenant);
    });
    this.flushes.set(tenant, flush);
    return flush;
  }

  private record(request: RequestCompleted): void {
    const tenant = request.tenant?.slug ?? defaultTenantSlug;
    this.inFlight.leave(tenant, request.requestId);
    if (NOT_RECORDED.some((prefix) => request.endpoint.startsWith(prefix))) return;
    if (!this.buffer.add(tenant, request)) return this.warnOfLosses();
    if (++this.sinceFlush >= this.limits.flushAt) void this.flushAll();
  }

  private flushAll(): Promise<void> {
    this.flushingAll ??= this.flushTenants().finally(() => {
      this.flushingAll = undefined;
    });
    return this.flushingAll;
  }

  private async flushTenants(): Promise<void> {
    this.sinceFlush = 0;
    const tenants = this.buffer.tenants;
    const work = async (): Promise<void> => {
      for (let tenant = tenants.shift(); tenant !== undefined; tenant = tenants.shift()) await this.flush(tenant);
    };
    await Promise.all(Array.from({ length: Math.min(PARALLEL, tenants.length) }, work));
  }

  /** Never rejects: what cannot be written now stays, what never can be is counted as dropped. */
  private async drain(tenant: string): Promise<void> {
    if (Date.now() < (this.failures.get(tenant)?.retryAt ?? 0)) return;
    for (let left = this.buffer.pending(tenant); left > 0; left -= this.limits.batch) {
      const batch = this.buffer.take(tenant, this.limits.batch);
      if (batch.length === 0) return;
      try {
        await this.store.write(tenant, batch);
        this.buffer.written(tenant, batch);
        this.failures.delete(tenant);
      } catch (error) {
        this.fail(tenant, batch, error);
        return;
      }
    }
  }

  private fail(tenant: string, batch: RequestCompleted[], error: unknown): void {
    if (this.store.isFinal(error)) {
      this.buffer.discard(tenant, batch);
      this.failures.delete(tenant);
      this.logger.error({ err: error, tenant, rows: batch.length }, 'Statistics of requests could not be written and are dropped');
      return;
    }
    this.buffer.giveBack(tenant, batch);
    const count = (this.failures.get(tenant)?.count ?? 0) + 1;
    const [first, longest] = this.limits.retryMs;
    const wait = Math.min(first * 2 ** (count - 1), longest);
    this.failures.set(tenant, { count, retryAt: Date.now() + wait });
    this.logger.warn({ err: error, tenant, waiting: this.buffer.size, next_try_ms: wait }, 'Statistics could not be written; they are kept and tried again');
  }

  /** At most once a minute. */
  private warnOfLosses(): void {
    if (Date.now() < this.warnedAt + WARN_EVERY_MS) return;
    const dropped = this.buffer.droppedInTotal;
    this.logger.warn({ dropped: dropped - this.warnedOf, dropped_in_total: dropped }, 'The buffer of statistics is full: requests are served but not counted');
    this.warnedAt = Date.now();
    this.warnedOf = dropped;
  }
}

/** Waits for the work, but not longer than told. */
async function within(ms: number, work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([work, late]);
  clearTimeout(timer);
}
