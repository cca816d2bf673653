import { BeforeApplicationShutdown, Injectable, Logger, OnModuleInit } from '@nestjs/common';
import { TenantDatabase } from '../../platform/tenancy/tenant-database.js';
import { requireTenant, type TenantContext } from '../../platform/tenancy/tenant-context.js';
import { TenantRounds } from '../../platform/tenancy/tenant-rounds.js';
import { EmbeddingService } from '../search/embedding.service.js';
import { ChunkVectorStore, type BareChunk } from './adapters/chunk-vector.store.js';
import { embeddedText } from './core/embedded-text.js';

/** Chunks that are read, embedded and stored together: what a stop or a kill loses. */
const chunksAtOnce = 64;
/** Then it is the next tenant's turn. */
const batchesATurn = 50;
const firstPauseMs = 1_000;
const longestPauseMs = 300_000;
/** While another process works on the tenant. */
const otherProcessMs = 60_000;

/**
 * Gives every searchable chunk a vector of the configured embedding, in the background, tenant after tenant; when a tenant has all of
 * them, its searches move there. Everything that is done is in the tables: after a kill it goes on where it stood.
 */
@Injectable()
export class ReembeddingWorker implements OnModuleInit, BeforeApplicationShutdown {
  private readonly logger = new Logger(ReembeddingWorker.name);
  /** Tenants that are behind, in turn. */
  private readonly waiting = new Map<string, TenantContext>();
  /** Tenants that are tried again later. */
  private readonly pauses = new Map<string, NodeJS.Timeout>();
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;

  constructor(
    private readonly rounds: TenantRounds,
    private readonly database: TenantDatabase,
    private readonly vectors: ChunkVectorStore,
    private readonly embedding: EmbeddingService,
  ) {}

  onModuleInit(): void {
    this.rounds.register('vectors', () => this.look());
  }

  /** What is under way is broken off; at most a batch is done again. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    for (const pause of this.pauses.values()) clearTimeout(pause);
    await this.running;
  }

  /** At start and once an hour: whether the current tenant is behind. Documents of processes with another embedding are found here too. */
  async look(): Promise<void> {
    const { space } = this.embedding;
    if (!(await this.embedding.isNewest())) {
      this.logger.warn(`Another process of this installation was started later with another embedding: the vectors do not move to ${space}. Give all processes the same EMBEDDING_* variables.`);
      return;
    }
    if (await this.vectors.isBehind(space)) this.add(requireTenant());
    else await this.vectors.tidy(space);
  }

  private add(tenant: TenantContext): void {
    if (this.stopping.signal.aborted) return;
    this.waiting.set(tenant.schema, tenant);
    this.start();
  }

  private start(): void {
    this.running ??= this.work().finally(() => {
      this.running = undefined;
      // A tenant that was added while the work was ending must not wait for the next round.
      if (this.waiting.size > 0 && !this.stopping.signal.aborted) this.start();
    });
  }

  private addLater(tenant: TenantContext, pauseMs: number): void {
    clearTimeout(this.pauses.get(tenant.schema));
    this.pauses.set(tenant.schema, setTimeout(() => this.add(tenant), pauseMs).unref());
  }

  private async work(): Promise<void> {
    for (let [tenant] = this.waiting.values(); tenant && !this.stopping.signal.aborted; [tenant] = this.waiting.values()) {
      const { schema } = tenant;
      this.waiting.delete(schema);
      try {
        const pauseMs = await this.database.forTenant(tenant, () => this.takeTurn());
        if (pauseMs === 0) this.waiting.set(schema, tenant);
        else if (pauseMs !== undefined) this.addLater(tenant, pauseMs);
      } catch (error) {
        this.logger.warn({ err: error, schema }, 'Vectors could not be looked after; the next round, in an hour, tries again');
      }
    }
  }

  /** @returns when the tenant's next turn is due, in milliseconds; undefined when it needs none */
  private async takeTurn(): Promise<number | undefined> {
    const { space } = this.embedding;
    if (!(await this.embedding.isNewest())) return undefined;
    const claimed = await this.vectors.claim(space);
    if (!claimed) return otherProcessMs;
    if (claimed.begun && claimed.served !== space) this.logger.log({ from: claimed.served, to: space }, 'Documents are being embedded anew; searches go on with their present vectors until all are done');
    try {
      return await this.embedSome(space);
    } catch (error) {
      return await this.pause(error, claimed.failures);
    }
  }

  private async embedSome(space: string): Promise<number | undefined> {
    let after = 0;
    for (let batch = 0; batch < batchesATurn; batch += 1) {
      const chunks = await this.vectors.missing(space, after, chunksAtOnce);
      if (chunks.length === 0 && (await this.vectors.finish(space))) {
        this.logger.log({ to: space }, 'Every document has its vectors; searches compare them from now on');
        return undefined;
      }
      if (chunks.length > 0 && !(await this.vectors.add(space, chunks, await this.embed(chunks)))) return otherProcessMs;
      after = chunks.at(-1)?.key ?? 0;
    }
    await this.vectors.release();
    return 0;
  }

  private embed(chunks: readonly BareChunk[]): Promise<Float32Array[]> {
    const texts = chunks.map((chunk) => embeddedText(chunk, this.embedding.local));
    return this.embedding.embedPassages(texts, this.stopping.signal);
  }

  private async pause(error: unknown, before: number): Promise<number | undefined> {
    if (this.stopping.signal.aborted) {
      await this.vectors.release();
      return undefined;
    }
    const pauseMs = Math.min(firstPauseMs * 2 ** before, longestPauseMs);
    this.logger.warn({ err: error, next_try_ms: pauseMs }, 'Documents could not be embedded anew; searches go on with their present vectors');
    await this.vectors.release({ message: error instanceof Error ? error.message : String(error), failures: before + 1, retryAt: new Date(Date.now() + pauseMs) });
    return pauseMs;
  }
}
