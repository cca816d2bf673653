import { Module } from '@nestjs/common';
import { ENV } from '../../platform/config/config.module.js';
import type { Env } from '../../platform/config/env.js';
import { LexicalEmbeddingModel } from './adapters/lexical.embedding-model.js';
import { OpenAiEmbeddingModel } from './adapters/openai.embedding-model.js';
import { DictionaryService } from './dictionary.service.js';
import { EmbeddingService } from './embedding.service.js';
import { IndexService } from './index.service.js';
import { EmbeddingModel } from './ports/embedding-model.js';

@Module({
  providers: [DictionaryService, EmbeddingService, IndexService, { provide: EmbeddingModel, inject: [ENV], useFactory: chooseEmbeddingModel }],
  exports: [DictionaryService, EmbeddingService, IndexService],
})
export class SearchModule {}

function chooseEmbeddingModel(env: Env): EmbeddingModel {
  const { EMBEDDING_BASE_URL: baseUrl, EMBEDDING_MODEL: model, EMBEDDING_DIMENSIONS: dimensions, EMBEDDING_API_KEY: apiKey } = env;
  return baseUrl && model && dimensions ? new OpenAiEmbeddingModel({ baseUrl, model, dimensions, apiKey }) : new LexicalEmbeddingModel();
}
