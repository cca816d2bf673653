import OpenAI from 'openai';
import { AppError } from '#libs/contracts';
import { semanticVectorWeight } from '#libs/ranking';
import { EmbeddingModel, isRefusal, type EmbedOptions, type EndpointFailure } from '../ports/embedding-model.js';

export interface NamedModel {
  baseUrl: string;
  apiKey: string | undefined;
  model: string;
}

export interface OpenAiEmbeddingOptions extends NamedModel {
  dimensions: number;
}

/** Texts a request; most servers take 2,048, small ones run out of memory long before. */
const batchSize = 64;
const patient = { timeout: 30_000, maxRetries: 3 };
const urgent = { timeout: 2_000, maxRetries: 0 };
const atStart = { timeout: 10_000, maxRetries: 1 };
/** Statuses that say something about the texts, not about the endpoint. */
const refusals: readonly unknown[] = [400, 413, 422];

/** Any OpenAI-compatible `/embeddings`: batched, retried on 408, 409, 429 and 5xx with backoff, bounded in time. */
export class OpenAiEmbeddingModel extends EmbeddingModel {
  readonly name: string;
  readonly space: string;
  readonly dimensions: number;
  readonly weight = semanticVectorWeight;
  readonly semantic = true;
  readonly local = false;
  override failure: EndpointFailure | undefined = undefined;
  private readonly client: OpenAI;

  constructor(private readonly options: OpenAiEmbeddingOptions) {
    super();
    this.dimensions = options.dimensions;
    this.name = options.model;
    this.space = `${options.model}@openai/${options.dimensions}`;
    this.client = clientOf(options);
  }

  async embed(texts: string[], options: EmbedOptions = {}): Promise<Float32Array[]> {
    const vectors: Float32Array[] = [];
    for (let from = 0; from < texts.length; from += batchSize) {
      vectors.push(...(await this.embedBatch(texts.slice(from, from + batchSize), options)));
    }
    return vectors;
  }

  /** Keeps what the endpoint fails with. A refused text and a caller who leaves say nothing about it. */
  private async watch(signal: AbortSignal | undefined, request: () => Promise<void>): Promise<void> {
    try {
      await request();
      this.failure = undefined;
    } catch (error) {
      if (!signal?.aborted && !isRefusal(error)) this.failure = { error, at: new Date() };
      throw error;
    }
  }

  private async embedBatch(texts: string[], options: EmbedOptions): Promise<Float32Array[]> {
    // Servers refuse empty inputs; a blank text has the zero vector anyway.
    const filled = texts.map((text, index) => ({ text, index })).filter(({ text }) => text.trim().length > 0);
    const vectors: Float32Array[] = texts.map(() => new Float32Array(this.dimensions));
    if (filled.length === 0) return vectors;
    await this.watch(options.signal, async () => {
      const answer = await this.ask(filled.map(({ text }) => text), options);
      const byIndex = new Map((Array.isArray(answer.data) ? answer.data : []).map(({ index, embedding }) => [index, embedding]));
      filled.forEach(({ index }, place) => {
        vectors[index] = this.normalise(byIndex.get(place));
      });
    });
    return vectors;
  }

  private async ask(input: string[], { signal, urgent: soon }: EmbedOptions) {
    try {
      return await this.client.embeddings.create({ model: this.options.model, input, encoding_format: 'float' }, { signal, ...(soon ? urgent : patient) });
    } catch (error) {
      const refused = error instanceof OpenAI.APIError && refusals.includes(error.status);
      throw new AppError(refused ? 'search.embedding_refused' : 'search.embedding_unavailable', 'unavailable', `The embedding endpoint did not answer: ${messageOf(error)}. Check EMBEDDING_BASE_URL, its key and its model.`, { cause: error });
    }
  }

  /** A vector that is missing or holds no numbers must not become a stored one: nothing would ever find its chunk. */
  private normalise(values: number[] | undefined): Float32Array {
    if (!Array.isArray(values) || !values.every(Number.isFinite)) {
      throw new AppError('search.embedding_unavailable', 'unavailable', 'The embedding endpoint did not answer with a vector of numbers for each text. Check that EMBEDDING_BASE_URL is an OpenAI-compatible one.');
    }
    if (values.length !== this.dimensions) {
      throw new AppError('search.embedding_dimensions', 'unavailable', `The embedding endpoint answers ${values.length} dimensions, EMBEDDING_DIMENSIONS says ${this.dimensions}. Set it to ${values.length}.`);
    }
    const vector = Float32Array.from(values);
    const length = Math.hypot(...vector);
    if (length === 0) return new Float32Array(this.dimensions);
    return vector.map((value) => value / length);
  }
}

/**
 * Length of the model's vectors, found out by asking it.
 * @throws EmbeddingStartError for the operator, when it does not answer within seconds
 */
export async function measureDimensions(options: NamedModel): Promise<number> {
  try {
    const { data } = await clientOf(options).embeddings.create({ model: options.model, input: 'text', encoding_format: 'float' }, atStart);
    const length = data[0]?.embedding.length ?? 0;
    if (length > 0) return length;
  } catch (error) {
    throw new EmbeddingStartError(options, messageOf(error), error);
  }
  throw new EmbeddingStartError(options, 'its answer holds no vector');
}

/** The length of the vectors is not known yet, and the endpoint does not tell it. */
export class EmbeddingStartError extends Error {
  constructor({ baseUrl, model }: NamedModel, reason: string, cause?: unknown) {
    super(`The embedding model "${model}" was never used before, and ${new URL(baseUrl).host} did not tell the length of its vectors: ${reason}. Check EMBEDDING_BASE_URL, EMBEDDING_API_KEY and EMBEDDING_MODEL, or set EMBEDDING_DIMENSIONS to start without it.`, { cause });
    this.name = 'EmbeddingStartError';
  }
}

function clientOf({ baseUrl, apiKey }: NamedModel): OpenAI {
  return new OpenAI({ baseURL: baseUrl, apiKey: apiKey ?? 'none' });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
