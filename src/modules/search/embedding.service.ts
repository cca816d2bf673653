import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { EmbeddingModel } from './ports/embedding-model.js';

const rememberedQueries = 2_000;

/** The embedding that this installation uses. */
@Injectable()
export class EmbeddingService {
  private readonly queries = new LRUCache<string, Float32Array>({ max: rememberedQueries });

  constructor(private readonly model: EmbeddingModel) {}

  get space(): string {
    return this.model.space;
  }

  get dimensions(): number {
    return this.model.dimensions;
  }

  get weight(): number {
    return this.model.weight;
  }

  get semantic(): boolean {
    return this.model.semantic;
  }

  get local(): boolean {
    return this.model.local;
  }

  /** Texts of documents: patient, since nobody waits. */
  embed(texts: string[], signal?: AbortSignal): Promise<Float32Array[]> {
    return this.model.embed(texts, { signal });
  }

  /** A question: impatient, since somebody waits; remembered, since people ask the same. The text decides it, not the tenant. */
  async embedQuery(text: string): Promise<Float32Array> {
    const known = this.queries.get(text);
    if (known) return known;
    const [vector = new Float32Array(this.dimensions)] = await this.model.embed([text], { urgent: true });
    this.queries.set(text, vector);
    return vector;
  }
}
