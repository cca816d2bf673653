import { Module } from '@nestjs/common';
import { ENV } from '../../platform/config/config.module.js';
import type { Env } from '../../platform/config/env.js';
import { ChatEngine } from './adapters/chat.engine.js';
import { ConversationStore } from './adapters/conversation.store.js';
import { ExtractiveResponder } from './adapters/extractive.responder.js';
import { LlmResponder } from './adapters/llm.responder.js';
import { ConversationService } from './conversation.service.js';
import { EngineService } from './engine.service.js';
import { ConversationsController } from './http/conversations.controller.js';
import { Engine } from './ports/engine.js';

@Module({
  providers: [EngineService, ConversationService, ConversationStore, { provide: Engine, inject: [ENV], useFactory: createEngine }],
  exports: [EngineService, ConversationService],
})
export class EngineModule {}

@Module({ imports: [EngineModule], controllers: [ConversationsController] })
export class EngineHttpModule {}

function createEngine(env: Env): Engine {
  const { LLM_BASE_URL: baseUrl, LLM_MODEL: model, LLM_API_KEY: apiKey, LLM_TIMEOUT_SECONDS: timeoutSeconds } = env;
  return new ChatEngine(baseUrl && model ? new LlmResponder({ baseUrl, model, apiKey, timeoutSeconds }) : new ExtractiveResponder());
}
