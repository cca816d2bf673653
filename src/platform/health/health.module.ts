import { Global, Module, OnModuleInit } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { Database } from '../database/database.js';
import { ClusterEventBus } from '../events/cluster-event-bus.js';
import { HealthController } from './health.controller.js';
import { HealthRegistry } from './health.registry.js';

@Global()
@Module({ imports: [TerminusModule.forRoot({ logger: false })], controllers: [HealthController], providers: [HealthRegistry], exports: [HealthRegistry] })
export class HealthModule implements OnModuleInit {
  constructor(
    private readonly registry: HealthRegistry,
    private readonly database: Database,
    private readonly events: ClusterEventBus,
  ) {}

  onModuleInit(): void {
    this.registry.register('database', async () => {
      await this.database.pool.query('SELECT 1');
      return { pool: this.database.poolState() };
    });
    // Without it changes of other processes arrive by polling: slower, but no reason to stop traffic.
    this.registry.register('events', () => Promise.resolve({ connected: this.events.connected }));
  }
}
