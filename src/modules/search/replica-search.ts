import { Logger } from '@nestjs/common';
import { AppError } from '#libs/contracts';
import type { Hit, IndexReplica } from '#libs/index-replica';
import { fuse } from '#libs/ranking';
import { analyzeQuery } from '#libs/text';
import type { ReplicaFollower } from './core/replica-follower.js';
import type { EmbeddingService } from './embedding.service.js';
import type { EmbeddingModel } from './ports/embedding-model.js';
import { FormerModelGoneError } from './search.errors.js';
import type { IndexAnswer, IndexHit, IndexQuery } from './search.types.js';

/** Candidates of each ranking that the fusion sees, at least. */
const fewestCandidates = 50;

/** Ranks a replica's chunks by words, by vectors, or by both. The question is embedded by the model of the replica's vectors. */
export class ReplicaSearch {
  private readonly logger = new Logger(ReplicaSearch.name);

  constructor(private readonly embedding: EmbeddingService) {}

  run(follower: ReplicaFollower, query: IndexQuery): Promise<IndexAnswer> {
    return query.mode === 'hybrid' ? this.hybrid(follower, query) : this.single(follower, query, query.mode);
  }

  private async single(follower: ReplicaFollower, query: IndexQuery, mode: 'vector' | 'keyword'): Promise<IndexAnswer> {
    const { replica } = follower;
    const byKeywords = mode === 'keyword';
    const found = byKeywords ? byKeyword(replica, query.text, query) : await this.byVector(replica, this.modelOf(follower), query.text, query);
    const hits = found.map(({ key, score }) => (byKeywords ? { key, score, keywordScore: score } : { key, score, vectorScore: score }));
    return { hits, mode, seq: replica.seq };
  }

  private async hybrid(follower: ReplicaFollower, query: IndexQuery): Promise<IndexAnswer> {
    const { replica } = follower;
    const candidates = { ...query, limit: Math.max(fewestCandidates, query.limit * 2) };
    const keyword = byKeyword(replica, query.text, candidates);
    try {
      const model = this.modelOf(follower);
      const vector = await this.byVector(replica, model, query.text, { ...candidates, documents: comparable(model, keyword, query) });
      return { hits: join(keyword, vector, model.weight, query.limit), mode: 'hybrid', seq: replica.seq };
    } catch (error) {
      if (!(error instanceof AppError) || error.kind !== 'unavailable') throw error;
      this.logger.warn({ err: error }, 'Searching by keywords only: the question could not be embedded');
      const hits = keyword.slice(0, query.limit).map(({ key, score }) => ({ key, score, keywordScore: score }));
      return { hits, mode: 'keyword', seq: replica.seq };
    }
  }

  /** A former model, while the tenant's documents are embedded anew. */
  private modelOf({ vectorSpace }: ReplicaFollower): EmbeddingModel {
    const model = this.embedding.of(vectorSpace);
    if (!model) throw new FormerModelGoneError(vectorSpace);
    return model;
  }

  private async byVector(replica: IndexReplica, model: EmbeddingModel, text: string, options: Parameters<IndexReplica['searchVector']>[1]): Promise<Hit[]> {
    const vector = await this.embedding.embedQuery(text, model);
    if (vector.every((value) => value === 0)) return [];
    return replica.searchVector(vector, options);
  }
}

function byKeyword(replica: IndexReplica, text: string, options: Parameters<IndexReplica['searchKeyword']>[1]): Hit[] {
  const terms = analyzeQuery(text).map((token) => token.term);
  return replica.searchKeyword(terms, options);
}

/**
 * Whose vectors a hybrid search looks at. A lexical embedding counts too little to lift a chunk above those that share words
 * with the question: where there are enough of these it only orders them, by exact similarity instead of a walk through the graph.
 */
function comparable(model: EmbeddingModel, keyword: readonly Hit[], query: IndexQuery): ReadonlySet<number> | undefined {
  if (model.semantic || keyword.length < query.limit) return query.documents;
  return new Set(keyword.map((hit) => hit.document));
}

function join(keyword: readonly Hit[], vector: readonly Hit[], vectorWeight: number, limit: number): IndexHit[] {
  const ranked = (hits: readonly Hit[]) => hits.map(({ key, score }) => ({ id: key, score }));
  const best = fuse(ranked(keyword), ranked(vector), { vectorWeight }).slice(0, limit);
  return best.map(({ id, score, keyword: keywordScore, vector: vectorScore }) => ({ key: id, score, keywordScore, vectorScore }));
}
