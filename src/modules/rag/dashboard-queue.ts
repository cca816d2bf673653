import { Injectable, OnModuleInit } from '@nestjs/common';
import { DashboardRegistry } from '../dashboard/dashboard.registry.js';
import { DocumentQueue } from './adapters/document.queue.js';

/** The part of the dashboard that tells what waits to be processed. */
@Injectable()
export class DashboardQueue implements OnModuleInit {
  constructor(
    private readonly queue: DocumentQueue,
    private readonly dashboard: DashboardRegistry,
  ) {}

  onModuleInit(): void {
    this.dashboard.provide('queues', async () => [{ name: 'documents', ...(await this.queue.lengths()) }]);
  }
}
