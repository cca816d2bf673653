import { BeforeApplicationShutdown, Inject, Injectable, Logger, OnApplicationBootstrap } from '@nestjs/common';
import { ENV } from '../../platform/config/config.module.js';
import type { Env } from '../../platform/config/env.js';
import { ClusterEventBus } from '../../platform/events/cluster-event-bus.js';
import { TenantDatabase } from '../../platform/tenancy/tenant-database.js';
import { TenantWorker } from '../../platform/tenancy/tenant-worker.js';
import { TenantService } from '../../platform/tenancy/tenant.service.js';
import { DocumentProcessor } from './document.processor.js';

/** Takes queued documents, INGEST_CONCURRENCY at a time. */
@Injectable()
export class IngestionWorker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(IngestionWorker.name);
  private readonly worker: TenantWorker;

  constructor(
    private readonly processor: DocumentProcessor,
    tenants: TenantService,
    database: TenantDatabase,
    private readonly cluster: ClusterEventBus,
    @Inject(ENV) env: Pick<Env, 'INGEST_CONCURRENCY'>,
  ) {
    this.worker = new TenantWorker(tenants, database, {
      name: IngestionWorker.name,
      slots: env.INGEST_CONCURRENCY,
      waiting: () => processor.waiting(),
      workOne: (stopping) => processor.processNext(stopping),
    });
  }

  /** The predecessor's documents first: once this process has its own, the two cannot be told apart. */
  async onApplicationBootstrap(): Promise<void> {
    try {
      await this.processor.takeOver();
    } catch (error) {
      this.logger.warn({ err: error }, 'Documents of a killed predecessor go on when their leases end');
    }
    this.cluster.on('documents.queued', ({ schema }) => void this.worker.wake(schema));
    this.cluster.onReconnected(() => void this.worker.wakeAll());
    this.worker.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.worker.stop();
  }
}
