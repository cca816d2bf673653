import { Injectable } from '@nestjs/common';
import { EmbeddingModel } from './ports/embedding-model.js';

/** The embedding that this installation uses. */
@Injectable()
export class EmbeddingService {
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

  get local(): boolean {
    return this.model.local;
  }

  embed(texts: string[], signal?: AbortSignal): Promise<Float32Array[]> {
    return this.model.embed(texts, signal);
  }
}
