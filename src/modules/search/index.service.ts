import { Inject, Injectable, Logger, OnApplicationBootstrap, OnApplicationShutdown, OnModuleInit } from '@nestjs/common';
import { createHash } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Rarity } from '#libs/answering';
import { IndexThread, isStalled, ReplicaLostError, ThreadBusyError } from '#libs/index-thread';
import { analyzeQuery } from '#libs/text';
import { ENV } from '../../platform/config/config.module.js';
import type { Env } from '../../platform/config/env.js';
import { ClusterEventBus } from '../../platform/events/cluster-event-bus.js';
import { HealthRegistry } from '../../platform/health/health.registry.js';
import { ProcessSlot } from '../../platform/storage/process-slot.js';
import { requireTenant, runWithContext, type TenantContext } from '../../platform/tenancy/tenant-context.js';
import { within } from './core/patience.js';
import { ReplicaFollower } from './core/replica-follower.js';
import { ReplicaRegistry } from './core/replica-registry.js';
import { EmbeddingService } from './embedding.service.js';
import { IndexSource } from './index-source.js';
import { dimensionsOf } from './ports/embedding-model.js';
import { ReplicaSearch } from './replica-search.js';
import { IndexBehindError, IndexBusyError, IndexOpeningError } from './search.errors.js';
import type { IndexAnswer, IndexPosition, IndexQuery, IndexStats } from './search.types.js';

const pollMs = 500;
/** Pause before a replica that could not follow its log tries again without being asked. */
const retryMs = 5_000;
/** Longest that somebody waits for a change to arrive in the index. */
const catchUpPatienceMs = 10_000;
/** Longest that somebody waits for an answer of the index. */
const answerPatienceMs = 30_000;
const megabyte = 1024 * 1024;

/**
 * Vector and keyword search over the current tenant's chunks, on replicas inside this process that follow the tenant's
 * index log. The tables are the truth; a replica can be thrown away at any time.
 */
@Injectable()
export class IndexService implements OnModuleInit, OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(IndexService.name);
  private readonly thread = new IndexThread();
  private readonly registry: ReplicaRegistry;
  private readonly search: ReplicaSearch;
  private source: IndexSource | undefined;
  private readonly timers: NodeJS.Timeout[] = [];

  constructor(
    private readonly embedding: EmbeddingService,
    private readonly cluster: ClusterEventBus,
    private readonly health: HealthRegistry,
    private readonly slot: ProcessSlot,
    @Inject(ENV) env: Env,
  ) {
    this.search = new ReplicaSearch(embedding);
    this.registry = new ReplicaRegistry({
      budgetBytes: env.INDEX_MEMORY_MB * megabyte,
      open: (tenant, signal) => this.open(tenant, signal).catch(refused),
      onError: (error, { schema }) => this.logger.warn({ err: error, schema }, 'An index replica could not be opened or closed; its next use tries again'),
    });
  }

  onModuleInit(): void {
    this.cluster.on('index.changed', ({ schema, seq }) => this.follow(schema, seq));
    this.cluster.onReconnected(() => this.followAll());
    const poll = setInterval(() => {
      if (!this.cluster.connected) this.followAll();
    }, pollMs);
    const retry = setInterval(() => this.followFailing(), retryMs);
    this.timers.push(poll.unref(), retry.unref());
    this.health.register('index', () => Promise.resolve(this.state()));
  }

  /** The Chinese dictionary takes some hundred milliseconds to load: now, rather than in the first request. Two characters need no dictionary. */
  onApplicationBootstrap(): void {
    analyzeQuery('中文词典预热');
  }

  async onApplicationShutdown(): Promise<void> {
    for (const timer of this.timers) clearInterval(timer);
    await this.registry.closeAll();
    await this.thread.close();
  }

  /** Called once, by the feature that owns the documents. */
  registerSource(source: IndexSource): void {
    this.source = source;
  }

  /**
   * Resolves when this process answers from `seq` or later; without it, from everything committed by now. For those who have committed a
   * change: it stays committed when the index cannot take it yet, so then, or after ten seconds, this resolves to false and is logged.
   */
  async catchUp(seq?: number): Promise<boolean> {
    try {
      await this.withPatience((follower) => follower.catchUp(seq));
      return true;
    } catch (error) {
      this.logger.warn({ err: error, seq }, 'A change is committed, but not yet in the index of this process');
      return false;
    }
  }

  /** Resolves when this process answers from a `seq` that a client names, or later. @throws SeqAheadError, IndexBehindError */
  async reach(seq: number): Promise<void> {
    await this.withPatience((follower) => follower.reach(seq));
  }

  query(query: IndexQuery): Promise<IndexAnswer> {
    return this.ask(requireTenant(), (follower) => this.search.run(follower, query));
  }

  /** How rare terms are in the chunks of the current tenant; unknown ones are the rarest. All are alike when that cannot be told now: it is no reason to lose an answer. */
  rarity(): Rarity {
    const tenant = requireTenant();
    return async (terms) => {
      try {
        const found = await this.ask(tenant, ({ replica }) => replica.idf(terms));
        const byTerm = new Map(terms.map((term, place) => [term, found[place] ?? 0]));
        return (term) => byTerm.get(term) ?? 0;
      } catch (error) {
        this.logger.warn({ err: error, schema: tenant.schema }, 'How rare the words of an answer are could not be told; it is judged as if all were alike');
        return () => 1;
      }
    };
  }

  /** Where the index stands now, without waiting for the log. */
  position(): Promise<IndexPosition> {
    return this.registry.use(requireTenant(), ({ replica, vectorSpace }) => ({ ...replica.position, vectorSpace }));
  }

  stats(): Promise<IndexStats> {
    return this.ask(requireTenant(), async ({ replica, vectorSpace }) => {
      const { seq, documents, chunks, vectors, bytes, compacting } = await replica.stats();
      return { seq, documents, chunks, vectors, bytes, compacting, vectorSpace };
    });
  }

  /** @throws IndexBusyError when the thread of the index has too much to do */
  private ask<T>(tenant: TenantContext, work: (follower: ReplicaFollower) => Promise<T>): Promise<T> {
    const told = (error: unknown) => this.logger.warn({ err: error, schema: tenant.schema }, 'The index failed to answer, after its caller had given up');
    const asked = (follower: ReplicaFollower) => within(answerPatienceMs, work(follower), () => new IndexBusyError(), told);
    return this.registry.use(tenant, asked).catch(refused);
  }

  private async open(tenant: TenantContext, signal: AbortSignal): Promise<ReplicaFollower> {
    const { source } = this;
    if (!source) throw new Error('no IndexSource is registered');
    const vectorSpace = (await source.bounds()).vectorSpace ?? this.embedding.space;
    const tell = (message: string) => (error: unknown) => this.logger.warn({ err: error, schema: tenant.schema }, message);
    const replica = await this.thread.open({
      directory: await this.makeRoom(tenant, vectorSpace),
      dimensions: dimensionsOf(vectorSpace),
      vectorSpace,
      onError: tell('The index could not be written to the disk; it is served from memory and tried again'),
    });
    const follower = new ReplicaFollower(replica, vectorSpace, source, tell('An index replica could not follow its log; it tries again'));
    await follower.begin(signal);
    // What was announced while it was being opened reached nobody.
    setImmediate(() => this.follow(tenant.schema));
    return follower;
  }

  /** A folder for each vector space: while searches move to another one, the tenant has two replicas. What is left of earlier ones goes. */
  private async makeRoom({ schema }: TenantContext, vectorSpace: string): Promise<string> {
    const root = join(this.slot.directory, 'index', schema);
    const folder = folderOf(vectorSpace);
    const inUse = this.registry.peek(schema)?.vectorSpace;
    const kept = [folder, ...(inUse === undefined ? [] : [folderOf(inUse)])];
    const names = await readdir(root).catch(() => []);
    for (const name of names) if (!kept.includes(name)) await rm(join(root, name), { recursive: true, force: true });
    return join(root, folder);
  }

  private async withPatience(work: (follower: ReplicaFollower) => Promise<void>): Promise<void> {
    // The follower itself tells what fails.
    const told = () => undefined;
    try {
      await this.registry.use(requireTenant(), (follower) => within(catchUpPatienceMs, work(follower), () => new IndexBehindError(), told));
    } catch (error) {
      refused(error);
    }
  }

  private follow(schema: string, seq?: number): void {
    void this.registry.whileOpen(schema, async (follower, tenant) => {
      // What fails is told by the follower, and tried again.
      await runWithContext({ requestId: 'index-follower', tenant }, () => follower.catchUp(seq)).catch(() => undefined);
      if (follower.outdated) this.replace(tenant);
    });
  }

  private replace(tenant: TenantContext): void {
    const failed = (error: unknown) => this.logger.warn({ err: error, schema: tenant.schema }, 'The index of the new vectors could not be built; searches go on with the former ones, and it is tried again');
    runWithContext({ requestId: 'index-follower', tenant }, () => this.registry.replace(tenant)).catch(failed);
  }

  private followAll(): void {
    for (const { schema } of this.registry.followers()) this.follow(schema);
  }

  private followFailing(): void {
    for (const { schema, follower } of this.registry.followers()) if (follower.failing || follower.outdated) this.follow(schema);
  }

  private state() {
    const followers = this.registry.followers();
    const failing = followers.filter(({ follower }) => follower.failing || follower.replica.failing);
    return { open_replicas: followers.length, failing_replicas: failing.length, heap_bytes: this.registry.bytes };
  }
}

/** What a client is told of a replica that cannot go on for now. */
function refused(error: unknown): never {
  if (isStalled(error)) throw new IndexBehindError(error);
  if (error instanceof ThreadBusyError) throw new IndexBusyError(error);
  throw error instanceof ReplicaLostError ? new IndexOpeningError(error) : error;
}

/** A name that every file system takes. */
function folderOf(vectorSpace: string): string {
  return createHash('sha256').update(vectorSpace).digest('hex').slice(0, 16);
}
