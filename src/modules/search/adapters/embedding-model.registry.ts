import { EmbeddingModels, type EmbeddingModel } from '../ports/embedding-model.js';
import type { EmbeddingChoiceStore } from './embedding-choice.store.js';
import { LexicalEmbeddingModel } from './lexical.embedding-model.js';
import { OpenAiEmbeddingModel } from './openai.embedding-model.js';

/** Where models are asked by their names. */
export interface EmbeddingEndpoint {
  baseUrl: string;
  apiKey: string | undefined;
}

const spaceAtEndpoint = /^(.+)@openai\/(\d+)$/;

/**
 * The configured model, and those of vectors from before a change: the built-in one of this version is always at hand, any other
 * is asked by its name at the endpoint that is configured now. Whether it still answers there is seen when it is asked.
 */
export class EmbeddingModelRegistry extends EmbeddingModels {
  private readonly earlier = new Map<string, EmbeddingModel | undefined>();

  constructor(
    readonly current: EmbeddingModel,
    private readonly endpoint: EmbeddingEndpoint | undefined,
    private readonly choices: EmbeddingChoiceStore,
  ) {
    super();
  }

  of(space: string): EmbeddingModel | undefined {
    if (space === this.current.space) return this.current;
    if (!this.earlier.has(space)) this.earlier.set(space, this.make(space));
    return this.earlier.get(space);
  }

  async isNewest(): Promise<boolean> {
    return (await this.choices.newest()) === this.current.space;
  }

  private make(space: string): EmbeddingModel | undefined {
    const lexical = new LexicalEmbeddingModel();
    if (space === lexical.space) return lexical;
    const [, model, dimensions] = spaceAtEndpoint.exec(space) ?? [];
    return this.endpoint && model !== undefined ? new OpenAiEmbeddingModel({ ...this.endpoint, model, dimensions: Number(dimensions) }) : undefined;
  }
}
