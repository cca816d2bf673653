import { Logger } from '@nestjs/common';
import { AppError } from '#libs/contracts';
import { analyzeQuery } from '#libs/text';
import type { ReplicaFollower } from './core/replica-follower.js';
import type { EmbeddingService } from './embedding.service.js';
import type { EmbeddingModel } from './ports/embedding-model.js';
import { FormerModelGoneError } from './search.errors.js';
import type { IndexAnswer, IndexQuery, SearchMode } from './search.types.js';

/** Asks a replica by words, by a vector, or by both. The question is embedded by the model of the replica's vectors. */
export class ReplicaSearch {
  private readonly logger = new Logger(ReplicaSearch.name);

  constructor(private readonly embedding: EmbeddingService) {}

  async run(follower: ReplicaFollower, query: IndexQuery): Promise<IndexAnswer> {
    const { text, limit, collections, documents } = query;
    const { mode, ...vector } = await this.vectorOf(follower, query);
    const terms = mode === 'vector' ? undefined : analyzeQuery(text).map((token) => token.term);
    const found = await follower.replica.search({ terms, ...vector, limit, collections, documents });
    return { ...found, mode };
  }

  /** The question as the replica's vectors have it. While it cannot be embedded, a hybrid search goes by words alone. */
  private async vectorOf(follower: ReplicaFollower, { text, mode }: IndexQuery): Promise<{ mode: SearchMode; vector?: Float32Array; vectorWeight?: number; semantic?: boolean }> {
    if (mode === 'keyword') return { mode };
    try {
      const model = this.modelOf(follower);
      return { mode, vector: await this.embedding.embedQuery(text, model), vectorWeight: model.weight, semantic: model.semantic };
    } catch (error) {
      if (mode === 'vector' || !(error instanceof AppError) || error.kind !== 'unavailable') throw error;
      this.logger.warn({ err: error }, 'Searching by keywords only: the question could not be embedded');
      return { mode: 'keyword' };
    }
  }

  /** A former model, while the tenant's documents are embedded anew. */
  private modelOf({ vectorSpace }: ReplicaFollower): EmbeddingModel {
    const model = this.embedding.of(vectorSpace);
    if (!model) throw new FormerModelGoneError(vectorSpace);
    return model;
  }
}
