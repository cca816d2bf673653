import { Module } from '@nestjs/common';
import { ENV } from '../../platform/config/config.module.js';
import type { Env } from '../../platform/config/env.js';
import { ChatEngine } from './adapters/chat.engine.js';
import { ConversationStore } from './adapters/conversation.store.js';
import { EngineSettingStore } from './adapters/engine-setting.store.js';
import { ExtractiveEngine } from './adapters/extractive.engine.js';
import { ExtractiveResponder } from './adapters/extractive.responder.js';
import { LlmResponder } from './adapters/llm.responder.js';
import { ScriptedEngine } from './adapters/scripted.engine.js';
import { ConversationService } from './conversation.service.js';
import { EngineChoice } from './engine-choice.js';
import { EngineRegistry } from './engine.registry.js';
import { EngineService } from './engine.service.js';
import { ConversationsController } from './http/conversations.controller.js';
import { EnginesController } from './http/engines.controller.js';

const engines = [EngineService, EngineChoice, EngineSettingStore, { provide: EngineRegistry, inject: [ENV], useFactory: createEngines }];

@Module({ providers: [...engines, ConversationService, ConversationStore], exports: [EngineService, ConversationService] })
export class EngineModule {}

@Module({ imports: [EngineModule], controllers: [ConversationsController, EnginesController] })
export class EngineHttpModule {}

function createEngines(env: Env): EngineRegistry {
  const { LLM_BASE_URL: baseUrl, LLM_MODEL: model, LLM_API_KEY: apiKey, LLM_TIMEOUT_SECONDS: timeoutSeconds } = env;
  const responder = baseUrl && model ? new LlmResponder({ baseUrl, model, apiKey, timeoutSeconds }) : new ExtractiveResponder();
  return new EngineRegistry([
    { engine: new ChatEngine(responder), upstream: responder instanceof LlmResponder, standIn: true },
    { engine: new ExtractiveEngine(), upstream: false, standIn: true },
    ...(env.ENGINE_SCRIPTED ? [{ engine: new ScriptedEngine(), upstream: false, standIn: false }] : []),
  ]);
}
