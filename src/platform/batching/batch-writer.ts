import { setTimeout as delay } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { within } from '../streams/within.js';
import { BatchBuffer } from './batch-buffer.js';
import { isFinalError } from './final-error.js';

export interface BatchLimits {
  /** Rows held in memory at most, over all tenants. */
  capacity: number;
  /** Rows of one write at most. */
  batch: number;
  /** So many new rows make a flush due before its time. */
  flushAt: number;
  flushEveryMs: number;
  /** Waits after failures double from the first to the second. */
  retryMs: [number, number];
  /** How long the last flush at shutdown may take. */
  shutdownMs: number;
}

export const defaultBatchLimits: BatchLimits = {
  capacity: 10_000,
  batch: 1_000,
  flushAt: 500,
  flushEveryMs: 500,
  retryMs: [500, 15_000],
  shutdownMs: 8_000,
};

export interface BatchTarget<Row> {
  /** What the rows are, in the plural; the log speaks of them by it. */
  name: string;
  /** All of them or none. @throws when the database did not take them */
  write(tenant: string, rows: readonly Row[]): Promise<void>;
}

/** Tenants written at the same time: most of the pool is left to requests. */
const parallel = 2;
const warnEveryMs = 60_000;

/**
 * Writes rows by tenant, in batches and in the background; whoever adds one never waits. What the database does not take now is kept and
 * tried again; what it can never take, and what finds no room, is dropped, counted and told in the log.
 * A row may be written twice when the connection breaks between a commit and its acknowledgement.
 */
export class BatchWriter<Row> {
  private readonly logger = new Logger(BatchWriter.name);
  private readonly buffer: BatchBuffer<Row>;
  private readonly flushes = new Map<string, Promise<void>>();
  private readonly failures = new Map<string, { count: number; retryAt: number }>();
  private timer: NodeJS.Timeout | undefined;
  private sinceFlush = 0;
  private flushingAll: Promise<void> | undefined;
  private warnedAt = 0;
  private warnedOf = 0;

  constructor(
    private readonly target: BatchTarget<Row>,
    private readonly limits: BatchLimits = defaultBatchLimits,
  ) {
    this.buffer = new BatchBuffer(limits.capacity);
  }

  add(tenant: string, row: Row): void {
    if (!this.buffer.add(tenant, row)) this.warnOfLosses();
    else if (++this.sinceFlush >= this.limits.flushAt) void this.flushAll();
  }

  /** Rows of a tenant that are not known to be in the database. */
  pending(tenant: string): number {
    return this.buffer.pending(tenant);
  }

  /** Rows of a tenant lost since this process started. */
  dropped(tenant: string): number {
    return this.buffer.dropped(tenant);
  }

  start(): void {
    this.timer = setInterval(() => void this.flushAll(), this.limits.flushEveryMs).unref();
  }

  /** At the begin of a shutdown: most is written while the last requests are being answered … */
  async settle(): Promise<void> {
    await within(this.flushAll(), this.limits.shutdownMs / 4);
  }

  /** … and the rest after the server has closed, before the database does. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    const deadline = Date.now() + this.limits.shutdownMs;
    while (this.buffer.size > 0 && Date.now() < deadline) {
      this.failures.clear();
      await within(this.flushAll(), deadline - Date.now());
      if (this.buffer.size > 0) await delay(Math.max(Math.min(this.limits.retryMs[0], deadline - Date.now()), 0));
    }
    if (this.buffer.size > 0) this.logger.error({ rows: this.buffer.size }, `Lost: ${this.target.name}, which the database did not take before the shutdown`);
  }

  /** Writes what a tenant's buffer holds now; does nothing while the database is given time after a failure. Never rejects. */
  flush(tenant: string): Promise<void> {
    const earlier = this.flushes.get(tenant) ?? Promise.resolve();
    const flush = earlier.then(() => this.drain(tenant)).finally(() => {
      if (this.flushes.get(tenant) === flush) this.flushes.delete(tenant);
    });
    this.flushes.set(tenant, flush);
    return flush;
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
    await Promise.all(Array.from({ length: Math.min(parallel, tenants.length) }, work));
  }

  private async drain(tenant: string): Promise<void> {
    if (Date.now() < (this.failures.get(tenant)?.retryAt ?? 0)) return;
    for (let left = this.buffer.pending(tenant); left > 0; left -= this.limits.batch) {
      const batch = this.buffer.take(tenant, this.limits.batch);
      if (batch.length === 0) return;
      try {
        await this.target.write(tenant, batch);
        this.buffer.written(tenant, batch);
        this.failures.delete(tenant);
      } catch (error) {
        this.fail(tenant, batch, error);
        return;
      }
    }
  }

  private fail(tenant: string, batch: Row[], error: unknown): void {
    if (isFinalError(error)) {
      this.buffer.discard(tenant, batch);
      this.failures.delete(tenant);
      this.logger.error({ err: error, tenant, rows: batch.length }, `Dropped: ${this.target.name}, which cannot be written`);
      return;
    }
    this.buffer.giveBack(tenant, batch);
    const count = (this.failures.get(tenant)?.count ?? 0) + 1;
    const [first, longest] = this.limits.retryMs;
    const wait = Math.min(first * 2 ** (count - 1), longest);
    this.failures.set(tenant, { count, retryAt: Date.now() + wait });
    this.logger.warn({ err: error, tenant, waiting: this.buffer.size, next_try_ms: wait }, `Not written yet: ${this.target.name}; they are kept and tried again`);
  }

  /** At most once a minute. */
  private warnOfLosses(): void {
    if (Date.now() < this.warnedAt + warnEveryMs) return;
    const dropped = this.buffer.droppedInTotal;
    this.logger.warn({ dropped: dropped - this.warnedOf, dropped_in_total: dropped }, `Lost: ${this.target.name}, because the buffer is full`);
    this.warnedAt = Date.now();
    this.warnedOf = dropped;
  }
}
