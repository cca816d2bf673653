import { Injectable, OnApplicationShutdown } from '@nestjs/common';
import { requireTenant } from '../../platform/tenancy/tenant-context.js';
import { ProcessMeter } from './core/process-meter.js';
import { DashboardRegistry } from './dashboard.registry.js';
import type { DashboardSample } from './dashboard.types.js';

/** The figures of this moment, of the current tenant on all processes and of this process itself. */
@Injectable()
export class DashboardService implements OnApplicationShutdown {
  private readonly meter = new ProcessMeter();
  private readonly sampling = new Map<string, Promise<DashboardSample>>();

  constructor(private readonly registry: DashboardRegistry) {}

  onApplicationShutdown(): void {
    this.meter.stop();
  }

  /** One at a time a tenant: whoever asks while one is being taken gets that one. */
  sample(): Promise<DashboardSample> {
    const { tenantId } = requireTenant();
    const running = this.sampling.get(tenantId);
    if (running) return running;
    const sample = this.take().finally(() => this.sampling.delete(tenantId));
    this.sampling.set(tenantId, sample);
    return sample;
  }

  private async take(): Promise<DashboardSample> {
    const [requests, engines, queues] = await Promise.all([this.registry.read('requests'), this.registry.read('engines'), this.registry.read('queues')]);
    return { at: new Date(), requests, engines, queues, system: this.meter.look() };
  }
}
