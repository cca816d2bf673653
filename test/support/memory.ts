import { MemoryIndexReader } from '../../src/modules/memory/adapters/memory-index.reader.js';
import { MemoryStore } from '../../src/modules/memory/adapters/memory.store.js';
import { MemoryTurnQueue } from '../../src/modules/memory/adapters/memory-turn.queue.js';
import { MemoryUpkeepStore } from '../../src/modules/memory/adapters/memory-upkeep.store.js';
import { RulesFactExtractor } from '../../src/modules/memory/adapters/rules.fact-extractor.js';
import { MemoryCopies } from '../../src/modules/memory/memory-copies.js';
import { MemoryKeeper } from '../../src/modules/memory/memory-keeper.js';
import { MemoryLearning } from '../../src/modules/memory/memory-learning.js';
import { MemorySearchService } from '../../src/modules/memory/memory-search.service.js';
import { MemoryTurnsService } from '../../src/modules/memory/memory-turns.service.js';
import { MemoryUpkeep } from '../../src/modules/memory/memory-upkeep.js';
import { MemoryService } from '../../src/modules/memory/memory.service.js';
import { MemoryWorker } from '../../src/modules/memory/memory.worker.js';
import type { FactExtractor } from '../../src/modules/memory/ports/fact-extractor.js';
import { LexicalEmbeddingModel } from '../../src/modules/search/adapters/lexical.embedding-model.js';
import { EmbeddingService } from '../../src/modules/search/embedding.service.js';
import type { EmbeddingModel } from '../../src/modules/search/ports/embedding-model.js';
import { ClusterEventBus } from '../../src/platform/events/cluster-event-bus.js';
import { TenantRounds } from '../../src/platform/tenancy/tenant-rounds.js';
import { TenantSurvey } from '../../src/platform/tenancy/tenant-survey.js';
import type { TestPlatform } from './platform.js';

export interface MemoryProcessOptions {
  model?: EmbeddingModel;
  reader?: MemoryIndexReader;
  extractor?: FactExtractor;
}

/** What one process has of memories. Real: PostgreSQL; the worker runs only once startWorker() is called. */
export function openMemories(platform: TestPlatform, { model = new LexicalEmbeddingModel(), reader = new MemoryIndexReader(platform.tenantDatabase), extractor = new RulesFactExtractor() }: MemoryProcessOptions = {}) {
  const { tenantDatabase, tenants, database } = platform;
  const embedding = new EmbeddingService({ current: model, of: () => undefined, isNewest: () => Promise.resolve(true) });
  const store = new MemoryStore(tenantDatabase);
  const keeper = new MemoryKeeper(store, embedding);
  const queue = new MemoryTurnQueue(tenantDatabase, new TenantSurvey(tenants, database));
  const turns = new MemoryTurnsService(queue);
  new MemoryLearning(turns, extractor, keeper).onModuleInit();
  const memories = new MemoryService(store, keeper, extractor, new MemorySearchService(store, new MemoryCopies(reader, embedding), embedding));
  const upkeep = new MemoryUpkeep(new TenantRounds(tenants, tenantDatabase), new MemoryUpkeepStore(tenantDatabase), embedding, queue);
  const bus = new ClusterEventBus(database.config);
  const worker = new MemoryWorker(queue, turns, tenants, tenantDatabase, bus);
  return {
    memories, turns, queue, upkeep, worker,
    startWorker: async () => {
      await bus.onModuleInit();
      worker.onApplicationBootstrap();
    },
    stopWorker: async () => {
      await worker.beforeApplicationShutdown();
      await bus.onApplicationShutdown();
    },
  };
}

export type MemoryProcess = ReturnType<typeof openMemories>;
