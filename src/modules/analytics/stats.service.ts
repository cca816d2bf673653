import { Injectable } from '@nestjs/common';
import { requireTenant } from '../../platform/tenancy/tenant-context.js';
import { ApiStatsQueries } from './adapters/api-stats.queries.js';
import { resolveWindow } from './core/stats-window.js';
import { percentilesOf, pointsOf, timelineOf } from './core/timeline.js';
import { errorsOf } from './stats.figures.js';
import { RequestRecorder } from './request-recorder.js';
import type { RecentRequest } from '../dashboard/dashboard.types.js';
import type { EndpointMeasures, EndpointSort, EndpointsRequest, Measures, Overview, Point, TimeseriesRequest, Window, WindowRequest } from './stats.types.js';

const SORT_VALUES: Record<EndpointSort, (measures: Measures) => number> = {
  requests: (measures) => measures.requests,
  errors: errorsOf,
  p95_ms: (measures) => measures.p95Ms ?? 0,
  avg_duration_ms: (measures) => measures.avgMs ?? 0,
};

/**
 * Statistics of the current tenant's requests. What this process has buffered for the tenant is written first, so its own
 * requests are always in; those of other processes follow within about half a second.
 */
@Injectable()
export class StatsService {
  constructor(
    private readonly queries: ApiStatsQueries,
    private readonly recorder: RequestRecorder,
  ) {}

  /**
   * All requests of a window together, the last 24 hours unless told.
   * @throws InvalidWindowError
   */
  async overview(request: WindowRequest = {}): Promise<Overview> {
    const now = Date.now();
    const window = resolveWindow(request, 'all', now);
    const { slug } = requireTenant();
    await this.recorder.flush(slug);
    // Counted before the query: a request that is stored meanwhile may count twice for a moment, but never not at all.
    const unfinished = window.to.getTime() >= now ? this.recorder.unfinished(slug) : 0;
    const measures = await this.queries.total(window);
    const seconds = (Math.min(window.to.getTime(), Math.max(now, window.from.getTime() + 1_000)) - window.from.getTime()) / 1_000;
    return { ...measures, window, unfinished, qps: (measures.requests + unfinished) / seconds, dropped: this.recorder.dropped(slug) };
  }

  /** Requests of the last 24 hours, the newest first. */
  async newest(limit: number): Promise<RecentRequest[]> {
    await this.recorder.flush(requireTenant().slug);
    return this.queries.newest(new Date(Date.now() - 86_400_000), limit);
  }

  /** @throws InvalidWindowError, also when the interval is too fine for the window */
  async timeseries(request: TimeseriesRequest): Promise<Point[]> {
    const timeline = timelineOf(request, Date.now());
    await this.recorder.flush(requireTenant().slug);
    return pointsOf(timeline, request.metric, await this.queries.byInterval(timeline, request.endpoint, percentilesOf(request.metric)));
  }

  /**
   * Route patterns and methods that were asked for in the window, the largest first.
   * @throws InvalidWindowError
   */
  async endpoints(request: EndpointsRequest): Promise<{ items: EndpointMeasures[]; total: number; window: Window }> {
    const window = resolveWindow(request, 'endpoints', Date.now());
    await this.recorder.flush(requireTenant().slug);
    const all = await this.queries.byEndpoint(window);
    const value = SORT_VALUES[request.sort];
    all.sort((a, b) => value(b) - value(a) || compare(a.endpoint, b.endpoint) || compare(a.method, b.method));
    const start = (request.page - 1) * request.pageSize;
    return { items: all.slice(start, start + request.pageSize), total: all.length, window };
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
