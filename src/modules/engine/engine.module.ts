import { Module } from '@nestjs/common';
import { ENV } from '../../platform/config/config.module.js';
import type { Env } from '../../platform/config/env.js';
import { LANGUAGE_MODEL, LanguageModelModule } from '../../platform/language-model/language-model.module.js';
import type { LanguageModel } from '../../platform/language-model/language-model.js';
import { CacheModule } from '../cache/cache.module.js';
import { MemoryModule } from '../memory/memory.module.js';
import { MemoryTurnsService } from '../memory/memory-turns.service.js';
import { ChatEngine } from './adapters/chat.engine.js';
import { ConversationStore } from './adapters/conversation.store.js';
import { EngineRunStore } from './adapters/engine-run.store.js';
import { EngineSettingStore } from './adapters/engine-setting.store.js';
import { ExtractiveEngine } from './adapters/extractive.engine.js';
import { HistorySummaries } from './adapters/history-summaries.js';
import { Mem0PlatformMemorySource } from './adapters/mem0-platform.memory-source.js';
import { Mem0ServerMemorySource } from './adapters/mem0-server.memory-source.js';
import { PersonalityStore } from './adapters/personality.store.js';
import { OwnMemorySource } from './adapters/own.memory-source.js';
import { ScriptedEngine } from './adapters/scripted.engine.js';
import { DashboardModule } from '../dashboard/dashboard.module.js';
import { BuiltInTools } from './built-in-tools.js';
import { ConversationService } from './conversation.service.js';
import { DashboardEngines } from './dashboard-engines.js';
import { EngineChoice } from './engine-choice.js';
import { EngineHealthChecks, HEALTH_EVERY_MS } from './engine-health.js';
import { EngineOutages } from './engine-outages.js';
import { ENGINE_PRICES, EnginePerformance } from './engine-performance.js';
import { CIRCUIT_LIMITS, EngineRouter } from './engine-router.js';
import { EngineRegistry } from './engine.registry.js';
import { EngineService } from './engine.service.js';
import type { EnginePrices } from './engine-run.types.js';
import type { CircuitLimits } from './core/circuit-breaker.js';
import { ConversationsController } from './http/conversations.controller.js';
import { EnginesController } from './http/engines.controller.js';
import { PersonalitiesController } from './http/personalities.controller.js';
import { ToolsController } from './http/tools.controller.js';
import { PersonalityService } from './personality.service.js';
import type { MemorySource } from './ports/memory-source.js';
import { ToolRegistry } from './tool.registry.js';
import { ToolService } from './tool.service.js';

/** Three failures within half a minute, at least half of all outcomes, open a circuit. */
const circuitLimits = { failures: 3, share: 0.5, windowMs: 30_000 };

const engines = [
  EngineService,
  EngineChoice,
  EngineRouter,
  EngineOutages,
  EngineHealthChecks,
  EngineSettingStore,
  EngineRunStore,
  EnginePerformance,
  OwnMemorySource,
  DashboardEngines,
  { provide: ENGINE_PRICES, inject: [ENV], useFactory: (env: Env): EnginePrices => env.ENGINE_PRICES ?? {} },
  { provide: EngineRegistry, inject: [ENV, LANGUAGE_MODEL, ToolService, PersonalityService, OwnMemorySource, MemoryTurnsService], useFactory: createEngines },
  { provide: CIRCUIT_LIMITS, inject: [ENV], useFactory: (env: Env): CircuitLimits => ({ ...circuitLimits, coolDownMs: env.ENGINE_RETRY_SECONDS * 1000 }) },
  { provide: HEALTH_EVERY_MS, inject: [ENV], useFactory: (env: Env) => env.ENGINE_HEALTH_SECONDS * 1000 },
];

const tools = [ToolRegistry, ToolService, BuiltInTools, PersonalityService, PersonalityStore];

@Module({ imports: [CacheModule, LanguageModelModule, MemoryModule, DashboardModule], providers: [...engines, ...tools, ConversationService, ConversationStore], exports: [EngineService, ConversationService, ToolRegistry, ToolService, PersonalityService] })
export class EngineModule {}

@Module({ imports: [EngineModule], controllers: [ConversationsController, EnginesController, PersonalitiesController, ToolsController] })
export class EngineHttpModule {}

function createEngines(env: Env, model: LanguageModel | undefined, tools: ToolService, personalities: PersonalityService, memory: OwnMemorySource, turns: MemoryTurnsService): EngineRegistry {
  const parts = { model, summaries: model && new HistorySummaries(model), contextTokens: env.LLM_CONTEXT_TOKENS, tools, personalities };
  const mem0 = createMem0Source(env, turns);
  return new EngineRegistry([
    { engine: new ChatEngine('chat', { ...parts, memory }), upstream: model !== undefined, standIn: true },
    { engine: new ExtractiveEngine(), upstream: false, standIn: true },
    ...(mem0 ? [{ engine: new ChatEngine('mem0_proxy', { ...parts, memory: mem0 }), upstream: true, standIn: false }] : []),
    ...(env.ENGINE_SCRIPTED ? [{ engine: new ScriptedEngine(), upstream: false, standIn: false }] : []),
  ]);
}

function createMem0Source({ MEM0_BASE_URL: baseUrl, MEM0_API_KEY: apiKey, MEM0_FORM: form, ENGINE_RETRY_SECONDS: retrySeconds }: Env, turns: MemoryTurnsService): MemorySource | undefined {
  if (!baseUrl) return undefined;
  const Source = form === 'platform' ? Mem0PlatformMemorySource : Mem0ServerMemorySource;
  return new Source({ baseUrl, apiKey }, turns, retrySeconds * 1000);
}
