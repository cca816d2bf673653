import { Injectable } from '@nestjs/common';
import { AppError } from '#libs/contracts';
import type { ChunkingSettings } from '#libs/chunking';
import { EmbeddingService } from '../search/embedding.service.js';
import { CollectionStore } from './adapters/collection.store.js';
import { DocumentQueue } from './adapters/document.queue.js';
import { CollectionNotFoundError } from './rag.errors.js';
import { defaultCollection, type CollectionView } from './rag.types.js';

/** What names a collection, without a look at its documents. */
export interface CollectionName {
  id: string;
  name: string;
  createdAt: Date;
}

export interface CollectionChange {
  name?: string;
  description?: string | null;
  chunking?: Partial<ChunkingSettings>;
}

/** Groups of documents with settings of their own. Changed chunking settings apply to documents that come after, and to the others once they are processed anew. */
@Injectable()
export class CollectionsService {
  constructor(
    private readonly collections: CollectionStore,
    private readonly queue: DocumentQueue,
    private readonly embedding: EmbeddingService,
  ) {}

  /** What the documents of every collection are embedded by. */
  get embeddedBy(): { model: string; dimensions: number } {
    return { model: this.embedding.name, dimensions: this.embedding.dimensions };
  }

  create(name: string, description: string | undefined, chunking: Partial<ChunkingSettings> | undefined): Promise<CollectionView> {
    return this.collections.create(name, description, chunking ?? {});
  }

  list(page: number, pageSize: number): Promise<{ items: CollectionView[]; total: number }> {
    return this.collections.list(page, pageSize);
  }

  get(id: string): Promise<CollectionView> {
    return this.collections.get(id);
  }

  /** The first `limit` by name. */
  names(limit: number): Promise<CollectionName[]> {
    return this.collections.names(limit);
  }

  /** By name or id, as documents name it. @throws CollectionNotFoundError */
  find(nameOrId: string): Promise<CollectionName> {
    return this.collections.resolve(nameOrId);
  }

  async update(id: string, change: CollectionChange): Promise<CollectionView> {
    const current = await this.collections.get(id);
    if (current.name === defaultCollection && change.name !== undefined && change.name !== defaultCollection) {
      throw new AppError('rag.default_collection', 'conflict', 'The collection "default" keeps its name: documents that name no collection go there.');
    }
    return this.collections.update(id, change);
  }

  /**
   * Has all ready documents parsed and chunked anew, from their files or texts, with the present settings. Until that is done they are found as they are.
   * @returns how many were queued; those that wait already are not counted again
   */
  async reprocess(id: string): Promise<number> {
    await this.collections.get(id);
    return this.queue.reprocess(id);
  }

  async remove(id: string): Promise<void> {
    const removed = await this.collections.remove(id);
    if (removed) return;
    const { name, documentCount } = await this.collections.get(id).catch(() => {
      throw new CollectionNotFoundError(id);
    });
    throw new AppError('rag.collection_not_empty', 'conflict', `The collection "${name}" holds ${documentCount} documents. Delete them first (POST /rag/documents/batch-delete).`);
  }
}
