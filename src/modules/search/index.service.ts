import { OnApplicationShutdown, Inject, Injectable, Logger, OnModuleInit } from '@nestjs/common';
import { join } from 'node:path';
import { IndexReplica } from '#libs/index-replica';
import { fuse } from '#libs/ranking';
import { analyzeQuery } from '#libs/text';
import { ENV } from '../../platform/config/config.module.js';
import type { Env } from '../../platform/config/env.js';
import { ClusterEventBus } from '../../platform/events/cluster-event-bus.js';
import { requireTenant, runWithContext, type TenantContext } from '../../platform/tenancy/tenant-context.js';
import { claimIndexDirectory, releaseIndexDirectory } from './adapters/index-directory.js';
import { ReplicaFollower } from './core/replica-follower.js';
import { ReplicaRegistry } from './core/replica-registry.js';
import { EmbeddingService } from './embedding.service.js';
import { IndexSource } from './index-source.js';
import type { IndexAnswer, IndexHit, IndexQuery, IndexStats } from './search.types.js';

const pollMs = 500;
const megabyte = 1024 * 1024;
/** Candidates of each ranking that the fusion sees, at least. */
const fewestCandidates = 50;

/**
 * Vector and keyword search over the current tenant's chunks, on replicas inside this process that follow the tenant's
 * index log. The tables are the truth; a replica can be thrown away at any time.
 */
@Injectable()
export class IndexService implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger(IndexService.name);
  private readonly registry: ReplicaRegistry;
  private directory: string | undefined;
  private source: IndexSource | undefined;
  private poll: NodeJS.Timeout | undefined;

  constructor(
    private readonly embedding: EmbeddingService,
    private readonly cluster: ClusterEventBus,
    @Inject(ENV) private readonly env: Env,
  ) {
    this.registry = new ReplicaRegistry(env.INDEX_MEMORY_MB * megabyte, (tenant) => this.open(tenant));
  }

  onModuleInit(): void {
    this.cluster.on('index.changed', ({ schema }) => this.follow(schema));
    this.cluster.onReconnected(() => this.followAll());
    this.poll = setInterval(() => {
      if (!this.cluster.connected) this.followAll();
    }, pollMs).unref();
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.poll);
    await this.registry.closeAll();
    if (this.directory) releaseIndexDirectory(this.directory);
  }

  /** Called once, by the feature that owns the documents. */
  registerSource(source: IndexSource): void {
    this.source = source;
  }

  /** Resolves when this process answers from `seq` or later; without it, from everything committed by now. */
  async catchUp(seq?: number): Promise<void> {
    await (await this.follower()).catchUp(seq);
  }

  async query(query: IndexQuery): Promise<IndexAnswer> {
    const { replica } = await this.follower();
    const options = { limit: query.limit, collections: query.collections, documents: query.documents };
    const candidates = { ...options, limit: Math.max(fewestCandidates, query.limit * 2) };
    if (query.mode === 'vector') return { hits: await this.byVector(replica, query.text, options), seq: replica.seq };
    if (query.mode === 'keyword') return { hits: this.byKeyword(replica, query.text, options), seq: replica.seq };
    const keyword = this.byKeyword(replica, query.text, candidates);
    const vector = await this.byVector(replica, query.text, candidates);
    return { hits: this.join(keyword, vector, query.limit), seq: replica.seq };
  }

  /** How rare each term is in the tenant's chunks; unknown terms are the rarest. */
  async termRarity(): Promise<(term: string) => number> {
    const { replica } = await this.follower();
    return (term) => replica.idf(term);
  }

  /** Where the index stands now, without waiting for the log. */
  async seq(): Promise<number> {
    return (await this.follower()).replica.seq;
  }

  async stats(): Promise<IndexStats> {
    const { replica } = await this.follower();
    const { seq, documents, chunks, vectors, bytes, compacting } = replica.stats();
    return { seq, documents, chunks, vectors, bytes, compacting, embeddingSpace: this.embedding.space };
  }

  private byKeyword(replica: IndexReplica, text: string, options: Parameters<IndexReplica['searchKeyword']>[1]): IndexHit[] {
    const terms = analyzeQuery(text).map((token) => token.term);
    return replica.searchKeyword(terms, options).map((hit) => ({ ...hit, keywordScore: hit.score }));
  }

  private async byVector(replica: IndexReplica, text: string, options: Parameters<IndexReplica['searchVector']>[1]): Promise<IndexHit[]> {
    const [vector] = await this.embedding.embed([text]);
    if (!vector || vector.every((value) => value === 0)) return [];
    return (await replica.searchVector(vector, options)).map((hit) => ({ ...hit, vectorScore: hit.score }));
  }

  private join(keyword: IndexHit[], vector: IndexHit[], limit: number): IndexHit[] {
    const documents = new Map([...keyword, ...vector].map((hit) => [hit.key, hit.document]));
    const asRanked = (hits: IndexHit[]) => hits.map(({ key, score }) => ({ id: key, score }));
    return fuse(asRanked(keyword), asRanked(vector), { vectorWeight: this.embedding.weight })
      .slice(0, limit)
      .map(({ id, score, keyword: keywordScore, vector: vectorScore }) => ({ key: id, document: documents.get(id) ?? 0, score, keywordScore, vectorScore }));
  }

  private follower(): Promise<ReplicaFollower> {
    return this.registry.get(requireTenant());
  }

  private async open(tenant: TenantContext): Promise<ReplicaFollower> {
    if (!this.source) throw new Error('no IndexSource is registered');
    this.directory ??= claimIndexDirectory(join(this.env.AI_STACK_DATA_DIR, 'index'));
    const replica = await IndexReplica.open({ directory: join(this.directory, tenant.schema), dimensions: this.embedding.dimensions, vectorSpace: this.embedding.space });
    const follower = new ReplicaFollower(replica, this.source);
    await follower.catchUp();
    return follower;
  }

  private follow(schema: string): void {
    const opened = this.registry.opened(schema);
    if (!opened) return;
    runWithContext({ requestId: 'index-follower', tenant: opened.tenant }, () => opened.follower.catchUp()).catch((error: unknown) =>
      this.logger.warn({ err: error, schema }, 'An index replica could not follow its log; the next change tries again'),
    );
  }

  private followAll(): void {
    for (const schema of this.registry.schemas()) this.follow(schema);
  }
}
