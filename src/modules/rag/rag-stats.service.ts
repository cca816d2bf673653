import { Injectable } from '@nestjs/common';
import { IndexService } from '../search/index.service.js';
import type { IndexStats } from '../search/search.types.js';
import { DocumentStore } from './adapters/document.store.js';

export interface RagStats {
  documents: number;
  chunks: number;
  bytes: number;
  byStatus: Record<string, number>;
  index: IndexStats;
}

/** What the tenant has stored, and how far its index is. */
@Injectable()
export class RagStatsService {
  constructor(
    private readonly documents: DocumentStore,
    private readonly index: IndexService,
  ) {}

  async get(): Promise<RagStats> {
    const [totals, index] = await Promise.all([this.documents.totals(), this.index.stats()]);
    return { ...totals, index };
  }
}
