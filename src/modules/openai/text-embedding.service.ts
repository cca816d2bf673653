import { Injectable } from '@nestjs/common';
import { setImmediate } from 'node:timers/promises';
import { countAllTokens } from '#libs/text';
import { EmbeddingService } from '../search/embedding.service.js';
import { EmbeddingModelNotFoundError, InvalidParameterError } from './openai.errors.js';

/** Stands for whatever embedding this installation uses. */
export const defaultEmbeddingModel = 'ai-stack-embedding';
/** UTF-16 units of one text for the built-in embedding: about 5 ms on the event loop. */
const longestLocalText = 8_000;
const longestText = 32_000;
/** Of all texts of a request. */
const longestBatch = 400_000;

export interface TextVectors {
  model: string;
  vectors: Float32Array[];
  tokens: number;
}

/** Embeddings for callers outside: bounded, and in slices, so that other requests go on. */
@Injectable()
export class TextEmbeddingService {
  constructor(private readonly embeddings: EmbeddingService) {}

  /** @throws openai.model_not_found, openai.invalid_parameter, search.embedding_unavailable */
  async embed(model: string, texts: string[], dimensions: number | undefined, signal: AbortSignal): Promise<TextVectors> {
    const own = this.embeddings.name;
    if (model !== own && model !== defaultEmbeddingModel) throw new EmbeddingModelNotFoundError(model, defaultEmbeddingModel);
    if (dimensions !== undefined && dimensions !== this.embeddings.dimensions) {
      throw new InvalidParameterError('dimensions', `The model has ${this.embeddings.dimensions} dimensions and no others.`);
    }
    this.checkLengths(texts);
    const tokens = await countAllTokens(texts);
    return { model: own, vectors: this.embeddings.local ? await this.embedHere(texts, signal) : await this.embeddings.embed(texts, signal), tokens };
  }

  private checkLengths(texts: string[]): void {
    const longest = this.embeddings.local ? longestLocalText : longestText;
    const tooLong = texts.findIndex((text) => text.length > longest);
    if (tooLong >= 0) throw new InvalidParameterError(texts.length === 1 ? 'input' : `input.${tooLong}`, `A text may have ${longest} characters; split it.`);
    const all = texts.reduce((sum, text) => sum + text.length, 0);
    if (all > longestBatch) throw new InvalidParameterError('input', `The texts have ${all} characters together; they may have ${longestBatch}. Send fewer at once.`);
  }

  private async embedHere(texts: string[], signal: AbortSignal): Promise<Float32Array[]> {
    const vectors: Float32Array[] = [];
    for (const text of texts) {
      vectors.push(...(await this.embeddings.embed([text])));
      await setImmediate();
      signal.throwIfAborted();
    }
    return vectors;
  }
}
