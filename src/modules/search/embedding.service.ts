import { Injectable, Logger } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { AppError } from '#libs/contracts';
import { DegradedError } from '../../platform/health/health.registry.js';
import { EmbeddingModels, isRefusal, type EmbeddingModel } from './ports/embedding-model.js';

const rememberedQueries = 2_000;
/** Taken by every model that works. */
const harmless = 'text';

/** The embedding that this installation uses. */
@Injectable()
export class EmbeddingService {
  private readonly logger = new Logger(EmbeddingService.name);
  private readonly queries = new LRUCache<string, Float32Array>({ max: rememberedQueries });

  constructor(private readonly models: EmbeddingModels) {}

  get name(): string {
    return this.models.current.name;
  }

  get space(): string {
    return this.models.current.space;
  }

  get dimensions(): number {
    return this.models.current.dimensions;
  }

  get weight(): number {
    return this.models.current.weight;
  }

  get semantic(): boolean {
    return this.models.current.semantic;
  }

  get local(): boolean {
    return this.models.current.local;
  }

  /** Its endpoint, by its last answer to this process. @throws DegradedError when that was none */
  checkEndpoint(): Promise<void> {
    const { failure } = this.models.current;
    if (!failure) return Promise.resolve();
    return Promise.reject(new DegradedError('The embedding endpoint did not answer: searches go by words, and new documents wait.', { failed_at: failure.at.toISOString() }, { cause: failure.error }));
  }

  /** The model of vectors that are stored already; undefined when it cannot be asked from here. */
  of(space: string): EmbeddingModel | undefined {
    return this.models.of(space);
  }

  /** Whether vectors of other spaces are to move to this one: of several processes, the one started last decides. */
  isNewest(): Promise<boolean> {
    return this.models.isNewest();
  }

  /** Texts that nobody waits for: patient. @throws search.embedding_unavailable; search.embedding_refused when the model refuses a text */
  embed(texts: string[], signal?: AbortSignal): Promise<Float32Array[]> {
    const { current } = this.models;
    return current.local ? this.oneByOne(texts, (text) => current.embed([text]), signal) : current.embed(texts, { signal });
  }

  /** The same for what is searched: a text that the model refuses (one that is too long for it) has all zeros and is found by its words. */
  async embedPassages(texts: string[], signal?: AbortSignal): Promise<Float32Array[]> {
    try {
      return await this.embed(texts, signal);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      return this.oneByOne(texts, (text) => this.embedOrPass(text, signal), signal);
    }
  }

  /** Texts in a former embedding, for searches that still compare in it; undefined when it cannot be asked or does not answer soon. */
  async embedFormerly(space: string, texts: string[]): Promise<Float32Array[] | undefined> {
    const model = this.of(space);
    if (!model) return undefined;
    try {
      return model.local ? await this.oneByOne(texts, (text) => model.embed([text])) : await model.embed(texts, { urgent: true });
    } catch (error) {
      if (!(error instanceof AppError) || error.kind !== 'unavailable') throw error;
      this.logger.warn({ err: error, space }, 'New passages are found by words only, until searches move to the new embedding');
      return undefined;
    }
  }

  /** A question: impatient, since somebody waits. Those of an endpoint are remembered, since people ask the same; the text decides them, not the tenant. */
  async embedQuery(text: string, model: EmbeddingModel = this.models.current): Promise<Float32Array> {
    const key = `${model.space} ${text}`;
    const known = this.queries.get(key);
    if (known) return known;
    const [vector = new Float32Array(model.dimensions)] = await model.embed([text], { urgent: true });
    if (!model.local) this.queries.set(key, vector);
    return vector;
  }

  /** The event loop runs between two texts. */
  private async oneByOne(texts: string[], embed: (text: string) => Promise<Float32Array[]>, signal?: AbortSignal): Promise<Float32Array[]> {
    const vectors: Float32Array[] = [];
    for (const text of texts) {
      signal?.throwIfAborted();
      vectors.push(...(await embed(text)));
      await nextTurn();
    }
    return vectors;
  }

  private async embedOrPass(text: string, signal: AbortSignal | undefined): Promise<Float32Array[]> {
    try {
      return await this.models.current.embed([text], { signal });
    } catch (error) {
      if (!isRefusal(error)) throw error;
      // Only a model that takes other texts refuses this one.
      await this.models.current.embed([harmless], { signal });
      this.logger.warn({ err: error, characters: text.length }, 'The embedding model refuses a text; it is found by words only');
      return [new Float32Array(this.dimensions)];
    }
  }
}
