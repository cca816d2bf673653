import { Inject, Injectable, Logger, OnApplicationBootstrap, OnApplicationShutdown, OnModuleInit } from '@nestjs/common';
import { join } from 'node:path';
import { AppError } from '#libs/contracts';
import { IndexReplica, ReplicaStalledError } from '#libs/index-replica';
import { fuse } from '#libs/ranking';
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
import { IndexBehindError } from './search.errors.js';
import type { IndexAnswer, IndexHit, IndexQuery, IndexStats, TermRarity } from './search.types.js';

const pollMs = 500;
/** Pause before a replica that could not follow its log tries again without being asked. */
const retryMs = 5_000;
/** Longest that somebody waits for a change to arrive in the index. */
const catchUpPatienceMs = 10_000;
const megabyte = 1024 * 1024;
/** Candidates of each ranking that the fusion sees, at least. */
const fewestCandidates = 50;

/**
 * Vector and keyword search over the current tenant's chunks, on replicas inside this process that follow the tenant's
 * index log. The tables are the truth; a replica can be thrown away at any time.
 */
@Injectable()
export class IndexService implements OnModuleInit, OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(IndexService.name);
  private readonly registry: ReplicaRegistry;
  private source: IndexSource | undefined;
  private readonly timers: NodeJS.Timeout[] = [];

  constructor(
    private readonly embedding: EmbeddingService,
    private readonly cluster: ClusterEventBus,
    private readonly health: HealthRegistry,
    private readonly slot: ProcessSlot,
    @Inject(ENV) env: Env,
  ) {
    this.registry = new ReplicaRegistry({
      budgetBytes: env.INDEX_MEMORY_MB * megabyte,
      open: (tenant, signal) => this.open(tenant, signal),
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
    return this.registry.use(requireTenant(), ({ replica }) => (query.mode === 'hybrid' ? this.hybrid(replica, query) : this.single(replica, query, query.mode)));
  }

  /** How rare terms are in the tenant's chunks; unknown ones are the rarest. Works until `release` is called, which must be. */
  async holdRarity(): Promise<TermRarity> {
    const { follower, release } = await this.registry.hold(requireTenant());
    return { idf: (term) => follower.replica.idf(term), release };
  }

  /** Whose vectors searches compare. */
  get embeddingSpace(): string {
    return this.embedding.space;
  }

  /** Where the index stands now, without waiting for the log. */
  seq(): Promise<number> {
    return this.registry.use(requireTenant(), ({ replica }) => replica.seq);
  }

  async stats(): Promise<IndexStats> {
    const { seq, documents, chunks, vectors, bytes, compacting } = await this.registry.use(requireTenant(), ({ replica }) => replica.stats());
    return { seq, documents, chunks, vectors, bytes, compacting, embeddingSpace: this.embedding.space };
  }

  private async single(replica: IndexReplica, query: IndexQuery, mode: 'vector' | 'keyword'): Promise<IndexAnswer> {
    const hits = mode === 'keyword' ? this.byKeyword(replica, query.text, query) : await this.byVector(replica, query.text, query);
    return { hits, mode, seq: replica.seq };
  }

  private async hybrid(replica: IndexReplica, query: IndexQuery): Promise<IndexAnswer> {
    const candidates = { ...query, limit: Math.max(fewestCandidates, query.limit * 2) };
    const keyword = this.byKeyword(replica, query.text, candidates);
    try {
      const vector = await this.byVector(replica, query.text, { ...candidates, documents: this.comparable(keyword, query) });
      return { hits: this.join(keyword, vector, query.limit), mode: 'hybrid', seq: replica.seq };
    } catch (error) {
      if (!(error instanceof AppError) || error.kind !== 'unavailable') throw error;
      this.logger.warn({ err: error }, 'Searching by keywords only: the embedding endpoint is down');
      return { hits: keyword.slice(0, query.limit), mode: 'keyword', seq: replica.seq };
    }
  }

  /**
   * Whose vectors a hybrid search looks at. A lexical embedding counts too little to lift a chunk above those that share words
   * with the question: where there are enough of these it only orders them, by exact similarity instead of a walk through the graph.
   */
  private comparable(keyword: IndexHit[], query: IndexQuery): ReadonlySet<number> | undefined {
    if (this.embedding.semantic || keyword.length < query.limit) return query.documents;
    return new Set(keyword.map((hit) => hit.document));
  }

  private byKeyword(replica: IndexReplica, text: string, options: Parameters<IndexReplica['searchKeyword']>[1]): IndexHit[] {
    const terms = analyzeQuery(text).map((token) => token.term);
    return replica.searchKeyword(terms, options).map(({ key, document, score }) => ({ key, document, score, keywordScore: score }));
  }

  private async byVector(replica: IndexReplica, text: string, options: Parameters<IndexReplica['searchVector']>[1]): Promise<IndexHit[]> {
    const vector = await this.embedding.embedQuery(text);
    if (vector.every((value) => value === 0)) return [];
    return (await replica.searchVector(vector, options)).map(({ key, document, score }) => ({ key, document, score, vectorScore: score }));
  }

  private join(keyword: IndexHit[], vector: IndexHit[], limit: number): IndexHit[] {
    const documents = new Map<number, number>();
    for (const hits of [keyword, vector]) for (const { key, document } of hits) documents.set(key, document);
    const asRanked = (hits: IndexHit[]) => hits.map(({ key, score }) => ({ id: key, score }));
    return fuse(asRanked(keyword), asRanked(vector), { vectorWeight: this.embedding.weight })
      .slice(0, limit)
      .map(({ id, score, keyword: keywordScore, vector: vectorScore }) => ({ key: id, document: documents.get(id) ?? 0, score, keywordScore, vectorScore }));
  }

  private async open(tenant: TenantContext, signal: AbortSignal): Promise<ReplicaFollower> {
    if (!this.source) throw new Error('no IndexSource is registered');
    const tell = (message: string) => (error: unknown) => this.logger.warn({ err: error, schema: tenant.schema }, message);
    const replica = await IndexReplica.open({
      directory: join(this.slot.directory, 'index', tenant.schema),
      dimensions: this.embedding.dimensions,
      vectorSpace: this.embedding.space,
      onError: tell('The index could not be written to the disk; it is served from memory and tried again'),
    });
    const follower = new ReplicaFollower(replica, this.source, tell('An index replica could not follow its log; it tries again'));
    try {
      await follower.begin(signal);
      return follower;
    } catch (error) {
      throw error instanceof ReplicaStalledError ? new IndexBehindError(error) : error;
    }
  }

  private async withPatience(work: (follower: ReplicaFollower) => Promise<void>): Promise<void> {
    // The follower itself tells what fails.
    const told = () => undefined;
    try {
      await this.registry.use(requireTenant(), (follower) => within(catchUpPatienceMs, work(follower), () => new IndexBehindError(), told));
    } catch (error) {
      throw error instanceof ReplicaStalledError ? new IndexBehindError(error) : error;
    }
  }

  private follow(schema: string, seq?: number): void {
    void this.registry.whileOpen(schema, async (follower, tenant) => {
      // What fails is told by the follower, and tried again.
      await runWithContext({ requestId: 'index-follower', tenant }, () => follower.catchUp(seq)).catch(() => undefined);
    });
  }

  private followAll(): void {
    for (const { schema } of this.registry.followers()) this.follow(schema);
  }

  private followFailing(): void {
    for (const { schema, follower } of this.registry.followers()) if (follower.failing) this.follow(schema);
  }

  private state() {
    const followers = this.registry.followers();
    const failing = followers.filter(({ follower }) => follower.failing || follower.replica.lastError !== null);
    return { open_replicas: followers.length, failing_replicas: failing.length, heap_bytes: this.registry.bytes };
  }
}
