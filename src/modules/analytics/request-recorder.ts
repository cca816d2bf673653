import { BeforeApplicationShutdown, Inject, Injectable, OnApplicationBootstrap, OnApplicationShutdown, OnModuleInit, Optional } from '@nestjs/common';
import type { RequestCompleted } from '#libs/contracts';
import { BatchWriter, defaultBatchLimits, type BatchLimits } from '../../platform/batching/batch-writer.js';
import { LocalEventBus } from '../../platform/events/local-event-bus.js';
import { defaultTenantSlug } from '../tenants/owner.service.js';
import { RequestsInFlight } from './core/requests-in-flight.js';
import { StatsStore } from './stats-store.js';

export const RECORDER_LIMITS = Symbol('RecorderLimits');

/** Polled by machines all day long; they would drown what people and programs do. */
const NOT_RECORDED = ['/health', '/metrics'];

/**
 * Writes every served request into its tenant's statistics, in batches and in the background; no request ever waits for it.
 * Requests of nobody in particular (no valid key) belong to the tenant `default`. Health probes and metrics are not recorded.
 */
@Injectable()
export class RequestRecorder implements OnModuleInit, OnApplicationBootstrap, BeforeApplicationShutdown, OnApplicationShutdown {
  readonly inFlight = new RequestsInFlight();
  private readonly writer: BatchWriter<RequestCompleted>;

  constructor(
    private readonly events: LocalEventBus,
    store: StatsStore,
    @Optional() @Inject(RECORDER_LIMITS) limits: BatchLimits = defaultBatchLimits,
  ) {
    this.writer = new BatchWriter({ name: 'statistics of requests', write: (tenant, requests) => store.write(tenant, requests) }, limits);
  }

  onModuleInit(): void {
    this.events.on('request.completed', (request) => this.record(request));
  }

  onApplicationBootstrap(): void {
    this.writer.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.writer.settle();
  }

  onApplicationShutdown(): Promise<void> {
    return this.writer.stop();
  }

  /** Requests of a tenant that are known to this process and not (known to be) in the database. */
  unfinished(tenant: string): number {
    return this.writer.pending(tenant) + this.inFlight.count(tenant);
  }

  /** Requests of a tenant that this process has lost since it started. */
  dropped(tenant: string): number {
    return this.writer.dropped(tenant);
  }

  /** Writes what is held of a tenant; does nothing while the database is given time after a failure. */
  flush(tenant: string): Promise<void> {
    return this.writer.flush(tenant);
  }

  private record(request: RequestCompleted): void {
    const tenant = request.tenant?.slug ?? defaultTenantSlug;
    this.inFlight.leave(tenant, request.requestId);
    if (!NOT_RECORDED.some((prefix) => request.endpoint.startsWith(prefix))) this.writer.add(tenant, request);
  }
}
