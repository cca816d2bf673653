import { Module } from '@nestjs/common';
import { SearchModule } from '../search/search.module.js';
import { MemoriesController } from './http/memories.controller.js';
import { MemoryIndexReader } from './adapters/memory-index.reader.js';
import { MemoryStore } from './adapters/memory.store.js';
import { MemoryUpkeepStore } from './adapters/memory-upkeep.store.js';
import { MemorySearchService } from './memory-search.service.js';
import { MemoryUpkeep } from './memory-upkeep.js';
import { MemoryService } from './memory.service.js';

@Module({
  imports: [SearchModule],
  providers: [MemoryService, MemorySearchService, MemoryUpkeep, MemoryStore, MemoryIndexReader, MemoryUpkeepStore],
  exports: [MemoryService],
})
export class MemoryModule {}

@Module({ imports: [MemoryModule], controllers: [MemoriesController] })
export class MemoryHttpModule {}
