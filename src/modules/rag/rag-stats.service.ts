import { Injectable } from '@nestjs/common';
import { analyserVersion } from '#libs/ingestion';
import { IndexService } from '../search/index.service.js';
import type { IndexStats } from '../search/search.types.js';
import { ChunkVectorStore } from './adapters/chunk-vector.store.js';
import { DocumentStore, type DocumentTotals } from './adapters/document.store.js';
import type { Reembedding } from './rag.types.js';

export interface RagStats extends DocumentTotals {
  /** How documents are analysed now. */
  analyser: string;
  index: IndexStats;
  reembedding: Reembedding | undefined;
}

/** What the tenant has stored, and how far its index is. */
@Injectable()
export class RagStatsService {
  constructor(
    private readonly documents: DocumentStore,
    private readonly vectors: ChunkVectorStore,
    private readonly index: IndexService,
  ) {}

  async get(): Promise<RagStats> {
    const [totals, index, reembedding] = await Promise.all([this.documents.totals(), this.index.stats(), this.vectors.progress()]);
    return { ...totals, analyser: analyserVersion(), index, reembedding };
  }
}
