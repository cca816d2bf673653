import { Module } from '@nestjs/common';
import { ENV } from '../../platform/config/config.module.js';
import type { Env } from '../../platform/config/env.js';
import type { LanguageModel } from '../../platform/language-model/language-model.js';
import { LANGUAGE_MODEL, LanguageModelModule } from '../../platform/language-model/language-model.module.js';
import { SearchModule } from '../search/search.module.js';
import { MemoriesController } from './http/memories.controller.js';
import { Mem0AccountController } from './http/mem0-account.controller.js';
import { Mem0PlatformController } from './http/mem0-platform.controller.js';
import { Mem0MemoryController } from './http/mem0-memory.controller.js';
import { Mem0ServerController } from './http/mem0-server.controller.js';
import { LlmFactExtractor } from './adapters/llm.fact-extractor.js';
import { Mem0ClientStore } from './adapters/mem0-client.store.js';
import { MemoryIndexReader } from './adapters/memory-index.reader.js';
import { MemoryStore } from './adapters/memory.store.js';
import { MemoryTurnQueue } from './adapters/memory-turn.queue.js';
import { MemoryUpkeepStore } from './adapters/memory-upkeep.store.js';
import { RulesFactExtractor } from './adapters/rules.fact-extractor.js';
import { Mem0ClientService } from './mem0-client.service.js';
import { MemoryCopies } from './memory-copies.js';
import { MemoryKeeper } from './memory-keeper.js';
import { MemoryLearning } from './memory-learning.js';
import { MemorySearchService } from './memory-search.service.js';
import { MemoryTurnsService } from './memory-turns.service.js';
import { MemoryUpkeep } from './memory-upkeep.js';
import { MemoryService } from './memory.service.js';
import { MemoryWorker } from './memory.worker.js';
import { FactExtractor } from './ports/fact-extractor.js';

@Module({
  imports: [LanguageModelModule, SearchModule],
  providers: [
    ...[MemoryService, Mem0ClientService, MemorySearchService, MemoryCopies, MemoryTurnsService, MemoryKeeper, MemoryLearning],
    ...[MemoryUpkeep, MemoryWorker, MemoryStore, MemoryIndexReader, MemoryUpkeepStore, MemoryTurnQueue, Mem0ClientStore],
    { provide: FactExtractor, inject: [ENV, LANGUAGE_MODEL], useFactory: createExtractor },
  ],
  exports: [MemoryService, Mem0ClientService, MemoryTurnsService],
})
export class MemoryModule {}

@Module({ imports: [MemoryModule], controllers: [MemoriesController, Mem0MemoryController, Mem0ServerController, Mem0PlatformController, Mem0AccountController] })
export class MemoryHttpModule {}

function createExtractor({ MEMORY_EXTRACTION: by }: Env, model: LanguageModel | undefined): FactExtractor {
  return model && by !== 'rules' ? new LlmFactExtractor(model) : new RulesFactExtractor();
}
