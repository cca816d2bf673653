import { Module } from '@nestjs/common';
import { EngineModule } from '../engine/engine.module.js';
import { RagModule } from '../rag/rag.module.js';
import { SearchModule } from '../search/search.module.js';
import { ChatCompletionService } from './chat-completion.service.js';
import { ChatCompletionsController } from './http/chat-completions.controller.js';
import { EmbeddingsController } from './http/embeddings.controller.js';
import { ModelsController } from './http/models.controller.js';
import { ModelCatalogService } from './model-catalog.service.js';
import { TextEmbeddingService } from './text-embedding.service.js';
import { WebUiUserService } from './webui-user.service.js';

/** The whole product once more, as OpenAI clients speak to it; no other module needs it. */
@Module({
  imports: [RagModule, EngineModule, SearchModule],
  controllers: [ChatCompletionsController, ModelsController, EmbeddingsController],
  providers: [ChatCompletionService, ModelCatalogService, TextEmbeddingService, WebUiUserService],
})
export class OpenAiHttpModule {}
