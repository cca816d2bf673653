import { Injectable, OnModuleInit } from '@nestjs/common';
import { DashboardRegistry } from '../dashboard/dashboard.registry.js';
import type { RequestActivity, RequestFigures } from '../dashboard/dashboard.types.js';
import { errorsOf } from './stats.figures.js';
import { StatsService } from './stats.service.js';
import type { Overview } from './stats.types.js';

const recentRequests = 50;

/** The part of the dashboard that tells of requests. */
@Injectable()
export class DashboardRequests implements OnModuleInit {
  constructor(
    private readonly stats: StatsService,
    private readonly dashboard: DashboardRegistry,
  ) {}

  onModuleInit(): void {
    this.dashboard.provide('requests', () => this.read());
  }

  private async read(): Promise<RequestActivity> {
    const [day, now, recent] = await Promise.all([this.stats.overview(), this.stats.overview({ window: '1m' }), this.stats.newest(recentRequests)]);
    return { day: toFigures(day), now: toFigures(now), recent };
  }
}

function toFigures(overview: Overview): RequestFigures {
  return { ...overview, requests: overview.requests + overview.unfinished, errors: errorsOf(overview), perSecond: overview.qps };
}
