import { Module, type OnModuleInit } from '@nestjs/common';
import { ENV } from '../../platform/config/config.module.js';
import type { Env } from '../../platform/config/env.js';
import { HealthRegistry } from '../../platform/health/health.registry.js';
import { EmbeddingChoiceStore } from './adapters/embedding-choice.store.js';
import { EmbeddingModelRegistry } from './adapters/embedding-model.registry.js';
import { LexicalEmbeddingModel } from './adapters/lexical.embedding-model.js';
import { OpenAiEmbeddingModel, measureDimensions } from './adapters/openai.embedding-model.js';
import { DictionaryService } from './dictionary.service.js';
import { EmbeddingService } from './embedding.service.js';
import { IndexService } from './index.service.js';
import { EmbeddingModels } from './ports/embedding-model.js';

@Module({
  providers: [DictionaryService, EmbeddingService, IndexService, EmbeddingChoiceStore, { provide: EmbeddingModels, inject: [ENV, EmbeddingChoiceStore], useFactory: chooseEmbeddingModel }],
  exports: [DictionaryService, EmbeddingService, IndexService],
})
export class SearchModule implements OnModuleInit {
  constructor(
    private readonly embedding: EmbeddingService,
    private readonly health: HealthRegistry,
  ) {}

  onModuleInit(): void {
    if (!this.embedding.local) this.health.register('embedding', () => this.embedding.checkEndpoint());
  }
}

async function chooseEmbeddingModel({ EMBEDDING_BASE_URL: baseUrl, EMBEDDING_API_KEY: apiKey, EMBEDDING_MODEL: model, EMBEDDING_DIMENSIONS: wanted }: Env, choices: EmbeddingChoiceStore): Promise<EmbeddingModels> {
  const endpoint = baseUrl ? { baseUrl, apiKey } : undefined;
  const remote = endpoint && model ? { ...endpoint, model } : undefined;
  const dimensions = remote && (wanted ?? (await choices.dimensionsOf(remote.baseUrl, remote.model)) ?? (await measureDimensions(remote)));
  const current = remote && dimensions ? new OpenAiEmbeddingModel({ ...remote, dimensions }) : new LexicalEmbeddingModel();
  await choices.choose(current, baseUrl ?? '');
  return new EmbeddingModelRegistry(current, endpoint, choices);
}
