import { Module } from '@nestjs/common';
import { APP_INTERCEPTOR } from '@nestjs/core';
import { EngineModule } from '../engine/engine.module.js';
import { ApiStatsQueries } from './adapters/api-stats.queries.js';
import { ApiStatsRetention } from './adapters/api-stats.retention.js';
import { ApiStatsWriter } from './adapters/api-stats.writer.js';
import { DashboardModule } from '../dashboard/dashboard.module.js';
import { DashboardRequests } from './dashboard-requests.js';
import { InFlightInterceptor } from './http/in-flight.interceptor.js';
import { StatsController } from './http/stats.controller.js';
import { RequestRecorder } from './request-recorder.js';
import { UsageController } from './http/usage.controller.js';
import { StatisticsTool } from './statistics-tool.js';
import { StatsMaintenance } from './stats-maintenance.js';
import { StatsService } from './stats.service.js';
import { StatsStore } from './stats-store.js';
import { UsageService } from './usage.service.js';

@Module({
  imports: [DashboardModule, EngineModule],
  providers: [ApiStatsQueries, ApiStatsRetention, ApiStatsWriter, DashboardRequests, RequestRecorder, StatisticsTool, StatsMaintenance, StatsService, StatsStore, UsageService],
  exports: [RequestRecorder, StatsService, UsageService],
})
export class AnalyticsModule {}

@Module({
  imports: [AnalyticsModule],
  controllers: [StatsController, UsageController],
  providers: [{ provide: APP_INTERCEPTOR, useClass: InFlightInterceptor }],
})
export class AnalyticsHttpModule {}
