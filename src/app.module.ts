import { DynamicModule, Module } from '@nestjs/common';
import { ENTITIES } from './entities.js';
import { AnalyticsHttpModule } from './modules/analytics/analytics.module.js';
import { CacheHttpModule } from './modules/cache/cache.module.js';
import { DashboardHttpModule } from './modules/dashboard/dashboard.module.js';
import { EngineHttpModule } from './modules/engine/engine.module.js';
import { IdentityHttpModule } from './modules/identity/identity.module.js';
import { MemoryHttpModule } from './modules/memory/memory.module.js';
import { OpenAiHttpModule } from './modules/openai/openai.module.js';
import { RagHttpModule, RagJobsModule } from './modules/rag/rag.module.js';
import { TenantsHttpModule } from './modules/tenants/tenants.module.js';
import { AuditModule } from './platform/audit/audit.module.js';
import { ConfigModule } from './platform/config/config.module.js';
import type { Env } from './platform/config/env.js';
import { DatabaseConfig } from './platform/database/database.config.js';
import { DatabaseModule } from './platform/database/database.module.js';
import { EventsModule } from './platform/events/events.module.js';
import { HealthModule } from './platform/health/health.module.js';
import { HttpModule } from './platform/http/http.module.js';
import { SecurityModule } from './platform/security/security.module.js';
import { StorageModule } from './platform/storage/storage.module.js';
import { StreamsModule } from './platform/streams/streams.module.js';
import { TenancyModule } from './platform/tenancy/tenancy.module.js';
import { WebSocketModule } from './platform/websocket/websocket.module.js';

const doors = [RagHttpModule, EngineHttpModule, MemoryHttpModule, OpenAiHttpModule, AnalyticsHttpModule, DashboardHttpModule, CacheHttpModule, IdentityHttpModule, TenantsHttpModule];
const jobs = [RagJobsModule];

@Module({})
export class AppModule {
  /** @param databaseUrl where the database is: outside, or the embedded server that has been started */
  static register(env: Env, databaseUrl: string): DynamicModule {
    const database = DatabaseModule.registerAsync({
      entities: ENTITIES,
      useFactory: () => new DatabaseConfig({ url: databaseUrl, poolSize: env.DATABASE_POOL_SIZE, statementTimeoutMs: env.DATABASE_STATEMENT_TIMEOUT_MS }),
    });
    const platform = [ConfigModule.register(env), StorageModule, database, EventsModule, TenancyModule, AuditModule, SecurityModule, HttpModule, StreamsModule, WebSocketModule, HealthModule];
    return { module: AppModule, imports: [...platform, ...doors, ...jobs] };
  }
}
