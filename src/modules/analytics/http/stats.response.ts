import { z } from 'zod';
import { pageOf, timestamp } from '../../../platform/http/schemas.js';
import { errorsOf, rate } from '../stats.figures.js';
import { intervals, metrics, type EndpointMeasures, type Overview, type Point, type TimeseriesRequest, type Window } from '../stats.types.js';

export const windowResponse = z.object({ from: timestamp, to: timestamp }).describe('What was looked at: whole minutes; whole hours if it begins over 35 days ago (over 3 days for single endpoints)');
const fraction = z.number().min(0).max(1);
const milliseconds = z.number().nonnegative();

export const overviewResponse = z
  .object({
    total_requests: z.int().describe('All that arrived, those still being answered included'),
    error_count: z.int().describe('Answered with a status of 400 or above'),
    client_error_count: z.int().describe('400 to 499'),
    server_error_count: z.int().describe('500 and above'),
    error_rate: fraction.describe('error_count / total_requests'),
    avg_duration_ms: milliseconds,
    max_duration_ms: milliseconds,
    p50_ms: milliseconds.describe('Percentiles are within 5 % of the exact ones'),
    p95_ms: milliseconds,
    p99_ms: milliseconds,
    qps: z.number().nonnegative().describe('Requests a second, on average over the window as far as it has passed'),
    cache_hit_rate: fraction.describe('Of the answers on cached routes; 0 while there are none (see cache_lookups)'),
    cache_lookups: z.int(),
    dropped: z.int().describe('Served but not counted by this process since it started, because the buffer was full'),
    window: windowResponse,
  })
  .meta({
    id: 'StatisticsOverview',
    example: {
      total_requests: 1204,
      error_count: 12,
      client_error_count: 11,
      server_error_count: 1,
      error_rate: 0.00997,
      avg_duration_ms: 14.2,
      max_duration_ms: 812.5,
      p50_ms: 8.1,
      p95_ms: 41.7,
      p99_ms: 120.3,
      qps: 0.014,
      cache_hit_rate: 0.73,
      cache_lookups: 640,
      dropped: 0,
      window: { from: '2026-11-20T10:00:00.000Z', to: '2026-11-21T10:01:00.000Z' },
    },
  });

export const timeseriesResponse = z
  .object({
    metric: z.enum(metrics),
    interval: z.enum(intervals),
    points: z.array(z.object({ timestamp: timestamp.describe('Begin of the interval'), value: z.number().nullable() })).describe('One for each interval: counts of nothing are 0, averages and rates of nothing null'),
  })
  .meta({
    id: 'StatisticsTimeseries',
    example: {
      metric: 'p95_ms',
      interval: 'hour',
      points: [
        { timestamp: '2026-11-21T08:00:00.000Z', value: 38.9 },
        { timestamp: '2026-11-21T09:00:00.000Z', value: null },
      ],
    },
  });

const endpointResponse = z
  .object({
    endpoint: z.string().describe('Route pattern'),
    method: z.string(),
    requests: z.int(),
    error_count: z.int(),
    error_rate: fraction,
    avg_duration_ms: milliseconds,
    max_duration_ms: milliseconds,
    p50_ms: milliseconds,
    p95_ms: milliseconds,
    p99_ms: milliseconds,
    cache_hit_rate: fraction.nullable().describe('null when no answer could come from a cache'),
  })
  .meta({
    id: 'EndpointStatistics',
    example: {
      endpoint: '/rag/search',
      method: 'GET',
      requests: 640,
      error_count: 2,
      error_rate: 0.003125,
      avg_duration_ms: 9.8,
      max_duration_ms: 95.1,
      p50_ms: 6.3,
      p95_ms: 31.5,
      p99_ms: 70.2,
      cache_hit_rate: 0.73,
    },
  });

const endpointPage = pageOf(endpointResponse);
export const endpointPageResponse = endpointPage
  .extend({ window: windowResponse })
  .meta({ id: 'EndpointStatisticsPage', example: { ...(endpointPage.meta()?.example as object), window: { from: '2026-11-20T10:00:00.000Z', to: '2026-11-21T10:01:00.000Z' } } });

export function toOverviewResponse(overview: Overview): z.infer<typeof overviewResponse> {
  const total = overview.requests + overview.unfinished;
  return {
    total_requests: total,
    error_count: errorsOf(overview),
    client_error_count: overview.clientErrors,
    server_error_count: overview.serverErrors,
    error_rate: rate(errorsOf(overview), total) ?? 0,
    ...toDurations(overview),
    qps: overview.qps,
    cache_hit_rate: rate(overview.cacheHits, overview.cacheLookups) ?? 0,
    cache_lookups: overview.cacheLookups,
    dropped: overview.dropped,
    window: toWindowResponse(overview.window),
  };
}

export function toTimeseriesResponse({ metric, interval }: TimeseriesRequest, points: readonly Point[]): z.infer<typeof timeseriesResponse> {
  return { metric, interval, points: points.map((point) => ({ timestamp: point.timestamp.toISOString(), value: point.value })) };
}

export function toEndpointResponse(measures: EndpointMeasures): z.infer<typeof endpointResponse> {
  return {
    endpoint: measures.endpoint,
    method: measures.method,
    requests: measures.requests,
    error_count: errorsOf(measures),
    error_rate: rate(errorsOf(measures), measures.requests) ?? 0,
    ...toDurations(measures),
    cache_hit_rate: rate(measures.cacheHits, measures.cacheLookups),
  };
}

export function toWindowResponse(window: Window): z.infer<typeof windowResponse> {
  return { from: window.from.toISOString(), to: window.to.toISOString() };
}

function toDurations(measures: Pick<Overview, 'avgMs' | 'maxMs' | 'p50Ms' | 'p95Ms' | 'p99Ms'>) {
  return {
    avg_duration_ms: measures.avgMs ?? 0,
    max_duration_ms: measures.maxMs ?? 0,
    p50_ms: measures.p50Ms ?? 0,
    p95_ms: measures.p95Ms ?? 0,
    p99_ms: measures.p99Ms ?? 0,
  };
}
