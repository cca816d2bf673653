import { Injectable } from '@nestjs/common';
import { AppError } from '#libs/contracts';
import type { ChunkingSettings } from '#libs/chunking';
import { CollectionStore } from './adapters/collection.store.js';
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

/** Groups of documents with settings of their own. Changed chunking settings apply to documents that come after. */
@Injectable()
export class CollectionsService {
  constructor(private readonly collections: CollectionStore) {}

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

  async remove(id: string): Promise<void> {
    const removed = await this.collections.remove(id);
    if (removed) return;
    const { name, documentCount } = await this.collections.get(id).catch(() => {
      throw new CollectionNotFoundError(id);
    });
    throw new AppError('rag.collection_not_empty', 'conflict', `The collection "${name}" holds ${documentCount} documents. Delete them first (POST /rag/documents/batch-delete).`);
  }
}
