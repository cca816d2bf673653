import { Module } from '@nestjs/common';
import { CacheModule } from '../cache/cache.module.js';
import { DashboardModule } from '../dashboard/dashboard.module.js';
import { EngineModule } from '../engine/engine.module.js';
import { SearchModule } from '../search/search.module.js';
import { ChunkIndexSource } from './adapters/chunk.index-source.js';
import { ChunkVectorStore } from './adapters/chunk-vector.store.js';
import { ChunkStore } from './adapters/chunk.store.js';
import { CollectionStore } from './adapters/collection.store.js';
import { DocumentQueue } from './adapters/document.queue.js';
import { DocumentStore } from './adapters/document.store.js';
import { DocumentWriter } from './adapters/document.writer.js';
import { FileStore } from './adapters/file.store.js';
import { IndexLogTrimmer } from './adapters/index-log-trimmer.js';
import { CollectionsService } from './collections.service.js';
import { DashboardQueue } from './dashboard-queue.js';
import { DocumentProcessor } from './document.processor.js';
import { DocumentsService } from './documents.service.js';
import { FeedbackService } from './feedback.service.js';
import { CollectionsController } from './http/collections.controller.js';
import { DocumentsController } from './http/documents.controller.js';
import { FeedbackController } from './http/feedback.controller.js';
import { SearchController } from './http/search.controller.js';
import { SmartQaController } from './http/smart-qa.controller.js';
import { FileSweeper } from './file-sweeper.js';
import { IngestionService } from './ingestion.service.js';
import { IngestionWorker } from './ingestion.worker.js';
import { KnowledgeTools } from './knowledge-tools.js';
import { RagStatsService } from './rag-stats.service.js';
import { ReembeddingWorker } from './reembedding.worker.js';
import { RetrievalService } from './retrieval.service.js';
import { SmartQaService } from './smart-qa.service.js';
import { TextIngestService } from './text-ingest.service.js';
import { UploadService } from './upload.service.js';

const services = [CollectionsService, DocumentsService, TextIngestService, UploadService, RetrievalService, SmartQaService, FeedbackService, RagStatsService];
const stores = [CollectionStore, DocumentStore, ChunkStore, ChunkVectorStore, FileStore];
const ingestion = [DocumentQueue, DocumentWriter, DocumentProcessor, IngestionService, ChunkIndexSource, DashboardQueue];

@Module({ imports: [CacheModule, SearchModule, EngineModule, DashboardModule], providers: [...services, ...stores, ...ingestion, KnowledgeTools], exports: [...services, DocumentProcessor, ChunkVectorStore, DocumentStore, FileStore] })
export class RagModule {}

@Module({ imports: [RagModule, EngineModule], controllers: [DocumentsController, CollectionsController, SearchController, SmartQaController, FeedbackController] })
export class RagHttpModule {}

/** Takes queued documents; mounted by whichever process does background work. */
@Module({ imports: [RagModule, SearchModule], providers: [IngestionWorker, ReembeddingWorker, FileSweeper, IndexLogTrimmer] })
export class RagJobsModule {}
