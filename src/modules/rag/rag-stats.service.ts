import { Injectable } from '@nestjs/common';
import { analyserVersion } from '#libs/ingestion';
import { IndexService } from '../search/index.service.js';
import type { IndexStats } from '../search/search.types.js';
import { DocumentStore, type DocumentTotals } from './adapters/document.store.js';

export interface RagStats extends DocumentTotals {
  /** How documents are analysed now. */
  analyser: string;
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
    return { ...totals, analyser: analyserVersion(), index };
  }
}
