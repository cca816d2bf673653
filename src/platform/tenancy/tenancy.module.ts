import { Global, Module } from '@nestjs/common';
import { TenantDatabase } from './tenant-database.js';
import { TenantRounds } from './tenant-rounds.js';
import { TenantSurvey } from './tenant-survey.js';
import { TenantService } from './tenant.service.js';

/** Tenants and the way to their tables. Needs the global DatabaseModule. */
@Global()
@Module({
  providers: [TenantDatabase, TenantService, TenantRounds, TenantSurvey],
  exports: [TenantDatabase, TenantService, TenantRounds, TenantSurvey],
})
export class TenancyModule {}
